"""A flag, the measures since it was found, and the rule's judgement of it."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from store.rules.calendar import Calendar
from store.rules.flag_rules.absences import Absences
from store.rules.flag_rules.base import Rule
from store.rules.flag_rules.evidence import Evidence, Finding, Measure, Raised
from store.rules.model import MarkerFamily

DAY = dt.date(2025, 12, 9)
"""A Tuesday."""
FOUND = 20
"""In days before ``DAY``: Wednesday 19 November, when each flag here was last found."""
CALENDAR = Calendar()


def ago(days: int) -> dt.date:
    return DAY - dt.timedelta(days=days)


def on(*days_ago: int) -> int:
    """Return a day set as the measures store it: bit 0 is yesterday."""
    return sum(1 << (each - 1) for each in days_ago)


def flag(rule: Rule, family: MarkerFamily, **measured: str | int) -> Raised:
    module = "FR101" if rule.SAYS else None
    figures = {name.replace("_", " "): value for name, value in measured.items()}
    return Raised(7, rule.NAME, module, "Essay 1", family, "ours", ago(FOUND), figures)


def measure(family: MarkerFamily) -> Measure:
    return Measure(7, "FR101", family, "ours", ago(1), None, 0, 0, 0)


def judged(rule: Rule, raised: Raised, *measures: Measure, **more: object) -> object:
    known = {"period": (1 << 14) - 1, **more}
    evidence = replace(Evidence(7, measures), **known)  # type: ignore[arg-type]
    return rule.standing(CALENDAR, evidence, raised, DAY)


def said(found: object) -> tuple[str, str]:
    assert isinstance(found, Finding)
    assert (found.student, found.source) == (7, "ours")
    return found.reason_staff, found.reason_student


# -- Sessions and meetings ---------------------------------------------------------------------

REGISTER = measure(MarkerFamily.ATTENDANCE)
ABSENT = flag(Absences(in_a_row=3), MarkerFamily.ATTENDANCE, days_absent_in_a_row=1)
