"""Read the replies to a case's emails, and say whether one may be unread."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from store.db.student_keys import keys_of, know_keys, open_all
from store.db.together import Together
from store.rules.cases.case import Outreach
from store.rules.model import AnswerKind, Doubt, TroubleKind
from store.tables import cases, outreach, replies, student_keys, troubles


@dataclass(frozen=True, slots=True)
class DoubtfulReply:
    """A message that waits for a decision, opened for a person who may know its author."""

    id: int
    case: int
    reference: str
    name: str
    doubt: Doubt
    at: dt.datetime
    words: str


def came_back(
    connection: sa.Connection, case_id: int
) -> Mapping[AnswerKind, tuple[tuple[dt.datetime, str], ...]]:
    """Map each kind to (when, words), decrypted, oldest first; the caller has audited it."""
    rows = connection.execute(
        sa.select(replies.c.kind, replies.c.received_at, replies.c.body)
        .where(replies.c.case_id == case_id)
        .order_by(replies.c.received_at, replies.c.id)
    ).all()
    said = list(zip(rows, open_all(connection, [row.body for row in rows]), strict=True))
    return {
        kind: tuple((row.received_at, words) for row, words in said if row.kind == kind)
        for kind in AnswerKind
    }


def answers_by_mail(connection: sa.Connection) -> dict[int, list[tuple[dt.datetime, str]]]:
    """Map each outreach to (when, words) of its answers, decrypted: for the sandbox's student.

    The same statement reads the keys of all students who have emails.
    """
    found: dict[int, list[tuple[dt.datetime, str]]] = {}
    written = sa.select(replies).where(replies.c.kind == AnswerKind.ANSWER)
    wrote = sa.select(cases.c.student_id).join(outreach, outreach.c.case_id == cases.c.id)
    rows, keys = Together(
        written.order_by(replies.c.received_at), keys_of(student_keys.c.student_id.in_(wrote))
    ).rows(connection)
    know_keys(connection, keys)
    words = open_all(connection, [row.body for row in rows])
    for each, said in zip(rows, words, strict=True):
        found.setdefault(each.outreach_id, []).append((each.received_at, said))
    return found


def may_have_answered(connection: sa.Connection, student: int, mail: Outreach) -> bool:
    """Return whether the student may have answered in a message that Lantern cannot read.

    True where the email's mailbox cannot be read, or where a message about this student that
    arrived after the approval cannot be read. No email is then sent until a colleague looks.
    """
    approved_at = (
        sa.select(outreach.c.approved_at).where(outreach.c.id == mail.id).scalar_subquery()
    )
    mailbox = sa.and_(
        troubles.c.kind == TroubleKind.MAILBOX,
        sa.func.lower(troubles.c.key) == mail.sender.lower(),
    )
    message = sa.and_(
        troubles.c.kind == TroubleKind.MESSAGE,
        troubles.c.case_id.in_(sa.select(cases.c.id).where(cases.c.student_id == student)),
        sa.func.coalesce(troubles.c.arrived_at, troubles.c.since) >= approved_at,
    )
    query = sa.select(troubles.c.id).where(sa.or_(mailbox, message)).limit(1)
    return connection.execute(query).first() is not None
