"""A message that may be a complaint tells its reader how to record one (§27)."""

import pytest

from store.rules.text.complaining import may_complain


@pytest.mark.parametrize(
    "words",
    [
        "I want to complain about Olga",
        "This is a complaint.",
        "I'd like to make a formal complaint about how I was treated",
        "Who do I complain to?",
        "I was treated unfairly by my adviser",
        "Hoffwn wneud cwyn am Olga",
        "Rwyf eisiau cwyno am y neges",
        "Mae gen i gŵyn am fy nhiwtor",
        "Hoffwn gwyno am hyn",
        "Mae hyn yn annheg",
    ],
)
def test_words_of_complaining_are_noticed(words: str) -> None:
    assert may_complain(words)


@pytest.mark.parametrize(
    "words",
    [
        "I was ill and am back now",
        "No complaints, thank you!",
        "I can't complain, all is well",
        "I didn’t want to complain",
        "I wouldn't complain about her",
        "I do not want to complain",
        "The register of film was never taken",
        "Rwy'n iawn, diolch",
        "Gwyn is my brother, and he was ill",
        "",
    ],
)
def test_other_words_are_not(words: str) -> None:
    assert not may_complain(words)
