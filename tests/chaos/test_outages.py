"""Two weeks in which every feed is spoiled every day; ``make chaos`` lives through 26 weeks."""

import datetime as dt
from pathlib import Path

from tests.chaos.outage_kinds import KINDS, Outage
from tests.chaos.outages import whole
from tests.chaos.synthetic_year import Year
from tests.policy.people import TERM
from tests.policy.weeks import SOURCES

YEAR = Year(weeks=8, students=48, warm=6)
MENDED = TERM + dt.timedelta(weeks=7, days=2)


def test_no_outage_raises_a_flag_and_those_that_are_right_are_found(tmp_path: Path) -> None:
    # It takes some seconds: fourteen kinds of outages, ten nights, all of the way.
    slots = [
        (TERM + dt.timedelta(weeks=6, days=day), source) for day in range(5) for source in SOURCES
    ]
    outages = [
        Outage(kind, source, day, 1, MENDED)
        for kind, (day, source) in zip(KINDS, slots, strict=False)
    ]
    found = whole(YEAR, outages, tmp_path)
    assert found.is_right, found
    gone = sum(each.habit.until < MENDED for each in YEAR.people)
    assert found.true_flags >= gone > 0
    assert found.told > 0
