"""Words found in a text are shown as written, with their line and a suggested change."""

from __future__ import annotations

import pytest

from store.rules.errors import InvalidInput
from store.rules.text.sentence_patterns import Fault
from store.rules.text.tone.check import (
    ToneFault,
    check_supportive,
    diagnoses,
    indiscreet,
    labelling_names,
    labelling_words,
    promises_of_today,
    telling_words,
    unsupportive,
    without_quotes,
)


def named(found: list[ToneFault]) -> list[tuple[int, str, Fault | None]]:
    return [(each.line, each.word, each.fault) for each in found]


LETTER = """Absentee!
Hello Dana,

you have to come to class. You are at
risk of failing. Reply today, or tonight.
Bye"""


def test_each_place_is_named_in_the_order_of_the_text() -> None:
    found = labelling_words(LETTER)
    assert named(found)[:1] == [(1, "Absentee", Fault.LABEL)]
    assert (4, "at risk", Fault.LABEL) in named(found)
    assert named(found) == sorted(named(found), key=lambda each: each[0])
    assert len({each.word for each in found}) == len(found), "no words within words"
    assert named(promises_of_today(LETTER)) == [(5, "today", None), (5, "tonight", None)]
    assert named(labelling_names(LETTER)) == [
        (1, "Absentee", Fault.LABEL),
        (4, "at risk", Fault.LABEL),
    ]
    told = telling_words("Hello,\nyour attendance.\nYour attendance")
    assert named(told) == [(2, "attendance", None), (3, "attendance", None)]


@pytest.mark.parametrize(
    "written",
    ["mu\u0455t", "mu\u200bst", "mu\u00adst", "\uff4d\uff55\uff53\uff54", "m\u03c5st"],
    ids=["another alphabet", "zero width", "soft hyphen", "wide", "Greek"],
)
def test_a_demand_is_found_however_its_letters_are_written(written: str) -> None:
    assert named(labelling_words(f"Hello Dana,\nyou {written} answer.")) == [
        (2, "you must answer", Fault.DEMAND)
    ]


def test_the_longest_words_that_begin_at_a_place_are_named() -> None:
    (found,) = labelling_words("You are required to attend a meeting on Tuesday at 10am.")
    assert found.word == "You are required to attend"


def test_what_weighs_most_in_a_sentence_says_what_is_wrong_with_it() -> None:
    (found,) = labelling_words("Hello,\nI'm giving you until Monday.")
    assert (found.line, found.word, found.fault) == (2, "until Monday", Fault.DEMAND)
    (found,) = labelling_words("\nYou have nobody to blame but yourself.")
    assert found.line == 2


def test_a_diagnosis_is_named_unless_what_stands_before_it_speaks_of_no_one() -> None:
    text = "She was away.\n\nI think she has\nanxiety, if you ask me. If you have anxiety, ring us."
    assert named(diagnoses(text)) == [(3, "has anxiety", None)]


def test_names_that_the_text_did_not_choose_are_not_looked_at() -> None:
    title = "At risk (2)"
    assert labelling_words(f"Your essay “{title}” was good.", quoting=["", "At risk", title]) == []
    said = "At risk (2), At risk, a risk, At risks"
    assert without_quotes(said, ["risk", "At risk", title, ""]) == " ,  , a  , At risks"


def test_a_refusal_names_the_words_and_what_to_say_instead() -> None:
    with pytest.raises(InvalidInput) as caught:
        check_supportive("Hello,\nyou are an absentee.")
    assert caught.value.field == "body"
    check_supportive("Hello, how are you?")
    check_supportive("Your essay “Absentee” was good.", quoting=["Absentee"])
    found = [
        ToneFault(1, "or else", Fault.THREAT),
        ToneFault(2, "or else", Fault.THREAT),
        ToneFault(3, "must", Fault.DEMAND),
    ]
    assert unsupportive(iter(found), before=2) == (
        "An email to a student offers help and asks. Say this differently: “or else” in line 3, "
        "“or else” in line 4, “must” in line 5. Instead, leave out what might follow, and say "
        "which help there is; ask, as in “could you …, when it suits you?”."
    )
    assert unsupportive([ToneFault(1, "odd")]).endswith("“odd” in line 1.")
    assert unsupportive(found[:1]) == unsupportive(found[:1], 0)
    assert indiscreet(found[:1]) == (
        "A personal address may be read by others, so this email cannot say what it is about. "
        "Leave this out: “or else” in line 1."
    )
    assert indiscreet(found[:1], 4).endswith("in line 5.")
