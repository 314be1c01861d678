"""Decide on reminders: once a working day, first to the owner, then to the lead (§26)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum

from store.rules.calendar import Calendar
from store.rules.policies.policy import Duty


class WaitingFor(IntEnum):
    """What a case waits for. Notices store the number."""

    VIEW = 1
    REACTION = 2
    APPROVAL = 3
    ASKED = 4
    ACKNOWLEDGEMENT = 5
    REVIEW = 6
    RESOLUTION = 7
    QUESTION = 8
    CLOSING = 9


SAYS: dict[WaitingFor, str] = {
    WaitingFor.VIEW: "{case} is waiting for a first view.",
    WaitingFor.REACTION: "The student of {case} has answered. Reply, or log a contact.",
    WaitingFor.APPROVAL: "An email of {case} is waiting to be read and approved.",
    WaitingFor.ASKED: "A colleague has asked what you think about {case}.",
    WaitingFor.ACKNOWLEDGEMENT: "{case} is waiting to be acknowledged.",
    WaitingFor.REVIEW: "A colleague used the welfare route on {case}. Review it.",
    WaitingFor.RESOLUTION: "The informal step of the complaint about {case} is due.",
    WaitingFor.QUESTION: (
        "The student of {case} reported a mistake or asked for an absence, and waits for an answer."
    ),
    WaitingFor.CLOSING: "Every reason for {case} has ended. Close it, or pause it and say why.",
}

AT_ONCE = frozenset({WaitingFor.REVIEW, WaitingFor.RESOLUTION})
"""Due as soon as they are found, without a number of days."""


OUTLAST_THE_CASE = frozenset({WaitingFor.REVIEW, WaitingFor.RESOLUTION, WaitingFor.QUESTION})
"""Still due after a case is closed, since a person waits for them."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """Something that a case waits for, since when, and the ids of the staff who can do it."""

    case: int
    what: WaitingFor
    since: dt.date
    people: tuple[int, ...]
    """Empty: for no one in particular, so for the lead."""


@dataclass(frozen=True, slots=True)
class Reminder:
    """A reminder to one person about one case. ``escalated``: to the lead, after others."""

    person: int
    case: int
    what: WaitingFor
    escalated: bool


def reminders(
    waiting: Iterable[Waiting],
    duty: Duty,
    calendar: Calendar,
    today: dt.date,
    leads: Sequence[int],
) -> list[Reminder]:
    """List the reminders of this day: at most one for each case, for what has waited longest.

    There are none on a day on which the school does not work.
    """
    if not calendar.is_school_day(today):
        return []
    found: dict[tuple[int, int], Reminder] = {}
    for each in sorted(waiting, key=lambda one: (one.since, one.case, one.what)):
        due = each.what in AT_ONCE
        reminded = due or _past(each.since, duty.remind_after_days, calendar, today)
        escalated = is_overdue(each, duty, calendar, today)
        people = each.people or tuple(leads)
        if reminded:
            for person in people:
                reminder = Reminder(person, each.case, each.what, False)
                found.setdefault((person, each.case), reminder)
        if escalated:
            for lead in leads:
                others = lead not in people
                reminder = Reminder(lead, each.case, each.what, others)
                found.setdefault((lead, each.case), reminder)
    return list(found.values())


def is_overdue(each: Waiting, duty: Duty, calendar: Calendar, today: dt.date) -> bool:
    """Return whether something has waited so long that the lead hears of it."""
    is_past = _past(each.since, duty.escalate_after_days, calendar, today)
    return each.what not in AT_ONCE and is_past


def _past(since: dt.date, days: int, calendar: Calendar, today: dt.date) -> bool:
    return today >= calendar.add_school_days(since, days)


def steps_due(since: dt.datetime, now: dt.datetime, minutes: int) -> int:
    """Return how many escalations of a message unread ``since`` are due by ``now``.

    There is one every ``minutes``.
    """
    return max(int((now - since) / dt.timedelta(minutes=minutes)), 0)
