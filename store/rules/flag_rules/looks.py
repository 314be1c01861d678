"""A softer level than a flag: students who are worth a look, named to colleagues and no more.

A look opens no case and raises no flag. It stands in the fold of the morning digest for as long as
it is so, and a colleague may decide to say a kind word. Two signs lead to one: the first work of a
module is due soon, or work is late, and the student has not been seen in that module for days.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Annotated

from store.rules.calendar import Calendar
from store.rules.flag_rules.base import Criterion, Limits, through, widened
from store.rules.flag_rules.evidence import SOURCES_APART, Evidence, Finding, Measure
from store.rules.flag_rules.measured_days import is_up_to_date, qualified, unmeasured_days
from store.rules.flag_rules.missed_submission import MissedSubmission
from store.rules.model import OCCASIONAL, MarkerFamily
from store.rules.text.formatting import counted, on_day

STALE_AFTER = dt.timedelta(days=4)
"""Without data for longer a source is unknown, and no one is said to be unseen in it."""

FORGET_AFTER_DAYS = 14
"""Days after which late work is no longer a reason for a look: by then it may have a flag."""

_UNKNOWN_START = 7
"""In a module's first days no work is due. Where more of them than these were not looked at, an
earlier piece of work may be unknown, and none is called the first."""

_ONE_DAY = dt.timedelta(days=1)


class LookKind(StrEnum):
    """Why a student is worth a look."""

    FIRST_WORK = "first-work"
    LATE_WORK = "late-work"


@dataclass(frozen=True, slots=True)
class LookRules:
    """A school's choices. Both are off in versions that were published without them."""

    first_work: bool = False
    """Name students who have not been seen in a module whose first work is due soon."""
    due_within_days: Annotated[int, Limits(0, 14)] = 3
    """Days before the first work is due."""
    unseen_days: Annotated[int, Limits(5, 28)] = 10
    """Days on which inactivity counts, without any sign of the student in that module."""
    late_work: bool = False
    """Name students whose work is late and who have not been seen in its module since."""
    late_days: Annotated[int, Limits(1, 10)] = 3
    """Days after the day on which work was due."""
    late_unseen_days: Annotated[int, Limits(3, 28)] = 5
    """Days on which inactivity counts, without any sign of the student in that module."""

    def criterion(
        self, calendar: Calendar, day: dt.date, beside: Criterion | None = None
    ) -> Criterion:
        """Select the students that a look may name on the morning of ``day``.

        ``beside`` is the filter of the school's rules: what counts as missed stays as they say.
        """
        parts = []
        if self.first_work:
            until = day + dt.timedelta(days=self.due_within_days)
            since = calendar.day_before(through(day), self.unseen_days)
            parts.append(Criterion(first_due_by=until, unseen_since=since))
        if self.late_work:
            late = self._late.criterion(calendar, day)
            if beside is not None and beside.missed_due_by is not None:
                late = replace(late, arrived_share=beside.arrived_share)
            parts.append(late)
        return widened(parts)

    def findings(self, calendar: Calendar, evidence: Evidence, day: dt.date) -> list[Finding]:
        """Return what makes this student worth a look on the morning of ``day``.

        The rule of each finding is a ``LookKind``. Only the school's own modules count, and days
        that were not measured count as nothing.
        """
        found = [*self._first(calendar, evidence, day), *self._late_work(calendar, evidence, day)]
        return [qualified(each, evidence, calendar) for each in found]

    def expectations(self) -> tuple[str, ...]:
        """Return the sentences for the school's statement; none where both are off."""
        said = []
        if self.first_work:
            said.append(
                "Before your first piece of work in a module is due, we look at who has not been "
                f"seen there for {counted(self.unseen_days, 'day')}."
            )
        if self.late_work:
            said.append(
                f"If work is {counted(self.late_days, 'day')} late and we have not seen you in "
                f"that module for {counted(self.late_unseen_days, 'day')}, we look too."
            )
        return tuple(said)

    @property
    def named(self) -> list[str]:
        """Return the reasons that are switched on, as they are called in the policy."""
        on = {LookKind.FIRST_WORK: self.first_work, LookKind.LATE_WORK: self.late_work}
        return [kind for kind, is_on in on.items() if is_on]

    @property
    def is_on(self) -> bool:
        """Return whether a look can name anyone."""
        return self.first_work or self.late_work

    @property
    def _late(self) -> MissedSubmission:
        return MissedSubmission(self.late_days, FORGET_AFTER_DAYS)

    def _first(self, calendar: Calendar, evidence: Evidence, day: dt.date) -> Iterator[Finding]:
        if not self.first_work:
            return
        until = day + dt.timedelta(days=self.due_within_days)
        for work in evidence.first_work:
            unseen = _unseen_in(calendar, evidence, work.module, day)
            if (
                day <= work.due <= until
                and unseen is not None
                and unseen.days >= self.unseen_days
                and _begins_in_sight(calendar, evidence, unseen.measures[0])
            ):
                is_due = f"{work.item} in {work.module} is due on {on_day(work.due)}"
                said = (
                    f"{is_due}, the first work there. {unseen.staff}",
                    f"{is_due}. {unseen.student}",
                )
                yield unseen.finding(
                    LookKind.FIRST_WORK, work.item, said, work.due.isoformat(), self.unseen_days
                )

    def _late_work(self, calendar: Calendar, evidence: Evidence, day: dt.date) -> Iterator[Finding]:
        if not self.late_work:
            return
        for late in self._late.findings(calendar, evidence, day):
            unseen = _unseen_in(calendar, evidence, late.module or "", day)
            if unseen is not None and unseen.days >= self.late_unseen_days:
                said = (
                    f"{late.reason_staff} {unseen.staff}",
                    f"{late.reason_student} {unseen.student}",
                )
                due = str(late.measured["due"])
                yield unseen.finding(
                    LookKind.LATE_WORK, late.subject, said, due, self.late_unseen_days
                )


@dataclass(frozen=True, slots=True)
class _Unseen:
    """A time without a sign of a student in a module, up to the last known day."""

    measures: tuple[Measure, ...]
    """Of this module, that of the online space first."""
    first: dt.date
    known_until: dt.date
    days: int
    """Those on which inactivity counts, and which were measured."""
    staff: str
    student: str

    def finding(
        self, kind: LookKind, item: str, said: tuple[str, str], due: str, of_days: int
    ) -> Finding:
        """Return the finding that this student is worth a look; ``due`` is an ISO date."""
        online = self.measures[0]
        return Finding(
            student=online.student,
            rule=kind,
            family=MarkerFamily.VLE,
            module=online.module,
            subject=item,
            reason_staff=said[0],
            reason_student=said[1],
            source=SOURCES_APART.join(sorted({each.source for each in self.measures})),
            fresh=self.known_until,
            measured={"due": due, "days unseen": of_days},
            since=self.first,
        )


def _unseen_in(calendar: Calendar, evidence: Evidence, module: str, day: dt.date) -> _Unseen | None:
    """Return how long the student has not been seen in a module, in any family.

    None where that is not known: its online space is not measured, or a source has stopped.
    """
    there = [each for each in evidence.measures if each.module == module and each.is_spoken_of]
    there.sort(key=lambda each: each.family is not MarkerFamily.VLE)
    regular = [each for each in there if each.family not in OCCASIONAL]
    oldest = day - STALE_AFTER
    if not there or there[0].family is not MarkerFamily.VLE:
        return None
    if any(each.fresh < oldest for each in regular):
        return None
    until = min(through(day), *(each.fresh for each in regular))
    seen = max((each.last_done for each in there if each.last_done), default=None)
    joined = there[0].since
    starts = [each for each in (seen, joined and through(joined)) if each]
    if not starts:
        return None
    first = max(starts) + _ONE_DAY
    unknown = unmeasured_days(calendar, evidence, {each.source for each in regular}, first, until)
    days = calendar.silent_days(max(starts), until) - len(unknown)
    since = f"since {on_day(seen)}" if seen else "yet"
    to = "" if is_up_to_date(calendar, until, day) else f", up to {on_day(until)}"
    staff = f"Not seen in {module} {since}{to}."
    student = f"We have not seen you in {module} {since}{to}."
    return _Unseen(tuple(there), first, until, days, staff, student)


def _begins_in_sight(calendar: Calendar, evidence: Evidence, measure: Measure) -> bool:
    """Return whether the measures reach back to the student's first days in the module."""
    if measure.since is None or evidence.looked_from is None:
        return False
    before = calendar.silent_days(through(measure.since), through(evidence.looked_from))
    return before <= _UNKNOWN_START
