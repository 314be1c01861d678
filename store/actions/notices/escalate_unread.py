"""Tell more people, once each, about an urgent message or alert that is not read in time.

First the cover and the engagement leads are told, then everyone of the school who may read it.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from store.actions.disclose import LOOKS
from store.actions.notices.notify import Notice, notify_person
from store.db import repository
from store.db.unit_of_work import Store, UnitOfWork
from store.policies.versions import policy_in_force
from store.queries.schools.cover import stand_in
from store.queries.schools.responsible import responsible
from store.queries.schools.staff import colleagues
from store.rules.access.disclosures import SHOWS_NO_READER, Shows
from store.rules.access.permissions import Action, may
from store.rules.calendar import institution_day
from store.rules.model import NoticeKind
from store.rules.notices.reminders import steps_due
from store.rules.policies.policy import Urgent
from store.tables import alerts, audit, cases, notices, sayings

WORKER = "system:reading"
LOOKS_BACK = dt.timedelta(days=3)
"""How long after its arrival a message is escalated; each step comes within hours."""


@dataclass(frozen=True, slots=True)
class UnreadMessage:
    """What no one has read: a student's message, on a case or without one (``about``), or another
    school's alert (``about``) on a case."""

    kind: NoticeKind
    school: int
    case: int | None
    about: int | None
    since: dt.datetime
    at_once: frozenset[int]
    """The people asked when it arrived."""
    asked: frozenset[int]
    """Everyone who has been asked so far."""


def unread_messages(store: Store) -> list[UnreadMessage]:
    """Return each message and alert that people were asked to read and no one has read yet."""
    with store.database.read() as connection:
        return list(_unread(connection, store.now()))


def escalate_unread(store: Store, unread: UnreadMessage) -> int:
    """Ask the next people about a message if it is unread for too long; returns how many."""
    with store.unit_of_work() as work:
        return _escalate(work, unread)


def _unread(connection: sa.Connection, now: dt.datetime) -> Iterator[UnreadMessage]:
    rows = connection.execute(
        sa.select(notices)
        .outerjoin(cases, cases.c.id == notices.c.case_id)
        .where(
            notices.c.kind.in_(_URGENT),
            notices.c.at >= now - LOOKS_BACK,
            cases.c.erased_at.is_(None),
        )
        .order_by(notices.c.id)
    )
    matters: defaultdict[tuple[NoticeKind, int | None, int | None], list[Any]] = defaultdict(list)
    for row in rows:
        # Reading a case counts as reading all that was written on it.
        about = None if row.case_id else row.about
        matters[NoticeKind(row.kind), row.case_id, about].append(row)
    for (kind, case, about), asked in matters.items():
        read = _last_read(connection, kind, case, asked)
        waiting = [row for row in asked if read is None or row.at > read]
        if waiting:
            yield UnreadMessage(
                kind,
                waiting[0].school_id,
                case,
                waiting[0].about if kind is NoticeKind.ALERT_NOW else about,
                waiting[0].at,
                frozenset(row.staff_id for row in waiting if row.at == waiting[0].at),
                frozenset(row.staff_id for row in waiting),
            )


_SHOWN_WITH = {NoticeKind.READ_NOW: Shows.ANSWERS, NoticeKind.ALERT_NOW: Shows.NOTES}
"""What a person who reads a student's words, or an alert, is shown with them."""
_URGENT = sorted(_SHOWN_WITH)


def _last_read(
    connection: sa.Connection, kind: NoticeKind, case: int | None, asked: Sequence[Any]
) -> dt.datetime | None:
    """Return when it was last read, by a person who was asked or by another colleague."""
    times = [row.read_at for row in asked if row.read_at is not None]
    if case is not None:
        opened = connection.execute(
            sa.select(audit.c.at, audit.c.details).where(
                audit.c.subject == f"case:{case}",
                audit.c.action.in_(LOOKS),
                audit.c.at >= asked[0].at,
            )
        )
        times += [
            row.at
            for row in opened
            if _SHOWN_WITH[kind] in row.details.get("shows", "")
            and row.details.get("purpose") not in SHOWS_NO_READER
        ]
    if kind is NoticeKind.ALERT_NOW:
        seen = sa.select(alerts.c.acknowledged_at).where(
            alerts.c.case_id == case, alerts.c.acknowledged_at >= asked[0].at
        )
        times += connection.execute(seen).scalars()
    return max(times, default=None)


def _escalate(work: UnitOfWork, unread: UnreadMessage) -> int:
    connection, day = work.connection, institution_day(work.now)
    published = policy_in_force(connection, unread.school, day)
    urgent = published.policy.urgent if published else Urgent()
    steps = steps_due(unread.since, work.now, urgent.read_within_minutes)
    case = repository.case(connection, unread.case) if unread.case else None
    barred = case.barred if case else frozenset[int]()
    covers = [
        stand_in(connection, unread.school, each, day, barred) for each in sorted(unread.at_once)
    ]
    leading = responsible(connection, unread.school, barred)
    wanted = _able(connection, [*covers, *leading], unread, barred)
    if steps > 1 or unread.at_once.issuperset(wanted):
        everyone = [each.id for each in colleagues(connection, unread.school, _reads(unread))]
        wanted += _able(connection, everyone, unread, barred)
    new = [each for each in dict.fromkeys(wanted) if each not in unread.asked]
    people = new if steps else []
    key = f"late:{unread.case or 0}:{unread.about or 0}:{unread.since.isoformat()}"
    for person in people:
        told = Notice(unread.kind, unread.school, key, unread.case, unread.about)
        notify_person(work, person, told)
    if people:
        work.record(WORKER, "ask-more-to-read", _subject(work, unread), people=len(people))
    return len(people)


def _subject(work: UnitOfWork, unread: UnreadMessage) -> str:
    """Return its subject for the audit: the case, or the student of a message without one."""
    if unread.case:
        return f"case:{unread.case}"
    query = sa.select(sayings.c.student_id).where(sayings.c.id == unread.about)
    return f"student:{work.connection.execute(query).scalar_one()}"


def _able(
    connection: sa.Connection, people: Sequence[int], unread: UnreadMessage, barred: frozenset[int]
) -> list[int]:
    """Return those of these people who may read it."""
    asked = repository.actors(connection, [each for each in people if each not in barred])
    return [each.id for each in asked if may(each, _reads(unread), unread.school)]


def _reads(unread: UnreadMessage) -> Action:
    """What a person has to be allowed to do: an alert holds no words of the student's."""
    return Action.SEE if unread.kind is NoticeKind.ALERT_NOW else Action.REVEAL
