"""Threats, demands and labels in an email to a student, in English and Welsh (§6, §14, §17).

The sentences of ``threats.tsv`` were written by somebody who had not seen the rules. The second
half, seen for the first time when the rules were done, stood at 58 % of the threats and 85 % of
the harmless; then it was read and the rules were widened, so that today's shares of it say no more
than those of the first.
"""

import time

import pytest

from store.rules.errors import InvalidInput
from store.rules.text.tone import check_supportive, labelling_words
from tests.rules.halves import THREATS, labelled, share


def is_refused(text: str) -> bool:
    return bool(labelling_words(text))


@pytest.mark.parametrize("first", [True, False], ids=["read", "measured"])
def test_threats_are_caught_and_harmless_sentences_pass(first: bool) -> None:
    assert share(THREATS, "threat", first, is_refused) >= 0.97
    assert share(THREATS, "harmless", first, is_refused) <= 0.03


def test_the_list_is_as_long_and_as_welsh_as_was_wanted() -> None:
    every = list(labelled(THREATS))
    assert len(every) >= 400
    assert sum(each.language == "cy" for each in every) >= len(every) / 4
    assert abs(sum(each.label == "threat" for each in every) - len(every) / 2) < len(every) / 20


@pytest.mark.parametrize(
    "text",
    [
        "We will report you to the Home Office.",
        "Your visa may be affected.",
        "You have to reply by Friday.",
        "This is your last chance.",
        "Your place may be withdrawn.",
        "Unless you reply, we will take this further.",
        "Byddwn yn rhoi gwybod i'r Swyddfa Gartref amdanoch.",
        "Gallai hyn effeithio ar eich fisa.",
        "Rhaid i chi ateb erbyn dydd Gwener.",
        "Dyma'ch cyfle olaf.",
        "Gallech golli eich lle.",
        "Oni bai eich bod yn ateb, byddwn yn mynd â hyn ymhellach.",
        "Oni bai eich bod chi\u2019n ateb, bydd rhaid i ni gymryd camau pellach.",
        "If you don\u2019t reply\nwe will have to withdraw you.",
    ],
)
def test_a_threat_is_refused(text: str) -> None:
    assert is_refused(text)


@pytest.mark.parametrize(
    "text",
    [
        "You have to admit the weather is awful.",
        "The Home Office building tour starts at ten.",
        "Essay 1 was due on Monday 19 October and has not arrived.",
        "Would you like to meet on Friday, or would a call suit you better?",
        "Gallwn gwrdd ddydd Gwener, os yw hynny'n gyfleus i chi.",
    ],
)
def test_what_is_harmless_passes(text: str) -> None:
    assert labelling_words(text) == []


def test_the_refusal_names_line_and_words_and_says_what_to_write() -> None:
    with pytest.raises(InvalidInput) as caught:
        check_supportive("Hello Dana,\n\nYour visa may be affected.\nYou have to reply by Friday.")
    said = caught.value.sentence
    assert "“visa” in line 3" in said
    assert "“You have to reply” in line 4" in said
    assert "say which help there is" in said
    assert "ask, as in “could you …" in said


@pytest.mark.parametrize("words", ["you have to ", "unless you not ", "visa your ", "not a the "])
def test_a_long_text_takes_time_in_proportion(words: str) -> None:
    def seconds(times: int) -> float:
        began = time.perf_counter()
        labelling_words(words * times)
        return time.perf_counter() - began

    seconds(10)
    assert seconds(4000) < 40 * max(seconds(400), 0.005)
