"""A flag of every rule, judged on what the class and the student did since it was found."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

from store.rules.calendar import Calendar
from store.rules.flag_rules.base import Rule
from store.rules.flag_rules.day_bits import BITS, counting_days, newest
from store.rules.flag_rules.evidence import Evidence, Finding, Measure
from store.rules.flags.flagging import judging
from store.rules.flags.reconcile import FlagRun
from store.rules.model import FlagEnd, FlagState, MarkerFamily
from store.rules.policies.policy import Approval, Marker, SchoolPolicy

DAY = dt.date(2025, 12, 8)
EVERY_FAMILY = tuple(MarkerFamily)
WITHIN = 7


def ago(days: int) -> dt.date:
    return DAY - dt.timedelta(days=days)


def policy(rule: Rule, calendar: Calendar, within: int = WITHIN) -> SchoolPolicy:
    return SchoolPolicy(
        school="LANG",
        approval=Approval("Alice Adviser", ago(200), ("handbook", "email")),
        markers=tuple(Marker(family, (f"of-{family}",)) for family in EVERY_FAMILY),
        rules=(rule,),
        calendar=calendar,
        clear_after_days=within,
    )


def run_of(rule: Rule, family: MarkerFamily, found: int) -> FlagRun:
    """Return a flag of the rule that was last found this many days ago."""
    module = "FR101" if rule.SAYS else ""
    subject = "Essay 1" if family is MarkerFamily.SUBMISSIONS else ""
    return FlagRun(
        1,
        7,
        f"{rule.NAME}|{module}|{subject}",
        FlagState.ACTIVE,
        ago(found + 5),
        ago(found),
        family=family,
        source=f"of-{family}",
        measured={"due": ago(found + 8).isoformat(), "last seen": ago(found + 15).isoformat()},
    )


def families(rule: Rule) -> list[MarkerFamily]:
    """Return the families in which a flag of the rule can be."""
    if rule.NAME == "fading-out":
        return [MarkerFamily.VLE, MarkerFamily.SUBMISSIONS, MarkerFamily.ATTENDANCE]
    return [*rule.NEEDS] or [MarkerFamily.VLE]


# -- Judging a flag ----------------------------------------------------------------------------


def standing(
    rule: Rule,
    *,
    family: MarkerFamily = MarkerFamily.VLE,
    days: int = 0,
    found: int = 20,
    middle: float | None = None,
    calendar: Calendar | None = None,
    delivered: int = 2**BITS - 1,
    measured: dict[str, str | int | float] | None = None,
    **figures: Any,
) -> FlagEnd | Finding | None:
    """Judge a flag last found ``found`` days ago; ``days`` are bits of the days seen."""
    calendar = calendar or Calendar()
    flag = run_of(rule, family, found)
    flag = replace(flag, measured=measured or flag.measured)
    measure = Measure(7, "FR101", family, f"of-{family}", ago(1), None, 0, 0, 0, days_seen=days)
    unmeasured = {measure.source: figures.pop("unmeasured", frozenset())}
    evidence = Evidence(
        7,
        (replace(measure, **figures),),
        enrolled_since=ago(80),
        period=newest(delivered & counting_days(calendar, DAY), WITHIN),
        middle=middle,
        unmeasured=unmeasured,
    )
    return judging(policy(rule, calendar), [evidence], DAY, {}, {})(flag)


def on(*days_ago: int) -> int:
    return sum(1 << (day - 1) for day in days_ago)
