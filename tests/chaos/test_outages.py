"""Two weeks in which every feed is spoiled every day; ``make chaos`` lives through 26 weeks."""

import datetime as dt
from pathlib import Path

from tests.chaos.outage_kinds import KINDS, Outage
from tests.chaos.outages import Year, live, people
from tests.policy.people import TERM, Habit
from tests.policy.weeks import SOURCES

YEAR = Year(weeks=8, students=48, warm=6)
MENDED = TERM + dt.timedelta(weeks=7, days=2)


def test_no_outage_raises_a_flag_and_those_that_are_right_are_found(tmp_path: Path) -> None:
    # It takes some seconds: thirteen kinds of outages, ten nights, all of the way.
    slots = [
        (TERM + dt.timedelta(weeks=6, days=day), source) for day in range(5) for source in SOURCES
    ]
    outages = [
        Outage(kind, source, day, 1, MENDED)
        for kind, (day, source) in zip(KINDS, slots, strict=False)
    ]
    found = {each.student for each in live(YEAR, tmp_path, outages).flags}
    who = people(YEAR)
    assert found <= {each.number for each in who if each.habit != Habit()}, "an outage is no reason"
    assert found >= {each.number for each in who if each.habit != Habit()}, "all are found after it"
