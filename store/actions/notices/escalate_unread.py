"""Tell more people, once each, about a student's message that is not read in time.

First the cover and the engagement leads are told, then everyone of the school who may read it.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from store.actions.disclose import Implied, Shows
from store.actions.notices.notify import Notice, notify_person
from store.db import repository
from store.db.unit_of_work import Store, UnitOfWork
from store.policies.versions import policy_in_force
from store.queries.schools.cover import stand_in
from store.queries.schools.responsible import responsible
from store.queries.schools.staff import colleagues
from store.rules.access.permissions import Action, may
from store.rules.calendar import institution_day
from store.rules.model import NoticeKind
from store.rules.notices.reminders import steps_due
from store.rules.policies.policy import Urgent
from store.tables import audit, cases, notices, sayings

WORKER = "system:reading"
LOOKS_BACK = dt.timedelta(days=3)
"""How long after its arrival a message is escalated; each step comes within hours."""


@dataclass(frozen=True, slots=True)
class Unread:
    """A student's message that no one has read: on a case, or a message without one (``about``)."""

    school: int
    case: int | None
    about: int | None
    since: dt.datetime
    at_once: frozenset[int]
    """The people asked when it arrived."""
    asked: frozenset[int]
    """Everyone who has been asked so far."""


def unread_messages(store: Store) -> list[Unread]:
    """Return each message that people were asked to read and that no one has read yet."""
    with store.database.read() as connection:
        return list(_unread(connection, store.now()))


def escalate_unread(store: Store, unread: Unread) -> int:
    """Ask the next people about a message if it is unread for too long; returns how many."""
    with store.unit_of_work() as work:
        return _escalate(work, unread)


def _unread(connection: sa.Connection, now: dt.datetime) -> Iterator[Unread]:
    rows = connection.execute(
        sa.select(notices)
        .outerjoin(cases, cases.c.id == notices.c.case_id)
        .where(
            notices.c.kind == NoticeKind.READ_NOW,
            notices.c.at >= now - LOOKS_BACK,
            cases.c.erased_at.is_(None),
        )
        .order_by(notices.c.id)
    )
    matters: defaultdict[tuple[int | None, int | None], list[Any]] = defaultdict(list)
    for row in rows:
        # Reading a case counts as reading all that was written on it.
        matters[row.case_id, None if row.case_id else row.about].append(row)
    for (case, about), asked in matters.items():
        read = _last_read(connection, case, asked)
        waiting = [row for row in asked if read is None or row.at > read]
        if waiting:
            yield Unread(
                waiting[0].school_id,
                case,
                about,
                waiting[0].at,
                frozenset(row.staff_id for row in waiting if row.at == waiting[0].at),
                frozenset(row.staff_id for row in waiting),
            )


_NO_READING = frozenset({Implied.SANDBOX, Implied.EXPORTING})
"""A page of the sandbox that plays the student, and an export, show an answer to no one who acts on
it, so they end no alarm."""


def _last_read(
    connection: sa.Connection, case: int | None, asked: Sequence[Any]
) -> dt.datetime | None:
    """Return when it was last read, by a person who was asked or by another colleague."""
    times = [row.read_at for row in asked if row.read_at is not None]
    if case is not None:
        opened = connection.execute(
            sa.select(audit.c.at, audit.c.details).where(
                audit.c.subject == f"case:{case}",
                audit.c.action == "reveal",
                audit.c.at >= asked[0].at,
            )
        )
        times += [
            row.at
            for row in opened
            if Shows.ANSWERS in row.details.get("shows", "")
            and row.details.get("purpose") not in _NO_READING
        ]
    return max(times, default=None)


def _escalate(work: UnitOfWork, unread: Unread) -> int:
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
        everyone = [each.id for each in colleagues(connection, unread.school, Action.REVEAL)]
        wanted += _able(connection, everyone, unread, barred)
    new = [each for each in dict.fromkeys(wanted) if each not in unread.asked]
    people = new if steps else []
    key = f"late:{unread.case or 0}:{unread.about or 0}:{unread.since.isoformat()}"
    for person in people:
        told = Notice(NoticeKind.READ_NOW, unread.school, key, unread.case, unread.about)
        notify_person(work, person, told)
    if people:
        work.record(WORKER, "ask-more-to-read", _subject(work, unread), people=len(people))
    return len(people)


def _subject(work: UnitOfWork, unread: Unread) -> str:
    """Return its subject for the audit: the case, or the student of a message without one."""
    if unread.case:
        return f"case:{unread.case}"
    query = sa.select(sayings.c.student_id).where(sayings.c.id == unread.about)
    return f"student:{work.connection.execute(query).scalar_one()}"


def _able(
    connection: sa.Connection, people: Sequence[int], unread: Unread, barred: frozenset[int]
) -> list[int]:
    """Return those of these people who may read it."""
    asked = repository.actors(connection, [each for each in people if each not in barred])
    return [each.id for each in asked if may(each, Action.REVEAL, unread.school)]
