"""Decide when flags of a closed case open a case again, after some school days of grace (§3)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from store.rules.calendar import Calendar
from store.rules.model import MarkerFamily


@dataclass(frozen=True, slots=True)
class Grace:
    """How long a school waits after closing a case, on its own calendar."""

    days: int = 10
    calendar: Calendar = field(default_factory=Calendar)

    def ends_on(self, closed_at: dt.datetime) -> dt.date:
        """Return the day on which flags that are still active open a case again."""
        return self.calendar.add_school_days(self.calendar.local(closed_at).date(), self.days)


@dataclass(frozen=True, slots=True)
class Closed:
    """A student whose active flags are on a closed case."""

    closed_at: dt.datetime | None
    """When their newest case was closed; None where it was only merged into another."""
    has_open_case: bool = False
    has_new_flag: bool = False
    """Whether the student has a new active flag, which is on no case."""
    is_left_alone: bool = False
    """Whether the student is exempt in their home school, or has died."""
    has_complaint: bool = False
    in_other_process: bool = False
    """Whether the newest case was handed to Fitness to Study, which continues by itself."""


def goes_on(closed: Closed, grace: Grace, day: dt.date) -> bool:
    """Return whether the flags of a closed case move to a later one on ``day``.

    They join an open case, or a new flag's case, at once. Otherwise they wait for the end of the
    time of grace, and of a complaint.
    """
    if closed.is_left_alone:
        return False
    if closed.has_open_case or closed.has_new_flag or closed.closed_at is None:
        return True
    if closed.has_complaint or closed.in_other_process:
        return False
    return day >= grace.ends_on(closed.closed_at)


SILENCE = "inactivity"
"""The rule for a student without any activity."""


def follows_from_silence(family: MarkerFamily) -> bool:
    """Return whether flags of this family only follow from inactivity.

    Missed sessions, meetings and clicks are no news to the colleague who closed a case of
    inactivity. Work that falls due is.
    """
    return family is not MarkerFamily.SUBMISSIONS
