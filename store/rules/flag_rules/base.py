"""The interface of a flag rule: a measure, a predicate, and a sentence.

A rule is one frozen record whose fields are its thresholds. It checks twice: ``criterion`` is a
coarse filter that the activity engine applies to every student, and may select too many, never too
few; ``findings`` is the exact decision about one selected student, with the reason in words.
``standing`` judges an active flag that ``findings`` no longer finds: one event that moves a rule's
window does not end the flag.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Annotated, Any, ClassVar, Protocol, get_args, get_type_hints

from store.rules.calendar import Calendar
from store.rules.flag_rules.evidence import Evidence, Finding, Measure, Raised
from store.rules.model import FlagEnd, MarkerFamily

Standing = FlagEnd | Finding | None
"""The judgement of an active flag not found today: why it ended; the finding with which it
continues; or None, nothing new is known."""

FOUR_WEEKS, EIGHT_WEEKS = dt.timedelta(weeks=4), dt.timedelta(weeks=8)
"""How far back a share of sessions, and a run of absences, are counted."""


@dataclass(frozen=True, slots=True)
class Limits:
    """The range of a threshold, both ends included. Used as an annotation."""

    least: float
    most: float
    beside: str = ""
    """What another setting adds to the range, as in ``fewer than clear_after_days``."""
    new_least: float | None = None
    """The least that a new version may have, where versions published earlier may have less."""

    @property
    def least_now(self) -> float:
        """Return the lowest value that a new policy version may have."""
        return self.least if self.new_least is None else self.new_least

    def named(self, kind: type[int | float]) -> str:
        """Write the whole range, as in ``a whole number from 3 to 60``."""
        noun = "a whole number" if kind is int else "a number"
        also = f", and {self.beside}" if self.beside else ""
        return f"{noun} from {self.least_now:g} to {self.most:g}{also}"


def limits_of(kind: type[Any]) -> dict[str, tuple[type[int | float], Limits]]:
    """Map each field of a record that has limits to its kind of number and its limits."""
    hints = get_type_hints(kind, include_extras=True)
    given = {each.name: get_args(hints[each.name]) for each in fields(kind)}
    return {
        name: (parts[0], parts[1])
        for name, parts in given.items()
        if len(parts) == 2 and isinstance(parts[1], Limits)
    }


@dataclass(frozen=True, slots=True)
class Widest:
    """How several values of a filter's field combine into the widest. Used as an annotation.

    ``beside`` names the field that this one refines: it counts only in filters that have both.
    """

    of: Callable[[Iterable[Any]], Any]
    beside: str = ""


@dataclass(frozen=True, slots=True)
class Criterion:
    """A coarse filter for one school, for the engine. ``None`` means: not filtered by this.

    A student is selected when *any* filter selects them. A field is declared only here: its
    annotation defines how filters combine, and the engine's column.
    """

    silent_since: Annotated[dt.date | None, Widest(max)] = None
    """Nothing done in any agreed source after this day."""
    missed_due_by: Annotated[dt.date | None, Widest(max)] = None
    """An item due on or before this day, expected and not done."""
    missed_due_from: Annotated[dt.date | None, Widest(min)] = None
    """...and due on or after this day: older ones are too late to help with."""
    arrived_share: Annotated[float, Widest(max, beside="missed_due_by")] = 0.0
    """...and at least this share (0 to 1) of those expected have something recorded for it.

    Not a filter but part of the measure, what counts as missed: the strictest rule decides.
    """
    attended_below: Annotated[float | None, Widest(max)] = None
    """Done divided by expected, over 28 days, below this share (0 to 1)."""
    expected_at_least: Annotated[int, Widest(min, beside="attended_below")] = 1
    """...with at least this many expected in those 28 days."""
    quiet_weeks: Annotated[int | None, Widest(min)] = None
    """Quiet in at least this many of the last eight weeks..."""
    quiet_below: Annotated[float, Widest(max, beside="quiet_weeks")] = 0.0
    """...which is: active on fewer days than this share (0 to 1) of the class's average."""
    absent_in_a_row: Annotated[int | None, Widest(min)] = None
    """Absent on at least this many days with sessions running, the last one included."""
    meetings_in_a_row: Annotated[int | None, Widest(min)] = None
    """Missed the meetings on at least this many days running, the last one included."""
    first_due_by: Annotated[dt.date | None, Widest(max)] = None
    """The first work of a module is due on or before this day, and is not in yet..."""
    unseen_since: Annotated[dt.date | None, Widest(max, beside="first_due_by")] = None
    """...and nothing was done in that module after this day."""


@dataclass(frozen=True, slots=True)
class Clearing:
    """The days in which a student has to be seen to count as back, for the engine."""

    days: int
    """The length of a school's clearing period, in days on which inactivity counts."""
    counting: int
    """Those days among the last eight weeks, as bits (``day_bits``)."""


class Rule(Protocol):
    """One flag rule with its school's thresholds."""

    NAME: ClassVar[str]
    """The rule's name in policies, flags and reports."""
    NEEDS: ClassVar[tuple[MarkerFamily, ...]]
    """Families without an agreed source for which the rule could never fire."""
    SAYS: ClassVar[tuple[str, ...]]
    """What the rule's reasons can name: nothing for a rule over all modules together, else the
    ``module``, and the ``item`` where there is one. Only a rule that names a module can be set for
    one module."""

    def criterion(self, calendar: Calendar, day: dt.date) -> Criterion:
        """Build the filter for the morning of ``day``, over what was known the day before."""
        ...

    def findings(self, calendar: Calendar, evidence: Evidence, day: dt.date) -> list[Finding]:
        """Decide what this rule finds on the morning of ``day`` in one student's evidence."""
        ...

    def standing(
        self, calendar: Calendar, evidence: Evidence, flag: Raised, day: dt.date
    ) -> Standing:
        """Judge an active flag of this rule that was not found on the morning of ``day``."""
        ...

    def expectation(self) -> str:
        """Return what is expected of every student, for the school's statement."""
        ...


def _net_fields() -> dict[str, tuple[Any, Widest]]:
    hints = get_type_hints(Criterion, include_extras=True)
    found = {}
    for each in fields(Criterion):
        hint = hints[each.name]
        marks = [mark for mark in getattr(hint, "__metadata__", ()) if isinstance(mark, Widest)]
        if len(marks) != 1:
            raise TypeError(f"Criterion.{each.name} must say once which of its values is widest")
        found[each.name] = hint.__origin__, marks[0]
    return found


_NET = _net_fields()

NET_TYPES: Mapping[str, Any] = {name: kind for name, (kind, _) in _NET.items()}
"""Each field of a filter and its type, for the engine."""


def widened(criteria: Iterable[Criterion]) -> Criterion:
    """Combine criteria into one that selects every student that any of them selects."""
    given = list(criteria)
    values = {
        name: [
            value
            for each in given
            if getattr(each, widest.beside or name) is not None
            and (value := getattr(each, name)) is not None
        ]
        for name, (_, widest) in _NET.items()
    }
    return Criterion(**{name: _NET[name][1].of(every) for name, every in values.items() if every})


def at_least(share: float) -> str:
    """Write ``at least 50%``, or ``all`` for a share of 1."""
    return "all" if share >= 1 else f"at least {in_percent(share)}"


def in_percent(share: float) -> str:
    """Write ``0.5`` as ``50%``, and ``1.0`` as ``all``."""
    return "all" if share >= 1 else f"{round(100 * share)}%"


def through(day: dt.date) -> dt.date:
    """Return the last day that a screening on the morning of ``day`` covers: the day before."""
    return day - dt.timedelta(days=1)


def in_a_row_since(measure: Measure, day: dt.date) -> dt.date:
    """Return the first day of a run of absences, at the earliest eight weeks ago."""
    start = day - EIGHT_WEEKS
    return max(start, measure.last_done + dt.timedelta(days=1)) if measure.last_done else start
