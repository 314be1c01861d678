"""What every flag rule is: a measure to look for, a predicate, and a sentence.

A rule is one frozen record whose fields are its thresholds. It looks twice: ``criterion`` is a
coarse net that the activity engine casts over every student at once, and may catch too many,
never too few; ``findings`` is the exact decision about one student who was caught, with the
reason in words.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol

from store.rules.calendar import Calendar
from store.rules.evidence import Evidence, Finding
from store.rules.model import MarkerFamily


@dataclass(frozen=True, slots=True)
class Limits:
    """What a school may set a threshold to, both ends included. Used as an annotation."""

    least: float
    most: float


@dataclass(frozen=True, slots=True)
class Criterion:
    """A coarse net for one school, for the engine. ``None`` means: not this net.

    A student is caught when *any* net catches them.
    """

    silent_since: dt.date | None = None
    """Nothing done in any agreed source after this day."""
    missed_due_by: dt.date | None = None
    """An item due on or before this day, expected and not done."""
    missed_due_from: dt.date | None = None
    """...and due on or after this day: older ones are past helping."""
    arrived_share: float = 0.0
    """...and at least this share (0 to 1) of those expected have something recorded for it."""
    attended_below: float | None = None
    """Done divided by expected, over 28 days, below this share (0 to 1)."""
    expected_at_least: int = 1
    """...with at least this many expected in those 28 days."""
    quiet_weeks: int | None = None
    """Quiet in at least this many of the last eight weeks..."""
    quiet_below: float = 0.0
    """...which is: active on fewer days than this share (0 to 1) of the class's average."""
    absent_in_a_row: int | None = None
    """Absent on at least this many days with sessions running, the last one included."""
    meetings_in_a_row: int | None = None
    """Missed the meetings on at least this many days running, the last one included."""


class Rule(Protocol):
    """One flag rule with its school's thresholds."""

    NAME: ClassVar[str]
    """The rule's name in policies, flags and reports."""
    NEEDS: ClassVar[tuple[MarkerFamily, ...]]
    """Families without an agreed source for which the rule could never fire."""
    SAYS: ClassVar[tuple[str, ...]]
    """What its reasons can name: nothing for a rule over all modules together, else the
    ``module``, and the ``item`` where there is one. Only a rule that names a module can be set
    for one."""

    def criterion(self, calendar: Calendar, day: dt.date) -> Criterion:
        """The net to cast on the morning of ``day``, over what was known the day before."""
        ...

    def findings(self, calendar: Calendar, evidence: Evidence, day: dt.date) -> list[Finding]:
        """What this rule finds on the morning of ``day`` in one student's evidence."""
        ...

    def expectation(self) -> str:
        """What it hopes to see of everybody, as students read it in the school's statement."""
        ...


_WIDER: Mapping[str, Callable[[Iterable[Any]], Any]] = {
    "silent_since": max,
    "missed_due_by": max,
    "missed_due_from": min,
    # Not a net but part of the measure: what counts as missed. The strictest rule decides.
    "arrived_share": max,
    "attended_below": max,
    "expected_at_least": min,
    "quiet_weeks": min,
    "quiet_below": max,
    "absent_in_a_row": min,
    "meetings_in_a_row": min,
}


def widened(criteria: Iterable[Criterion]) -> Criterion:
    """One criterion that catches whomever any of these catches."""
    given, default = list(criteria), Criterion()
    fields = {
        name: [
            getattr(each, name) for each in given if getattr(each, name) != getattr(default, name)
        ]
        for name in _WIDER
    }
    return Criterion(**{name: _WIDER[name](values) for name, values in fields.items() if values})


def at_least(share: float) -> str:
    """``at least 50 %``, or ``all`` where nothing less would do."""
    return "all" if share >= 1 else f"at least {in_percent(share)}"


def in_percent(share: float) -> str:
    """``0.5`` reads ``50 %``, and ``1.0`` reads ``all``."""
    return "all" if share >= 1 else f"{round(100 * share)} %"


def through(day: dt.date) -> dt.date:
    """The last day that a screening on the morning of ``day`` can know anything about."""
    return day - dt.timedelta(days=1)
