"""A day in term, and evidence in which some days were not measured."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from store.policies.document import parse
from store.rules.calendar import Calendar
from store.rules.flag_rules.base import Rule
from store.rules.flag_rules.evidence import Evidence, Finding, Measure, MissedItem
from store.rules.flags.flagging import findings
from store.rules.model import MarkerFamily
from tests.people import policy_document

DAY = dt.date(2025, 11, 17)
"""A Monday."""
CALENDAR = Calendar()
POLICY = parse(policy_document(), "policy.toml")


def ago(days: int) -> dt.date:
    return DAY - dt.timedelta(days=days)


def measure(family: MarkerFamily) -> Measure:
    """The evidence that each rule looks for: no activity for four weeks."""
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


SELDOM = tuple(ago(n) for n in range(42, 140) if n % 7)
"""Older days that a source which does not deliver daily left out; too old to be named."""

# -- No claim about days after the last measured one --------------------------------------------

LAST = dt.date(2025, 11, 13)
"""A Thursday: on the Monday after it, Friday's data is missing."""
