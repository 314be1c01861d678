"""The notation for patterns over a sentence, and the spellings that it matches."""

from __future__ import annotations

import pytest

from store.rules.text.sentence_patterns import (
    Fault,
    SentenceRule,
    any_of,
    compiled,
    lowered,
    sentences,
)
from store.rules.text.spelling import mutated, plain


def test_patterns_are_written_in_a_plain_notation() -> None:
    """A space is any white space, with a question mark an optional one; … is up to six words."""
    pattern = compiled("pre ?paid visa … out")
    for said in ("prepaid visa runs out", "pre paid\nvisa, as he said so just now, out"):
        assert pattern.search(said) is not None, said
    for said in ("prepaid visa", "prepaid visa one two three four five six seven out"):
        assert pattern.search(said) is None, said
    visa = compiled("visa")
    assert visa.search("visa") is not None
    assert visa.search("visa", 1) is None
    assert visa.search("visa", 0, 3) is None
    assert visa.sub("it", "a visa, a visas, the visa's") == "a it, a visas, the it's"
    assert [each.group() for each in any_of(["fee", "visa"]).finditer("visa fee")] == [
        "visa",
        "fee",
    ]


def test_a_text_is_its_sentences_and_a_line_break_alone_ends_none() -> None:
    text = "Come in.\nOr call\nme? \n- a list\n\nBye"
    said = ["Come in.", "\nOr call\nme?", " \n-", " a list\n\n", "Bye"]
    found = list(sentences(text))
    assert [each for _, each in found] == said
    assert all(text[start:].startswith(each) for start, each in found)


def test_every_letter_keeps_its_place_when_a_text_is_folded() -> None:
    assert lowered("İ DON’T ‘Say’") == "İ don't 'say'"
    assert plain("Ŵyn ≠ É2") == "wyn ≠ e2"


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("~cosb", ["cosb", "gosb", "chosb", "nghosb"]),
        ("~rhes", ["rhes", "res"]),
        ("~llyfr", ["llyfr", "lyfr"]),
        ("~gwers", ["gwers", "ngwers", "wers"]),
        ("~arian", ["arian", "harian"]),
    ],
)
def test_a_welsh_word_is_found_in_each_mutation(written: str, found: list[str]) -> None:
    pattern = compiled(mutated(written))
    for word in found:
        assert pattern.search(f"ei {word} hi") is not None, word
    assert pattern.search(f"x{found[0]}") is None


def test_words_are_a_fault_beside_what_is_needed_and_unless_it_is_excepted() -> None:
    rule = SentenceRule(
        Fault.THREAT, compiled("visa"), (compiled("will"), compiled("end")), compiled("not")
    )
    assert [each.start() for each in rule.find("the visa will end, the visa")] == [4, 23]
    for said in ("the visa will go", "the visa may end", "it will end", "the visa will not end"):
        assert list(rule.find(said)) == [], said
    assert list(SentenceRule(Fault.THREAT, compiled("visa")).find("a visa")) != []
