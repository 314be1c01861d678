"""Read the replies to a case's emails, with their words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from store.encryption import Encryption
from store.rules.model import AnswerKind, Doubt
from store.tables import replies


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
    connection: sa.Connection, seal: Encryption, case_id: int
) -> Mapping[AnswerKind, tuple[tuple[dt.datetime, str], ...]]:
    """Map each kind to (when, words), decrypted, oldest first; the caller has audited it."""
    rows = connection.execute(
        sa.select(replies.c.kind, replies.c.received_at, replies.c.body)
        .where(replies.c.case_id == case_id)
        .order_by(replies.c.received_at, replies.c.id)
    ).all()
    return {
        kind: tuple((row.received_at, seal.open(row.body)) for row in rows if row.kind == kind)
        for kind in AnswerKind
    }


def answers_by_mail(
    connection: sa.Connection, seal: Encryption
) -> dict[int, list[tuple[dt.datetime, str]]]:
    """Map each outreach to (when, words) of its answers, decrypted: for the sandbox's student."""
    found: dict[int, list[tuple[dt.datetime, str]]] = {}
    written = sa.select(replies).where(replies.c.kind == AnswerKind.ANSWER)
    for each in connection.execute(written.order_by(replies.c.received_at)):
        found.setdefault(each.outreach_id, []).append((each.received_at, seal.open(each.body)))
    return found
