"""Who is reminded of what, and when: once a working day, then the lead (§26)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum

from store.rules.calendar import Calendar
from store.rules.policies.policy import Duty


class WaitingFor(IntEnum):
    """What a case waits for. The number is what a notice keeps."""

    VIEW = 1
    REACTION = 2
    APPROVAL = 3
    ASKED = 4
    ACKNOWLEDGEMENT = 5
    REVIEW = 6
    RESOLUTION = 7
    QUESTION = 8


SAYS: dict[WaitingFor, str] = {
    WaitingFor.VIEW: "{case} waits for a first view.",
    WaitingFor.REACTION: "The student of {case} has answered, and nobody has reacted yet.",
    WaitingFor.APPROVAL: "A mail of {case} waits to be read and approved.",
    WaitingFor.ASKED: "A colleague has asked what you think about {case}.",
    WaitingFor.ACKNOWLEDGEMENT: "{case} waits to be acknowledged.",
    WaitingFor.REVIEW: "The welfare route was used on {case}, and waits for your review.",
    WaitingFor.RESOLUTION: "The informal step of the complaint about {case} is due.",
    WaitingFor.QUESTION: "The student of {case} says that something is wrong, and nobody has "
    "answered it yet.",
}

AT_ONCE = frozenset({WaitingFor.REVIEW, WaitingFor.RESOLUTION})
"""Not a question of days: these are due when they are found."""


OUTLAST_THE_CASE = frozenset({WaitingFor.REVIEW, WaitingFor.RESOLUTION, WaitingFor.QUESTION})
"""Owed to somebody whether or not the case goes on: a case that is closed settles none of them."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """One thing that waits on a case since a day, and for whom: ids of staff."""

    case: int
    what: WaitingFor
    since: dt.date
    people: tuple[int, ...]
    """Empty: for nobody in particular, so for the lead."""
    has_ended: bool = False
    """Whether the case has, so that it stands in nobody's digest of their cases."""


@dataclass(frozen=True, slots=True)
class Reminder:
    """One person is told of one case. ``escalated``: as the lead, since others did not react."""

    person: int
    case: int
    what: WaitingFor
    escalated: bool
    has_ended: bool = False


def reminders(
    waiting: Iterable[Waiting],
    duty: Duty,
    calendar: Calendar,
    today: dt.date,
    leads: Sequence[int],
) -> list[Reminder]:
    """Who is reminded on this day: of each case once at most, of what has waited longest.

    Nobody is on a day on which the school does not work.
    """
    if not calendar.is_school_day(today):
        return []
    found: dict[tuple[int, int], Reminder] = {}
    for each in sorted(waiting, key=lambda one: (one.since, one.case, one.what)):
        due = each.what in AT_ONCE
        reminded = due or _past(each.since, duty.remind_after_days, calendar, today)
        escalated = not due and _past(each.since, duty.escalate_after_days, calendar, today)
        people = each.people or tuple(leads)
        if reminded:
            for person in people:
                reminder = Reminder(person, each.case, each.what, False, each.has_ended)
                found.setdefault((person, each.case), reminder)
        if escalated:
            for lead in leads:
                others = lead not in people
                reminder = Reminder(lead, each.case, each.what, others, each.has_ended)
                found.setdefault((lead, each.case), reminder)
    return list(found.values())


def _past(since: dt.date, days: int, calendar: Calendar, today: dt.date) -> bool:
    return today >= calendar.add_school_days(since, days)


def steps_due(since: dt.datetime, now: dt.datetime, minutes: int) -> int:
    """How often what is unread ``since`` has to be put before more people by ``now``: once every
    so many minutes."""
    return max(int((now - since) / dt.timedelta(minutes=minutes)), 0)
