"""Required parts of an email, words it may not reveal, and its greeting, in usual wordings."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from store.rules.calendar import Calendar
from store.rules.errors import InvalidInput
from store.rules.letters.approval_basis import CORRECTED, Basis, outdated
from store.rules.letters.left_out import left_out, refused_without
from store.rules.letters.letter import Language, LetterKind
from store.rules.letters.meeting import offered
from store.rules.letters.personal_address import names_of_studies, what_tells
from store.rules.letters.requirements import hard_to_read
from store.rules.letters.welfare_words import on_the_studies

LETTER = """\
Hello Dana,

We have missed you. There may be a reason. How are you?
We could meet or call.
It may help to know that you are not alone.

This is from our records.
Reply to this email. If you would rather we did this in another way, tell us.
You can ask to see the information that we hold.
If something is wrong, we put it right.
You can complain to the school.
"""
UNIVERSITY, PERSONAL = LetterKind.UNIVERSITY_EMAIL, LetterKind.PERSONAL_EMAIL


def refused(kind: LetterKind | None, written: str) -> list[tuple[str, str]]:
    return [(each.part, each.example) for each in refused_without(kind, LETTER, written)]


QUESTION = ("a question about how the student is, or for the reason", "How are you?")
OFFER = ("an offer of help", "We could meet or call.")


@pytest.mark.parametrize(
    ("kind", "written", "lacks"),
    [
        (UNIVERSITY, "Hello Dana, please come back.", [QUESTION, OFFER]),
        (UNIVERSITY, "Hello Dana, how are you? We could meet.", []),
        (UNIVERSITY, "Shall we meet?", []),
        (UNIVERSITY, "We could meet. Tell me.", [QUESTION]),
        (UNIVERSITY, "How are things? Write to me.", [OFFER]),
        # Words of an offer or of help are not enough by themselves.
        (UNIVERSITY, "How are things? We can see that from here. The call was long.", [OFFER]),
        (PERSONAL, "Please write to me.", [OFFER]),
        (LetterKind.WELFARE, "Please write to me.", [QUESTION, OFFER]),
        (LetterKind.ANSWER, "Thank you.", []),
        (None, "Thank you.", []),
    ],
)
def test_an_email_has_to_ask_and_offer_and_the_school_s_words_are_shown(
    kind: LetterKind | None, written: str, lacks: list[tuple[str, str]]
) -> None:
    assert refused(kind, written) == lacks


def test_nothing_is_required_that_the_school_s_letter_does_not_have() -> None:
    assert list(refused_without(UNIVERSITY, "Hello. Here is a list.", "Hello.")) == []
    assert [each.example for each in refused_without(UNIVERSITY, "There is a reason.", "Hi.")] == [
        "There is a reason."
    ]


def test_each_part_of_the_school_s_letter_that_is_left_out_is_named() -> None:
    parts = left_out(LETTER, "Hello Dana.")
    assert len(parts) == 8
    assert parts[0].startswith("the question about how the student is")
    for words, part in (
        ("This is FROM our records.", "where the data comes from"),
        ("I can do it in another way.", "that the student may choose another way"),
        ("You may complain.", "how to complain"),
    ):
        rest = left_out(LETTER, f"Hello Dana. {words}")
        assert not any(each.startswith(part) for each in rest), rest
        assert len(rest) == 7
    assert left_out(LETTER, LETTER) == []


def test_the_longest_title_of_a_module_is_the_one_named() -> None:
    titles = ("French", "", "French 1", "FR101")
    assert names_of_studies(["Your french 1 class.", "FR101 and French."], titles) == [
        "french 1",
        "FR101",
        "French",
    ]
    assert names_of_studies(["French 1"], ("French 1", "french")) == ["French 1"]
    assert names_of_studies(["Your class", "1"], ("class 1",)) == [], "not over two sentences"
    assert names_of_studies(["FR101"], ()) == []


def test_what_reveals_a_reason_is_named_with_its_line() -> None:
    text = "visa\nHello Dana,\nI was in hospital too.\n\nYour essay and your\nvisa."
    found = [(each.line, each.word.casefold()) for each in what_tells(text)]
    assert (1, "visa") in found
    assert (3, "hospital") in found
    assert (5, "essay") in found
    assert (6, "visa") in found
    assert found == sorted(found, key=lambda each: each[0])
    assert [(each.line, each.word) for each in what_tells("\nThe essay")] == [(2, "essay")]


def test_sentences_on_the_studies_are_found_in_a_welfare_email() -> None:
    asked = ["How are you?", "You missed three sessions.", "I am here."]
    assert on_the_studies(asked) == ["You missed three sessions."]
    assert on_the_studies(["How are you?"]) == []


def test_a_list_is_read_entry_by_entry_and_a_mark_of_its_own_is_kept() -> None:
    """List entries without a full stop count as sentences, so a long list is easy to read."""
    easy = "\n".join(["You can choose:", *["- we meet you in our office on any day"] * 30])
    assert list(hard_to_read(Language.ENGLISH, easy)) == []
    assert list(hard_to_read(Language.WELSH, "\n".join(["- Dewch i mewn i'n gweld ni"] * 30))) == []
    whole = " and ".join(["the institutional intervention necessitates participation"] * 9)
    (said,) = hard_to_read(Language.ENGLISH, whole)
    assert said.startswith("the letter is hard to read (Flesch ")
    (said,) = hard_to_read(Language.WELSH, f"{'gwasanaethau ' * 60}.")
    assert said.startswith("the letter is hard to read (LIX ")


NOW = dt.datetime(2025, 10, 20, 9, tzinfo=dt.UTC)


def test_a_meeting_lacks_nothing_and_lies_within_reach() -> None:
    calendar = Calendar()
    assert offered("", "", "", calendar, NOW) is None
    for typed in (("friday", "", ""), ("", "10:00", ""), ("", "", "Room 1")):
        with pytest.raises(InvalidInput):
            offered(*typed, calendar, NOW)
    meeting = offered("friday", "10:00", "Room 1", calendar, NOW)
    assert meeting is not None
    assert meeting.starts.tzinfo is dt.UTC
    assert offered("2025-12-19", "09:00", "Room 1", calendar, NOW) is not None, "in 60 days"
    with pytest.raises(InvalidInput, match="60 days"):
        offered("2025-12-19", "09:01", "Room 1", calendar, NOW)


AT, LATER = "2025-10-18T02:00:00+00:00", "2025-10-19T02:00:00+00:00"


@pytest.mark.parametrize(
    ("before", "now", "is_corrected"),
    [
        ({}, {7: AT}, True),
        ({7: AT}, {7: LATER}, True),
        ({7: AT}, {7: AT}, False),
        ({7: AT}, {}, False),
        ({7: AT, 8: AT}, {7: AT, 8: LATER}, True),
    ],
)
def test_an_email_whose_figures_were_corrected_since_is_out_of_date(
    before: dict[int, str], now: dict[int, str], *, is_corrected: bool
) -> None:
    today = NOW.date()
    basis = Basis(flags=frozenset({7}), records={7: today}, written=today)
    said = outdated(replace(basis, corrected=before), replace(basis, corrected=now), today, 7)
    assert (CORRECTED in said) is is_corrected
    assert bool(said) is is_corrected
