"""A typed ``log`` gives the day and whether the student was there, as its form does (§9, §16)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from store.tables import attempts, interventions
from tests.worker.office import Office, office_in, words

# The office's day is Wednesday 22 October 2025.
TUESDAY, FRIDAY = dt.date(2025, 10, 21), dt.date(2025, 10, 17)
LINES = {
    "meeting yesterday: met him": ("met him", TUESDAY, None),
    "meeting yesterday, met him": ("met him", TUESDAY, None),
    "meeting Yesterday met him": ("met him", TUESDAY, None),
    "meeting friday: met him": ("met him", FRIDAY, None),
    "meeting on friday: met him": ("met him", FRIDAY, None),
    "meeting last friday - met him": ("met him", FRIDAY, None),
    "meeting 17 october: met him": ("met him", FRIDAY, None),
    "meeting 2025-10-17: met him": ("met him", FRIDAY, None),
    "call not-reached yesterday: rang twice": ("rang twice", TUESDAY, False),
    "call yesterday: not-reached rang twice": ("rang twice", TUESDAY, False),
    "call reached friday: she will come": ("she will come", FRIDAY, True),
    "note today: he has moved": ("he has moved", None, None),
    "meeting, met him for half an hour": ("met him for half an hour", None, None),
    "meeting: met him": ("met him", None, None),
    "Meeting, yesterday: met him": ("met him", TUESDAY, None),
    "call, not-reached: rang twice": ("rang twice", None, False),
    # Without a sign, or after other words, a date is a part of the note.
    "call friday is fine for her": ("friday is fine for her", None, None),
    "meeting she said: not now": ("she said: not now", None, None),
    "meeting yesterday": ("yesterday", None, None),
    "call rang at 10:30 on friday": ("rang at 10:30 on friday", None, None),
}


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with office_in(tmp_path) as made:
        made.world.open_case()
        yield made


@pytest.mark.parametrize("line", LINES)
def test_a_line_says_what_the_form_says(office: Office, line: str) -> None:
    said = words(office.types("alice", f"log LANG-1 {line}").card)
    (row,) = office.world.rows(interventions)
    assert (row["note"], row["happened_on"], row["reached"]) == LINES[line], said
    day = LINES[line][1]
    if day:
        assert f"{day:%A} {day.day} October" in said, "the answer says which day was understood"


@pytest.mark.parametrize(
    "line",
    [
        "log LANG-1 phone, no-answer",
        "log LANG-1 Phone: No-answer",
        "attempt LANG-1 Phone, no-answer",
    ],
)
def test_a_step_is_read_with_its_sign_too(office: Office, line: str) -> None:
    said = words(office.types("alice", line).card)
    assert [row["result"] for row in office.world.rows(attempts)] == ["no-answer"], said


def test_the_form_and_the_line_keep_the_same(office: Office) -> None:
    office.types("alice", "log LANG-1 meeting reached friday: met him")
    given = {"kind": "meeting", "note": "met him", "reached": "reached", "on": "friday"}
    office.submits("sana", office.dialog("sana", "log", 1), **given)
    kept = [(r["note"], r["happened_on"], r["reached"]) for r in office.world.rows(interventions)]
    assert kept == [("met him", FRIDAY, True)] * 2
    shown = str(office.clicks("alice", "show", case=1).dialog)
    assert shown.count("logged a meeting of Friday 17 October: met him") == 2


@pytest.mark.parametrize("day", ["tomorrow", "next friday", "24 december 2025", "2025-10-23"])
def test_a_day_to_come_is_refused_and_nothing_is_kept(office: Office, day: str) -> None:
    said = words(office.types("alice", f"log LANG-1 meeting {day}: met him").card)
    assert "Give a day in the past" in said
    assert office.world.rows(interventions) == []
