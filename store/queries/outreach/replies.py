"""What came back to the mails of a case, and when its student was heard."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa

from store.encryption import Seal
from store.rules.model import AnswerKind
from store.rules.students.messages import PREFERENCES
from store.tables import cases, replies, sayings

heard = sa.union_all(
    sa.select(
        replies.c.case_id,
        replies.c.outreach_id,
        replies.c.received_at.label("at"),
        sa.false().label("is_wish"),
    ).where(replies.c.kind == AnswerKind.ANSWER),
    sa.select(
        sayings.c.case_id,
        sayings.c.outreach_id,
        sayings.c.at,
        sayings.c.kind.in_(PREFERENCES).label("is_wish"),
    ).where(sayings.c.case_id.is_not(None)),
).subquery("heard")
"""Every time that a student answered on a case: by mail, or by saying something for themselves.
``outreach_id`` is the mail that was answered, NULL where it was none. ``is_wish`` where they only
said how, or whether, they want to be written to."""


def times_heard(connection: sa.Connection, student: int, *, wishes: bool = True) -> int:
    """How often a student has answered, on whichever case; with or without their mere wishes."""
    query = (
        sa.select(sa.func.count())
        .select_from(heard)
        .join(cases, cases.c.id == heard.c.case_id)
        .where(cases.c.student_id == student)
    )
    if not wishes:
        query = query.where(sa.not_(heard.c.is_wish))
    counted: int = connection.execute(query).scalar_one()
    return counted


def came_back(
    connection: sa.Connection, seal: Seal, case_id: int, kind: AnswerKind
) -> tuple[tuple[dt.datetime, str], ...]:
    """(when, words) of everything of this kind, opened, oldest first. The caller has authorised
    and audited it."""
    rows = connection.execute(
        sa.select(replies.c.received_at, replies.c.body)
        .where(replies.c.case_id == case_id, replies.c.kind == kind)
        .order_by(replies.c.received_at, replies.c.id)
    )
    return tuple((row.received_at, seal.open(row.body)) for row in rows)


def answered_at(connection: sa.Connection, case_id: int) -> tuple[dt.datetime, ...]:
    """When the student answered a mail, oldest first."""
    rows = connection.execute(
        sa.select(replies.c.received_at)
        .where(replies.c.case_id == case_id, replies.c.kind == AnswerKind.ANSWER)
        .order_by(replies.c.received_at, replies.c.id)
    )
    return tuple(rows.scalars())


def answers_by_mail(
    connection: sa.Connection, seal: Seal
) -> dict[int, list[tuple[dt.datetime, str]]]:
    """Outreach → (when, words) of every answer to it, opened: for the sandbox's student."""
    found: dict[int, list[tuple[dt.datetime, str]]] = {}
    written = sa.select(replies).where(replies.c.kind == AnswerKind.ANSWER)
    for each in connection.execute(written.order_by(replies.c.received_at)):
        found.setdefault(each.outreach_id, []).append((each.received_at, seal.open(each.body)))
    return found
