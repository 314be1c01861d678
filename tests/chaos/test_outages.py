"""Two weeks in which every feed has faults every day; ``make chaos`` simulates 26 weeks."""

import datetime as dt
from pathlib import Path

import pytest

from store.rules.flag_rules.settling import SETTLES
from tests.chaos.outage_kinds import KINDS, Outage
from tests.chaos.outages import ONE_DAY, Begun, begin, live, whole
from tests.chaos.synthetic_year import Year
from tests.policy.people import TERM
from tests.policy.weeks import SOURCES

YEAR = Year(weeks=9, students=48, warm=6)
MENDED = TERM + dt.timedelta(weeks=7, days=2)


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Begun:
    """Give six weeks without a fault, which both tests begin with."""
    return begin(YEAR, tmp_path_factory.mktemp("begun") / "home", TERM + dt.timedelta(weeks=6))


def test_no_outage_raises_a_flag_and_those_that_are_right_are_found(
    begun: Begun, tmp_path: Path
) -> None:
    # It takes several seconds: 14 kinds of outages and 10 nights, through the whole path.
    slots = [
        (TERM + dt.timedelta(weeks=6, days=day), source) for day in range(5) for source in SOURCES
    ]
    outages = [
        Outage(kind, source, day, 1, MENDED)
        for kind, (day, source) in zip(KINDS, slots, strict=False)
    ]
    found = whole(YEAR, outages, begun, tmp_path, weeks=8)
    assert (found.caused, found.false_alarms) == ((), ()), found
    # After a correction, late work is waited for until its days have settled.
    last = TERM + dt.timedelta(weeks=8) - ONE_DAY
    lost = [each for each in found.lost if each.first <= last - SETTLES]
    assert len(lost) <= 0.05 * found.true_flags, lost
    assert {each.key.partition("|")[0] for each in found.lost} <= {"missed-submission"}
    gone = sum(each.habit.until < MENDED for each in YEAR.people)
    assert found.true_flags >= gone > 0
    assert found.told > 0


def test_the_leads_hear_of_work_that_has_not_arrived_and_no_one_is_flagged(
    begun: Begun, tmp_path: Path
) -> None:
    """All submissions of a busy week are missing, and arrive 10 days later."""
    first = TERM + dt.timedelta(weeks=6)
    outage = Outage("no marks", "hand-in", first, 5, first + dt.timedelta(days=15))
    lived = live(YEAR, begun, tmp_path / "home", [outage])
    assert {each for each in lived.told if each.startswith("work:")} == {
        "work:hand-in:1",
        "work:hand-in:2",
    }
    assert "corrected:hand-in:1" in lived.told
    due = {(w.module, w.item): w for w in YEAR.works if first <= w.due < first + 5 * ONE_DAY}
    assert due
    who = {each.number: each for each in YEAR.people}
    for each in lived.ever:
        rule, module, item = each.key.split("|")
        if rule == "missed-submission" and (module, item) in due:
            assert due[module, item].handed_in(who[each.student]) is None
