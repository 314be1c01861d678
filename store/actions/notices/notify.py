"""Telling one colleague something privately, through the outbox.

A notice says what it is about and nothing of it: its words are made when it is sent, of what is
true then, for a person whose roles are looked up then.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa

from store.db.unit_of_work import UnitOfWork
from store.delivery import outbox
from store.rules.model import NoticeKind, OutboxKind
from store.tables import notices


@dataclass(frozen=True, slots=True)
class Notice:
    """What a colleague is told: of which kind, about what.

    ``key`` names the occasion: the same kind and key tell a person once. ``about`` is the id of
    what it is about beside the case, which the kind tells: an ask, an alert, an emergency.
    """

    kind: NoticeKind
    school: int
    key: str
    case: int | None = None
    about: int | None = None
    day: dt.date | None = None
    not_before: dt.datetime | None = None


def notify(work: UnitOfWork, person: int, notice: Notice, *, by: int | None = None) -> None:
    """Have a member of staff told once.

    Nobody is told of their own action: ``by`` is who acted. While the person is covered, the
    cover is told instead; the worker finds out when it sends.
    """
    idem = f"notice:{notice.kind}:{notice.key}:{person}"
    if person == by or outbox.is_known(work, idem):
        return
    made = work.connection.execute(
        sa.insert(notices)
        .values(
            staff_id=person,
            school_id=notice.school,
            kind=notice.kind,
            case_id=notice.case,
            about=notice.about,
            day=notice.day,
            at=work.now,
        )
        .returning(notices.c.id)
    ).scalar_one()
    row = {
        "idem_key": idem,
        "kind": OutboxKind.NOTICE,
        "school_id": notice.school,
        "case_id": notice.case,
        "notice_id": made,
        "day": notice.day,
        "not_before": notice.not_before or work.now,
    }
    outbox.put_many(work, [row])
