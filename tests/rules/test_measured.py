"""Days without data are named, and are never counted as days without activity."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import replace

import pytest

from store.rules.calendar import Calendar, Period
from store.rules.flag_rules import RULES
from store.rules.flag_rules.base import Rule
from store.rules.flag_rules.evidence import Evidence, Finding
from store.rules.flag_rules.inactivity import Inactivity
from store.rules.flag_rules.measured_days import days_said, missing_by_source, missing_days
from store.rules.flag_rules.missed_submission import MissedSubmission
from store.rules.flags.flagging import findings, judging
from store.rules.flags.reconcile import FlagRun
from store.rules.model import FlagState, MarkerFamily
from tests.rules.unmeasured import CALENDAR, DAY, POLICY, SELDOM, ago, evidence, measure, of


def november(*days: int) -> list[dt.date]:
    return [dt.date(2025, 11, day) for day in days]


def test_weekends_closures_and_vacations_are_not_asked_for() -> None:
    first, last = dt.date(2025, 11, 3), dt.date(2025, 11, 16)
    week = Period("break", dt.date(2025, 11, 10), dt.date(2025, 11, 14))
    assert missing_days(CALENDAR, november(*range(3, 8), *range(10, 15)), first, last) == ()
    assert missing_days(Calendar(closures=(week,)), november(*range(3, 8)), first, last) == ()
    term = Period("autumn", dt.date(2025, 9, 22), dt.date(2025, 11, 7))
    assert missing_days(Calendar(terms=(term,)), november(*range(3, 8)), first, last) == ()
    assert missing_days(CALENDAR, november(9, 16), first, first) == (first,)
    assert missing_by_source(CALENDAR, {"a": november(3)}, ["a", "b"], first, first) == {
        "b": (first,)
    }


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (november(5), "Wednesday 5 November"),
        (november(5, 6), "5 to 6 November"),
        (november(7, 10), "7 to 10 November"),
        (november(5, 7), "Wednesday 5 November and Friday 7 November"),
        ([dt.date(2025, 10, 31), *november(3)], "31 October to 3 November"),
        (november(3, 5, 7, 11), "Monday 3 November, Wednesday 5 November and 2 more days"),
    ],
)
def test_days_are_said_as_runs(days: Iterable[dt.date], said: str) -> None:
    assert days_said(list(days), CALENDAR, 2) == said


NAMED = {family: f"{family.label[0].upper()}{family.label[1:]}" for family in MarkerFamily}
EVERYTHING = (
    "Attendance, co-curricular sessions, meetings with staff, recordings, the online learning "
    "space and work handed in"
)
# -- Every rule ------------------------------------------------------------------------------

MISSING = ago(5)
"""A Wednesday."""


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.NAME)
def test_each_rules_reason_names_the_days_that_were_not_measured(rule: type[Rule]) -> None:
    whole, broken = of(rule), of(rule, MISSING, ago(1), ago(2), *SELDOM)
    assert whole
    assert len(whole) == len(broken)
    for before, after in zip(whole, broken, strict=True):
        named = NAMED[before.family] if before.module else EVERYTHING
        assert "data" not in before.reason_student
        assert (
            after.reason_staff
            == f"{before.reason_staff} {named} not measured: Wednesday 12 November."
        )
        assert after.reason_student.startswith(before.reason_student)
        assert after.reason_student.endswith(" for Wednesday 12 November.")


@pytest.mark.parametrize(
    "rule",
    # Missed work gives no new reason until the flag ends.
    [each for each in RULES if each.NAME != "missed-submission"],
    ids=lambda rule: rule.NAME,
)
def test_a_flag_that_goes_on_names_them_too(rule: type[Rule]) -> None:
    """The student was seen once since then, three days ago."""
    policy = replace(POLICY, rules=(rule(),))

    def goes_on(family: MarkerFamily, *missing: dt.date) -> Finding:
        known = evidence(*missing)
        seen = [
            replace(each, days_seen=1 << 2, last_done=ago(3), absences=0) for each in known.measures
        ]
        key = f"{rule.NAME}|{'FR101' if rule.SAYS else ''}|"
        run = FlagRun(
            1,
            7,
            key,
            FlagState.ACTIVE,
            ago(9),
            ago(7),
            family=family,
            source=f"source-of-{family}",
            measured={"last seen": ago(30).isoformat()},
        )
        found = judging(policy, [replace(known, measures=tuple(seen))], DAY, {}, {})(run)
        assert isinstance(found, Finding)
        return found

    signs = {MarkerFamily.VLE} if rule.NAME == "fading-out" else {*rule.NEEDS}
    for family in signs or {MarkerFamily.VLE}:
        # The sources the school uses now, whichever source raised the flag.
        named = EVERYTHING if rule.NAME == "inactivity" else NAMED[family]
        before, after = goes_on(family), goes_on(family, MISSING)
        assert (
            after.reason_staff
            == f"{before.reason_staff} {named} not measured: Wednesday 12 November."
        )
        assert after.reason_student.endswith(" for Wednesday 12 November.")


@pytest.mark.parametrize(
    ("gap", "is_found"),
    # Due twelve days ago, on a Wednesday, with seven days of grace; it may be two weeks early.
    [(ago(5), False), (ago(12), False), (ago(26), False), (ago(27), True), (ago(4), True)],
)
@pytest.mark.parametrize("is_daily", [True, False])
def test_work_that_may_have_come_on_a_lost_day_is_not_missed(
    gap: dt.date, is_found: bool, is_daily: bool
) -> None:
    known = replace(evidence(gap, *(() if is_daily else SELDOM)), looked_from=ago(140))
    policy = replace(POLICY, rules=(MissedSubmission(),))
    assert bool(findings(policy, known, DAY)) == (is_found or not is_daily)


def test_a_day_without_data_is_no_silent_day() -> None:
    """The outage delivers one day in seven, so the newest day is always up to date."""
    vle = replace(measure(MarkerFamily.VLE), last_done=ago(15))
    sundays = frozenset(ago(n) for n in range(120) if ago(n).weekday() != 6)

    def fires(unmeasured: frozenset[dt.date]) -> bool:
        one = Evidence(7, (vle,), unmeasured={vle.source: unmeasured})
        return bool(Inactivity(days=14).findings(CALENDAR, one, DAY))

    assert fires(frozenset())
    assert not fires(sundays)
    assert not fires(frozenset({MISSING}))
    assert fires(frozenset({ago(40)})), "before what is counted"
    assert fires(frozenset({ago(8)})), "a weekend day is not asked for"
