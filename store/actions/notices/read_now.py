"""Ask people to read a student's urgent words at once, at any hour.

No label or diagnosis is stored: only that people were asked, and who has read it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable

import sqlalchemy as sa

from store.actions.notices.notify import Notice, notify_people
from store.db import repository
from store.db.repository import colleague_with_address
from store.db.unit_of_work import UnitOfWork
from store.policies.versions import policy_in_force
from store.queries.cases.owner_suggestions import default_owners
from store.queries.schools.cover import stand_in
from store.queries.schools.responsible import responsible
from store.rules.access.permissions import Action, may
from store.rules.calendar import institution_day
from store.rules.cases.case import Case
from store.rules.model import NoticeKind
from store.rules.students.urgent_words import may_speak_of_danger
from store.tables import notices

WORKER = "system:reading"


def have_it_read(
    work: UnitOfWork,
    words: str,
    *,
    key: str,
    student: int,
    school: int,
    case: Case | None = None,
    about: int | None = None,
    quoting: str = "",
) -> bool:
    """Ask people to read a student's words now, where they may speak of danger to life.

    ``key`` names the message, ``about`` a student's message without a case, ``quoting`` the email
    that is answered. Asks the owner, the person who covers for them today, and the school's duty
    contact; the leads where the policy names none. Returns whether it asked.
    """
    if not may_speak_of_danger(words, quoting):
        return False
    people = who_reads_now(work, student, school, case)
    told = Notice(NoticeKind.READ_NOW, school, key, case.id if case else None, about)
    notify_people(work, people, told)
    work.record(
        WORKER,
        "ask-to-read",
        f"case:{case.id}" if case else f"student:{student}",
        people=len(people),
    )
    return True


def mark_read(
    work: UnitOfWork, person: int, *, case: int | None = None, saying: int | None = None
) -> None:
    """Record that a person who was asked to read now has read it."""
    which = []
    if case is not None:
        which.append(notices.c.case_id == case)
    if saying is not None:
        which.append(sa.and_(notices.c.case_id.is_(None), notices.c.about == saying))
    work.connection.execute(
        sa.update(notices)
        .where(
            notices.c.kind == NoticeKind.READ_NOW,
            notices.c.staff_id == person,
            notices.c.read_at.is_(None),
            sa.or_(*which),
        )
        .values(read_at=work.now)
    )


def readers_of(
    work: UnitOfWork, student: int, school: int, case: Case | None, day: dt.date
) -> list[int]:
    """Return who reads a student's words in working hours: owner or cover first, then leads."""
    connection = work.connection
    barred = case.barred if case else frozenset[int]()
    owner = case.owner if case else None
    if owner is None:
        (owner,) = default_owners(connection, school, [student], day, barred)
    acting = [stand_in(connection, school, owner, day, barred), owner] if owner else []
    return _able(work, school, [*acting, *responsible(connection, school)], barred)


def who_reads_now(work: UnitOfWork, student: int, school: int, case: Case | None) -> list[int]:
    """Return the ids of the staff who are asked to read an urgent message."""
    connection, day = work.connection, institution_day(work.now)
    barred = case.barred if case else frozenset[int]()
    owner = case.owner if case else None
    if owner is None:
        (owner,) = default_owners(connection, school, [student], day, barred)
    published = policy_in_force(connection, school, day)
    contact = published.policy.urgent.duty_contact if published else ""
    on_duty = colleague_with_address(connection, contact) if contact else None
    people = [owner, stand_in(connection, school, owner, day, barred)] if owner else []
    people += [on_duty] if on_duty is not None else responsible(connection, school)
    return _able(work, school, people, barred) or responsible(connection, school, barred)


def _able(
    work: UnitOfWork, school: int, people: Iterable[int], barred: Collection[int]
) -> list[int]:
    """Return those who may read a student's words, each once, in this order."""
    able = [each for each in dict.fromkeys(people) if each not in barred]
    may_read = {
        each.id
        for each in repository.actors(work.connection, able)
        if may(each, Action.REVEAL, school)
    }
    return [each for each in able if each in may_read]
