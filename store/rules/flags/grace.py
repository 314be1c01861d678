"""When what raised a closed case opens a case again: after a time of grace, in school days (§3)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from store.rules.calendar import Calendar
from store.rules.model import MarkerFamily


@dataclass(frozen=True, slots=True)
class Grace:
    """How long a school lets a closed case rest, on its own calendar."""

    days: int = 10
    calendar: Calendar = field(default_factory=Calendar)

    def ends_on(self, closed_at: dt.datetime) -> dt.date:
        """The day on which what still holds opens a case again."""
        return self.calendar.add_school_days(self.calendar.local(closed_at).date(), self.days)


@dataclass(frozen=True, slots=True)
class Closed:
    """A student whose active flags are on a case that has ended."""

    closed_at: dt.datetime | None
    """When their newest case was closed; None where it was only merged into another."""
    has_open_case: bool = False
    has_new_flag: bool = False
    """Whether an active flag of theirs is on no case at all, so that it is new."""
    is_left_alone: bool = False
    """Whether the student is exempt in their home school, or has died."""
    has_complaint: bool = False
    in_other_process: bool = False
    """Whether the newest case was handed to Fitness to Study, which goes on by itself."""


def goes_on(closed: Closed, grace: Grace, day: dt.date) -> bool:
    """Whether the flags of an ended case move on to a later one on ``day``.

    They join an open case and go along with a new flag at once. By themselves they wait until the
    time of grace is over, and for the end of a complaint.
    """
    if closed.is_left_alone:
        return False
    if closed.has_open_case or closed.has_new_flag or closed.closed_at is None:
        return True
    if closed.has_complaint or closed.in_other_process:
        return False
    return day >= grace.ends_on(closed.closed_at)


SILENCE = "inactivity"
"""The rule that says of a student that they have not been seen at all."""


def follows_from_silence(family: MarkerFamily) -> bool:
    """Whether a student who is not seen at all cannot but miss this.

    Sessions, meetings and clicks that are missed in the same silence are no news to the colleague
    who closed its case. Work that falls due is.
    """
    return family is not MarkerFamily.SUBMISSIONS
