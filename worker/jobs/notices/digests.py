"""Request a school's morning messages: its digests, the reminders, and the lead's weekly digest."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from store.actions.notices.notify import Notice, notify_people, notify_person
from store.actions.notices.tell_of_cover import tell_of_ended_covers
from store.db import repository
from store.db.unit_of_work import UnitOfWork
from store.delivery import outbox
from store.policies.versions import policy_in_force
from store.queries.cases.school_digest import cases_in_a_digest
from store.queries.cases.waiting import waiting_in
from store.queries.schools.responsible import responsible
from store.rules.access.permissions import Action, may
from store.rules.calendar import Calendar
from store.rules.model import NoticeKind, OutboxKind
from store.rules.notices.reminders import Reminder, WaitingFor, reminders
from worker.jobs.notices.data_requests import remind_of_data_requests


def request_digest(work: UnitOfWork, school: int, day: dt.date) -> None:
    """Put the school's digest of this day into the outbox, unless it was requested before."""
    outbox.put(work, OutboxKind.DIGEST, f"digest:{school}:{day}", school=school, day=day)


REPORT = "report:"
"""Begins the key of a school's report in its channel; the school and the day follow."""


def request_report(work: UnitOfWork, school: int, day: dt.date) -> None:
    """Put the school's report for its channel into the outbox, unless it was requested today."""
    outbox.put(work, OutboxKind.DIGEST, f"{REPORT}{school}:{day}", school=school, day=day)


def request_messages(work: UnitOfWork, school: int, day: dt.date) -> None:
    """Put into the outbox one message for each colleague of a school who has something to do today.

    Owners see what their own cases need in their digest. For every other case a reminder is sent,
    such as to a colleague who was asked for a view, a lead who reviews, or an owner who switched
    the digest off. What has waited too long goes to the lead.
    """
    remind_of_data_requests(work, school, day)
    published = policy_in_force(work.connection, school, day)
    if published is None:
        _tell_the_week(work, school, day, Calendar())
        return
    if not published.policy.calendar.is_school_day(day):
        return
    policy = published.policy
    in_digest = cases_in_a_digest(work.connection, school)
    told = responsible(work.connection, school)
    owners = sorted(set(in_digest.values()))
    notify_people(work, owners, Notice(NoticeKind.DIGEST, school, f"{school}:{day}", day=day))
    waiting = waiting_in(work.connection, school, policy.calendar, day)
    for reminder in reminders(waiting, policy.duty, policy.calendar, day, told):
        _remind(work, school, day, reminder, in_digest)
    tell_of_ended_covers(work, school, day)
    _tell_the_week(work, school, day, policy.calendar)


def _tell_the_week(work: UnitOfWork, school: int, day: dt.date, calendar: Calendar) -> None:
    """Request the lead's weekly digest on the week's first working day. A school without a policy
    gets it as well: nothing else tells its lead that no one is screened."""
    if not (calendar.is_school_day(day) and _begins_the_week(calendar, day)):
        return
    told = responsible(work.connection, school)
    news = Notice(NoticeKind.WEEK, school, f"{school}:{day}", day=day)
    notify_people(work, _of_the_week(work, school, told), news)


def _of_the_week(work: UnitOfWork, school: int, told: list[int]) -> list[int]:
    """Return those of these people who may read the weekly digest: it names cases and
    colleagues."""
    people = repository.actors(work.connection, told)
    return [each.id for each in people if may(each, Action.SEE, school)]


def _remind(
    work: UnitOfWork, school: int, day: dt.date, reminder: Reminder, in_digest: Mapping[int, int]
) -> None:
    is_in_theirs = in_digest.get(reminder.case) == reminder.person
    if is_in_theirs and not reminder.escalated:
        return
    kind = NoticeKind.ESCALATION if reminder.escalated else NoticeKind.REMINDER
    key = f"{reminder.case}:{day}"
    about = int(reminder.what)
    person = repository.actor(work.connection, reminder.person)
    if reminder.what in _FOR_DEPUTIES and not may(person, Action.SEE, school):
        # This notice also goes to stand-ins for the leads, who may otherwise see no case.
        kind = _FOR_DEPUTIES[reminder.what]
    notice = Notice(kind, school, key, case=reminder.case, about=about, day=day)
    notify_person(work, reminder.person, notice)


_FOR_DEPUTIES = {
    WaitingFor.REVIEW: NoticeKind.REVIEW,
    WaitingFor.RESOLUTION: NoticeKind.RESOLVE,
}


def _begins_the_week(calendar: Calendar, day: dt.date) -> bool:
    """Return whether this is the first day of its week on which the school works."""
    monday = day - dt.timedelta(days=day.weekday())
    earlier = (monday + dt.timedelta(days=number) for number in range(day.weekday()))
    return not any(calendar.is_school_day(each) for each in earlier)
