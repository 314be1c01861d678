"""What followed where there was room for a case, and where not: described, never proved."""

import datetime as dt

from store.rules.flags.room_comparison import (
    DIFFER,
    NEVER_WITHHELD,
    Episode,
    FirstFlag,
    compare_room,
    describe_room,
)
from store.rules.model import FlagEnd
from store.rules.small_numbers import EXACT, PUBLISHED, ReportPeriod

MONDAY = dt.date(2025, 10, 6)
PERIOD = ReportPeriod(MONDAY)


def episode(case_after: int | None, end: FlagEnd | None, found_for: int = 5) -> Episode:
    case_on = None if case_after is None else MONDAY + dt.timedelta(days=case_after)
    return Episode(MONDAY, case_on, (FirstFlag(MONDAY + dt.timedelta(days=found_for), end),))


def test_students_are_told_apart_by_whether_there_was_room() -> None:
    made = compare_room(
        [
            episode(0, FlagEnd.BACK),
            episode(2, FlagEnd.HANDED_IN),
            episode(2, None),
            episode(1, FlagEnd.BACK, found_for=14),
            episode(7, FlagEnd.BACK),
            episode(15, FlagEnd.BACK),
            episode(None, FlagEnd.EXPIRED),
            episode(None, FlagEnd.EXEMPT),
        ],
        PERIOD,
        EXACT,
    )
    assert (made.at_once.students, made.at_once.share) == (4, 0.5)
    assert (made.waited.students, made.waited.share) == (2, 0.5)
    assert made.between == 1


def test_few_students_have_no_percentage_and_counts_are_rounded() -> None:
    many = [episode(0, FlagEnd.BACK)] * 31 + [episode(0, None)] * 11
    few = [episode(None, None)] * 21
    made = compare_room([*many, *few], PERIOD, PUBLISHED)
    assert (made.at_once.students, made.at_once.share) == (40, 0.75)
    assert (made.waited.students, made.waited.share, made.waited.interval) == (20, None, None)
    told = list(describe_room(made))
    assert told[0].startswith(
        "Case opened within 2 days of the first flag: 40 students (reasons on average: 1.0). 75% "
        "returned to activity within 14 days (95% interval "
    )
    assert told[1] == (
        "Waited longer than 14 days for room: 20 students, too few for a percentage."
    )
    assert told[2:] == [DIFFER, NEVER_WITHHELD]
