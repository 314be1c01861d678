"""Days that were not measured: named, never counted as days on which nothing was seen."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import replace

import pytest

from store.policies.document import parse
from store.rules.calendar import Calendar, Period
from store.rules.flag_rules import RULES
from store.rules.flag_rules.base import Rule
from store.rules.flag_rules.evidence import Evidence, Finding, Measure, MissedItem
from store.rules.flag_rules.inactivity import Inactivity
from store.rules.flag_rules.measured_days import days_said, missing_by_source, missing_days
from store.rules.flags.flagging import FlagRun, findings, judging
from store.rules.model import FlagState, MarkerFamily
from tests.people import policy_document

DAY = dt.date(2025, 11, 17)
"""A Monday."""
CALENDAR = Calendar()
POLICY = parse(policy_document(), "policy.toml")


def ago(days: int) -> dt.date:
    return DAY - dt.timedelta(days=days)


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


# -- Every rule ------------------------------------------------------------------------------

MISSING = ago(5)
"""A Wednesday."""


def measure(family: MarkerFamily) -> Measure:
    """Everything that each rule looks for: nothing done for four weeks."""
    return Measure(
        student=7,
        module="FR101",
        family=family,
        source=f"source-of-{family}",
        fresh=ago(1),
        last_done=ago(30),
        active_days_28=0,
        expected_28=8,
        done_28=0,
        missed=(MissedItem("FR101", "Essay 1", ago(12)),),
        since=ago(50),
        weeks=(4, 4, 4, 4, 0, 0, 0, 0),
        class_weeks=(4.0,) * 8,
        absences=6,
        meetings_missed=6,
    )


def evidence(*missing: dt.date) -> Evidence:
    measures = tuple(measure(family) for family in MarkerFamily)
    unmeasured = {each.source: frozenset(missing) for each in measures}
    return Evidence(7, measures, (4, 4, 4, 4, 0, 0, 0, 0), ago(50), unmeasured=unmeasured)


def of(rule: type[Rule], *missing: dt.date) -> list[Finding]:
    return findings(replace(POLICY, rules=(rule(),)), evidence(*missing), DAY)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.NAME)
def test_each_rules_reason_names_the_days_that_were_not_measured(rule: type[Rule]) -> None:
    whole, broken = of(rule), of(rule, MISSING, ago(1), ago(2))
    assert whole
    assert len(whole) == len(broken)
    for before, after in zip(whole, broken, strict=True):
        assert "data" not in before.reason_student
        assert after.reason_staff == f"{before.reason_staff} Not measured: Wednesday 12 November."
        assert after.reason_student.startswith(before.reason_student)
        assert after.reason_student.endswith("We have no data for Wednesday 12 November.")


@pytest.mark.parametrize(
    "rule",
    # Missed work says nothing new until it ends.
    [each for each in RULES if each.NAME != "missed-submission"],
    ids=lambda rule: rule.NAME,
)
def test_a_flag_that_goes_on_names_them_too(rule: type[Rule]) -> None:
    """The student was seen once since, three days ago."""
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
        before, after = goes_on(family), goes_on(family, MISSING)
        assert after.reason_staff == f"{before.reason_staff} Not measured: Wednesday 12 November."
        assert after.reason_student.endswith("We have no data for Wednesday 12 November.")


def test_a_day_without_data_is_no_silent_day() -> None:
    """The outage lets one day in seven through, so that the newest day is always fresh."""
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


def test_inactivity_says_up_to_when_it_knows() -> None:
    vle = replace(measure(MarkerFamily.VLE), fresh=ago(3))
    (found,) = Inactivity(days=14).findings(CALENDAR, Evidence(7, (vle,)), DAY)
    assert "up to Friday 14 November" in found.reason_staff
    assert "up to Friday 14 November" in found.reason_student
