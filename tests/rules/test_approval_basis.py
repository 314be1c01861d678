"""The evidence that an approval rests on besides the text, and when it is out of date."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from store.rules.calendar import Calendar, Period
from store.rules.errors import InvalidInput
from store.rules.letters.approval_basis import (
    ANSWERED,
    BOUNCED,
    MET,
    REASON_GONE,
    Basis,
    outdated,
    reworded,
    unpacked,
    what_changed,
    write_again,
    write_nothing,
)
from store.rules.letters.meeting import LONGEST_PLACE, Meeting, meeting_of, offered

TODAY = dt.date(2025, 10, 22)
DAY = dt.timedelta(days=1)
NEW_FLAG, NEW_VERSION = "there is a new flag", "the school's policy has a new version"
BEFORE = Basis(1, frozenset({1, 2}), 3, 4)


@pytest.mark.parametrize(
    ("before", "now", "changes"),
    [
        (None, BEFORE, []),
        (BEFORE, BEFORE, []),
        (BEFORE, replace(BEFORE, answers=4), [ANSWERED]),
        (BEFORE, replace(BEFORE, answers=2), []),
        (BEFORE, replace(BEFORE, met=5), [MET]),
        (BEFORE, replace(BEFORE, met=None), []),
        (replace(BEFORE, met=0), replace(BEFORE, met=None), []),
        (replace(BEFORE, met=None), BEFORE, []),
        (replace(BEFORE, met=0), replace(BEFORE, met=1), [MET]),
        (BEFORE, replace(BEFORE, flags=frozenset({1})), [REASON_GONE]),
        (BEFORE, replace(BEFORE, flags=frozenset({1, 2, 3})), [NEW_FLAG]),
        (BEFORE, replace(BEFORE, policy=2), [NEW_VERSION]),
        (BEFORE, replace(BEFORE, records={1: TODAY}, bounced=3), []),
        (BEFORE, Basis(2, frozenset({3}), 4, 5),
         [ANSWERED, MET, REASON_GONE, NEW_FLAG, NEW_VERSION]),
    ],
)  # fmt: skip
def test_each_change_is_named(before: Basis | None, now: Basis, changes: list[str]) -> None:
    assert list(what_changed(before, now)) == changes


NOON = "2025-10-21T12:00:00+00:00"
FULL = Basis(
    1,
    frozenset({2, 1}),
    3,
    4,
    {1: TODAY},
    {2: TODAY - DAY},
    TODAY - 2 * DAY,
    bounced=5,
    corrected={1: NOON},
)


def test_it_is_stored_and_read_as_it_was() -> None:
    assert FULL.packed() == {
        "policy": 1,
        "flags": [1, 2],
        "answers": 3,
        "met": 4,
        "records": {"1": "2025-10-22"},
        "seen": {"2": "2025-10-21"},
        "written": "2025-10-20",
        "bounced": 5,
        "corrected": {"1": NOON},
    }
    for each in (FULL, Basis(), replace(FULL, met=None, bounced=None, written=None)):
        assert unpacked(each.packed()) == each
    old = {"policy": 1, "flags": [1], "answers": 3}
    assert unpacked(old) == Basis(1, frozenset({1}), 3, None, bounced=None)
    assert unpacked(None) is None


def test_edited_words_rest_on_the_records_of_before_and_today_s_contacts_and_policy() -> None:
    now = Basis(9, frozenset({9}), 9, 9, {9: TODAY}, {9: TODAY}, TODAY, bounced=9)
    assert reworded(FULL, now) == replace(FULL, policy=9, answers=9, met=9)
    assert reworded(None, now) is now


WRITTEN = Basis(
    flags=frozenset({1, 2}), records={1: TODAY - 5 * DAY, 2: TODAY - 4 * DAY}, bounced=0
)
OLD = "it was written on records of Friday 17 October"


@pytest.mark.parametrize(
    ("before", "now", "today", "why"),
    [
        (None, WRITTEN, TODAY + 9 * DAY, ""),
        (replace(WRITTEN, records={}), WRITTEN, TODAY + 9 * DAY, ""),
        (WRITTEN, WRITTEN, TODAY, ""),
        (WRITTEN, WRITTEN, TODAY + DAY, OLD),
        (replace(WRITTEN, records={1: TODAY - 6 * DAY, 2: TODAY - 7 * DAY}), WRITTEN, TODAY,
         "it was written on records of Wednesday 15 October"),
        # Where no newer records have arrived, the day of writing counts.
        (replace(WRITTEN, written=TODAY), WRITTEN, TODAY + 5 * DAY, ""),
        (replace(WRITTEN, written=TODAY), WRITTEN, TODAY + 6 * DAY, OLD),
        (replace(WRITTEN, written=TODAY), replace(WRITTEN, records={1: TODAY}), TODAY + DAY, OLD),
        (WRITTEN, replace(WRITTEN, flags=frozenset({2})), TODAY, f"{OLD}, and {REASON_GONE}"),
        (WRITTEN, replace(WRITTEN, flags=frozenset({1, 2, 3})), TODAY, ""),
        (WRITTEN, replace(WRITTEN, bounced=1), TODAY, f"{OLD}, and {BOUNCED}"),
        (WRITTEN, replace(WRITTEN, bounced=None), TODAY, ""),
        (replace(WRITTEN, bounced=None), replace(WRITTEN, bounced=1), TODAY, ""),
        (WRITTEN, replace(WRITTEN, seen={1: TODAY - 5 * DAY}), TODAY, ""),
        (WRITTEN, replace(WRITTEN, seen={1: TODAY - 2 * DAY, 2: TODAY - DAY}), TODAY,
         f"{OLD}, and the student was seen since, on Tuesday 21 October"),
        (WRITTEN, replace(WRITTEN, seen={3: TODAY}), TODAY, ""),
        (replace(WRITTEN, seen={1: TODAY}), replace(WRITTEN, seen={1: TODAY}), TODAY, ""),
    ],
)  # fmt: skip
def test_words_about_the_student_are_out_of_date(
    before: Basis | None, now: Basis, today: dt.date, why: str
) -> None:
    assert outdated(before, now, today, lasts=5) == why


def test_what_to_do_is_said_in_sentences() -> None:
    assert write_again("it is old") == (
        "It is old. Write it again with Edit the draft, which begins with the newest records."
    )
    assert write_nothing("it is over").startswith("It is over. So there is nothing to write")


# -- An offered meeting ------------------------------------------------------------------------

NOW = dt.datetime(2025, 10, 22, 13, 0, tzinfo=dt.UTC)
"""A Wednesday, 14:00 in London."""
CALENDAR = Calendar(closures=(Period("a strike", TODAY + DAY, TODAY + DAY),))


def test_a_meeting_is_half_an_hour_of_the_school_s_own_clock() -> None:
    meeting = offered(" 27 October ", " 9.30 ", "Room 1,\n \u202emain hall ", CALENDAR, NOW)
    assert meeting == Meeting(dt.datetime(2025, 10, 27, 9, 30, tzinfo=dt.UTC), "Room 1, main hall")
    assert meeting.ends - meeting.starts == dt.timedelta(minutes=30)
    assert meeting_of(meeting.packed()) == meeting
    assert meeting_of(None) is None
    assert offered("", " ", "\n", CALENDAR, NOW) is None
    summer = offered("22 October", "14:01", "x" * LONGEST_PLACE, CALENDAR, NOW)
    assert summer
    assert summer.starts == NOW + dt.timedelta(minutes=1)


@pytest.mark.parametrize(
    ("day", "clock", "place", "field"),
    [
        ("27 October", "14:00", "", "place"),
        ("27 October", "14:00", "x" * (LONGEST_PLACE + 1), "place"),
        ("", "14:00", "Room 1", "day"),
        ("27 October", "", "Room 1", "time"),
        ("", "", "Room 1", "day"),
        ("27 October", "24:00", "Room 1", "time"),
        ("27 October", "14:60", "Room 1", "time"),
        ("22 October", "14:00", "Room 1", "day"),  # it is now
        ("23 October", "14:00", "Room 1", "day"),  # closed
        ("25 October", "14:00", "Room 1", "day"),  # a Saturday
        ("2025-12-22", "13:00", "Room 1", "day"),  # over 60 days ahead
    ],
)
def test_a_meeting_that_could_not_be_held_is_refused_beside_its_field(
    day: str, clock: str, place: str, field: str
) -> None:
    with pytest.raises(InvalidInput) as error:
        offered(day, clock, place, CALENDAR, NOW)
    assert error.value.field == field
