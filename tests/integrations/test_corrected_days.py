"""Which days of a source were corrected by a delivery, or brought late, and when."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

import pytest

from integrations.activity.day_notes import DayNote, read_note, write_note
from integrations.activity.lake import Lake
from integrations.feeds.ledger import changes as ledger_changes
from tests.integrations.ledger_place import OCTOBER, Place, place, saw
from tests.integrations.small_lake import (
    MISSED,
    TERM,
    School,
    before,
    did,
    due,
    handed_in,
    lake,
    write,
)

__all__ = ["lake", "place"]

Arrival = tuple[int, tuple[int, int], Sequence[str]]
"""The day of October on which a file arrives, the days that it covers, and its rows."""
ANNE_6, BEN_6, ANNE_7 = saw("0100", 6), saw("0200", 6), saw("0100", 7)
OTHER_6 = saw("0100", 6, "BIO1")


def corrected(place: Place, arrivals: Sequence[Arrival], day: int = 6) -> int | None:
    """Return the day of October on which this day was last corrected."""
    for on, (first, last), rows in arrivals:
        morning = OCTOBER[on - 1]
        at = dt.datetime.combine(morning, dt.time(5), dt.UTC)
        covers = OCTOBER[first - 1], OCTOBER[last - 1]
        place.deliver(*rows, covers=covers, arrived=at, today=morning)
    found = read_note(place.lake.path("moodle", OCTOBER[day - 1])).corrected
    return found.day if found else None


CASES: Mapping[str, tuple[Sequence[Arrival], int | None]] = {
    "a row more, a week later": (
        [(7, (6, 6), [ANNE_6]), (13, (6, 6), [ANNE_6, BEN_6])],
        13,
    ),
    "a row more, on the next day": ([(7, (6, 6), [ANNE_6]), (8, (6, 6), [ANNE_6, BEN_6])], None),
    "twice": (
        [(7, (6, 6), [ANNE_6]), (12, (6, 6), [BEN_6, ANNE_6]), (14, (6, 6), [ANNE_6, OTHER_6])],
        14,
    ),
    "the same again every night, with a new day": (
        [(7, (6, 6), [ANNE_6]), (11, (6, 10), [ANNE_6, ANNE_7]), (12, (6, 11), [ANNE_6, ANNE_7])],
        None,
    ),
    "two faculties' files, each again a week later": (
        [
            (7, (6, 6), [ANNE_6]),
            (7, (6, 6), [OTHER_6]),
            (14, (6, 13), [ANNE_6]),
            (14, (6, 13), [OTHER_6]),
        ],
        None,
    ),
    "after a later day": ([(8, (7, 7), [ANNE_7]), (13, (6, 6), [ANNE_6])], 13),
    "a week's file": ([(13, (6, 12), [ANNE_6, ANNE_7])], None),
    "a week's files together": ([(13, (7, 7), [ANNE_7]), (13, (6, 6), [ANNE_6])], None),
}


@pytest.mark.parametrize("case", CASES)
def test_what_counts_as_a_correction_of_a_day(place: Place, case: str) -> None:
    arrivals, on = CASES[case]
    assert corrected(place, arrivals) == on


def test_a_correction_that_was_withdrawn_is_none(place: Place) -> None:
    arrivals, _ = CASES["a row more, a week later"]
    assert corrected(place, arrivals) == 13
    ledger_changes.withdraw(place.ledger, 2)
    assert corrected(place, []) is None


@pytest.mark.parametrize(
    ("source", "ago", "waits"),
    [
        ("turned-in", 6, True),
        ("turned-in", 0, True),
        ("turned-in", 29, False),
        ("moodle", 6, False),
    ],
)
def test_no_one_is_missing_late_work_until_a_corrected_source_has_settled(
    lake: Lake, source: str, ago: int, waits: bool
) -> None:
    """Thirty students had an essay due eight days ago: one has not handed it in."""
    school = School(lake, [(s, "LANG", "FRE1", "LANG", TERM, None) for s in range(1, 31)])
    essay = [due(s, before(8)) for s in range(1, 31)]
    clicks = [did(1, before(40))]
    write(lake, [*essay, *(handed_in(s, before(9)) for s in range(1, 30)), *clicks])
    assert school.students(MISSED) == [30]
    day = before(40) if source == "moodle" else before(9)
    write_note(lake.path(source, day), DayNote(corrected=before(ago)))
    assert school.students(MISSED) == ([] if waits else [30])
