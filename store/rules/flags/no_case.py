"""Explain why a student with an active flag has no open case. Every one needs a reason (§3)."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from store.rules.flags.grace import Grace
from store.rules.model.labelled import Word
from store.rules.text.formatting import on_day


class NoCase(Word):
    """One reason. The order counts: the first that fits a student is the one given."""

    UNEXPLAINED = "unexplained"
    DIED = "died"
    EXEMPT = "exempt"
    COMPLAINT = "complaint"
    AT_HOME_SCHOOL = "at-the-home-school"
    OTHER_PROCESS = "other-process"
    HELD = "held"
    QUEUED = "queued"
    NO_DATA = "no-data"
    """The flag depends on a source without new data: it neither opens a case nor ends."""
    NOT_FOUND = "not-found"
    """The newest screening did not find the flag again, and nothing has ended it yet."""
    IN_GRACE = "in-grace"

    @property
    def told(self) -> str:
        """Return the reason as the end of a sentence that begins with a number of students."""
        return _TOLD[self]


_TOLD = {
    NoCase.UNEXPLAINED: "unexplained",
    NoCase.DIED: "the student has died",
    NoCase.EXEMPT: "exempt",
    NoCase.COMPLAINT: "with an open complaint",
    NoCase.AT_HOME_SCHOOL: "with their home school",
    NoCase.OTHER_PROCESS: "in Fitness to Study",
    NoCase.HELD: "held until the data is checked",
    NoCase.QUEUED: "in the queue",
    NoCase.NO_DATA: "held until its data arrives",
    NoCase.NOT_FOUND: "not found again by the newest screening",
    NoCase.IN_GRACE: "in the time of grace after a closed case",
}


@dataclass(frozen=True, slots=True)
class ActiveFlag:
    """One active flag that is on no open case."""

    is_held: bool
    on_ended_case: bool
    is_exempt: bool
    """Whether the flag's own school expects no activity of the student on this day."""
    is_found: bool = True
    """Whether the newest screening of its school found it: a flag that is not opens no case."""
    away: str = ""
    """A sentence on the missing data of its sources; '' where all have arrived."""


@dataclass(frozen=True, slots=True)
class Silent:
    """A student with active flags and no open case, with the facts behind the reason."""

    flags: tuple[ActiveFlag, ...]
    closed_at: dt.datetime | None = None
    """When their newest case was closed; None where they have no closed case."""
    has_died: bool = False
    has_complaint: bool = False
    in_queue: bool = False
    in_other_process: bool = False
    is_elsewhere: bool = False
    """Whether the school that asks is not the student's home school, which opens their cases."""


@dataclass(frozen=True, slots=True)
class Explained:
    """A reason. ``until`` is the day it ends, ``cause`` a sentence, where these are known.

    ``str`` joins all of them as part of a sentence, without a full stop.
    """

    why: NoCase
    until: dt.date | None = None
    cause: str = ""

    def __str__(self) -> str:
        cause = f" ({self.cause.removesuffix('.')})" if self.cause else ""
        until = f" until {on_day(self.until)}" if self.until else ""
        return f"{self.why.told}{until}{cause}"


def explain(student: Silent, grace: Grace, today: dt.date) -> Explained:
    """Find the reason why this student has no open case on ``today``.

    Every flag needs its own reason: one that is held does not explain another that was lost.
    """
    if student.has_died:
        return Explained(NoCase.DIED)
    if student.is_elsewhere:
        return Explained(NoCase.AT_HOME_SCHOOL)
    found = [_explained(each, student, grace, today) for each in student.flags]
    order = list(NoCase)
    return min(found, key=lambda each: order.index(each.why))


def _explained(flag: ActiveFlag, student: Silent, grace: Grace, today: dt.date) -> Explained:
    if flag.is_exempt:
        return Explained(NoCase.EXEMPT)
    if flag.is_held:
        return Explained(NoCase.HELD)
    if flag.on_ended_case:
        return _after_closing(student, grace, today)
    if not student.in_queue:
        return Explained(NoCase.UNEXPLAINED)
    # Only a flag that was found is given a case, so only such a student waits for room.
    if any(each.is_found and not each.on_ended_case for each in student.flags):
        return Explained(NoCase.QUEUED)
    return Explained(NoCase.NO_DATA, cause=flag.away) if flag.away else Explained(NoCase.NOT_FOUND)


def _after_closing(student: Silent, grace: Grace, today: dt.date) -> Explained:
    if student.has_complaint:
        return Explained(NoCase.COMPLAINT)
    if student.in_other_process:
        return Explained(NoCase.OTHER_PROCESS)
    ends = grace.ends_on(student.closed_at) if student.closed_at else None
    # On its last day the screening may not have run yet.
    if ends is not None and today <= ends:
        return Explained(NoCase.IN_GRACE, ends)
    return Explained(NoCase.UNEXPLAINED)


def count_reasons(explained: Iterable[Explained]) -> tuple[tuple[NoCase, int], ...]:
    """Count the students for each reason, without those who have died."""
    found = Counter(each.why for each in explained)
    return tuple((why, found[why]) for why in NoCase if found[why] and why is not NoCase.DIED)
