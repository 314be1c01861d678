"""Remind data protection officers of students' requests about data, and show them (§28)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from bot.cards.data_requests import READ_NOW, request_notice, requests_card
from bot.cards.kit.model import Card
from integrations.bootstrap import Services
from store.actions.notices.notify import Notice, notify_each, notify_people
from store.actions.notices.troubles import end_within, note_within
from store.actions.privacy.data_requests import no_officer
from store.db.unit_of_work import UnitOfWork
from store.queries.notices.notices import NoticeView
from store.queries.privacy.data_requests import (
    DataRequest,
    data_request,
    open_requests,
    who_knows,
)
from store.queries.schools.staff import protection_officers
from store.rules.access.permissions import Action, may
from store.rules.calendar import institution_day
from store.rules.model import NoticeKind
from store.rules.students.bank_holidays import working_day_from

KINDS = frozenset(
    {NoticeKind.DATA_REQUEST, NoticeKind.DATA_NOW, NoticeKind.DATA_MAIL, NoticeKind.DATA_DUE}
)


def remind_of_data_requests(work: UnitOfWork, school: int, day: dt.date) -> None:
    """Request the officers' morning message where something is due within a week or overdue, and on
    Mondays where anything is open.

    It comes on working days as the law counts them, also to a school without a policy.
    """
    if working_day_from(day) != day:
        return
    waiting = open_requests(work.connection, [school], day)
    told = protection_officers(work.connection, school)
    if waiting and not told:
        note_within(work, no_officer(school))
        return
    end_within(work, no_officer(school))
    _tell_who_came_later(work, school, told, waiting)
    if not any(each.dates.is_near(day) for each in waiting) and not (waiting and not day.weekday()):
        return
    notify_people(work, told, Notice(NoticeKind.DATA_DUE, school, f"{school}:{day}", day=day))


def _tell_who_came_later(
    work: UnitOfWork, school: int, told: Collection[int], waiting: Collection[DataRequest]
) -> None:
    """Tell officers of requests that students made before they became officers."""
    numbers = [each.id for each in waiting if not each.is_recorded]
    known = who_knows(work.connection, numbers)
    notify_each(
        work,
        (
            (person, Notice(NoticeKind.DATA_REQUEST, school, str(number), about=number))
            for number in numbers
            for person in told
            if (person, number) not in known
        ),
    )


def data_card(services: Services, view: NoticeView) -> Card | None:
    """Build a message to an officer; None where it is over, or they are no officer any more."""
    if not may(view.to, Action.DATA_REQUESTS, view.school):
        return None
    today = institution_day(services.now())
    with services.store.database.read() as connection:
        if view.about is None:
            found = open_requests(connection, [view.school], today)
            return requests_card(found, today) if found else None
        asked = data_request(connection, view.about, today)
    if asked is None:
        return None
    if view.kind is NoticeKind.DATA_NOW:
        return request_notice(asked, today, READ_NOW)
    if view.kind is NoticeKind.DATA_MAIL:
        return request_notice(asked, today, view.question)
    return request_notice(asked, today) if asked.is_open else None
