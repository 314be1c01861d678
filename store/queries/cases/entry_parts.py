"""Select what happened on cases, of every kind, in the columns of ``RecordEntry``."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from store.queries.students.messages import WAITS
from store.rules.model import AnswerKind, OutboxState, OutreachStatus
from store.tables import (
    NOTE_IS_FOR_ALL,
    alerts,
    asks,
    attempts,
    automatic_replies,
    emergencies,
    interventions,
    outbox,
    outreach,
    referrals,
    replies,
    sayings,
    schools,
    staff,
    views,
)
from store.tables.base import Instant

_BY, _OTHER = staff.alias("by"), staff.alias("other")
_NO_WORDS = sa.literal("", sa.Text)
_EMPTY: dict[str, sa.ColumnElement[Any]] = {
    "part": _NO_WORDS,
    "id": sa.literal(0, sa.BigInteger),
    "at": sa.cast(sa.null(), Instant),
    "who": _NO_WORDS,
    "other": sa.cast(sa.null(), sa.Text),
    "what": _NO_WORDS,
    "result": _NO_WORDS,
    "words": _NO_WORDS,
    "holds": sa.literal(False, sa.Boolean),
    "on": sa.cast(sa.null(), sa.Date),
    "author": sa.literal(0, sa.BigInteger),
    "readers": sa.cast(sa.null(), sa.JSON),
    "leaves": sa.cast(sa.null(), Instant),
    "about": _NO_WORDS,
    "approved_at": sa.cast(sa.null(), Instant),
    "sent_at": sa.cast(sa.null(), Instant),
}
"""The columns of every part, in the order of ``RecordEntry``, with the value for absent ones."""


def _part(name: str, table: sa.Table, **columns: sa.ColumnElement[Any]) -> sa.Select[Any]:
    known = {"part": sa.literal(name, sa.Text), "id": table.c.id, **columns}
    return sa.select(
        table.c.case_id, *(known.get(each, empty).label(each) for each, empty in _EMPTY.items())
    ).select_from(table)


def _part_by(
    name: str,
    table: sa.Table,
    by: sa.ColumnElement[int],
    other: sa.ColumnElement[int | None] | None = None,
    **columns: sa.ColumnElement[Any],
) -> sa.Select[Any]:
    """Select a part with the name of its author and, where there is ``other``, of a second one."""
    known = {"who": _BY.c.name, **columns}
    if other is None:
        return _part(name, table, **known).join(_BY, _BY.c.id == by)
    whole = _part(name, table, other=_OTHER.c.name, **known).join(_BY, _BY.c.id == by)
    return whole.outerjoin(_OTHER, _OTHER.c.id == other)


def _replies(name: str, kind: AnswerKind) -> sa.Select[Any]:
    came = _part(name, replies, at=replies.c.received_at, what=replies.c.doubt)
    return came.where(replies.c.kind == kind)


def leaves_at() -> sa.ScalarSelect[Any]:
    """Select when an approved email may be sent; NULL once it has been, and for other emails."""
    return (
        sa.select(sa.func.max(outbox.c.not_before))
        .where(
            outbox.c.outreach_id == outreach.c.id,
            outbox.c.state == OutboxState.DUE,
            outreach.c.status == OutreachStatus.APPROVED,
        )
        .correlate(outreach)
        .scalar_subquery()
    )


_REFUSED = (
    sa.select(sa.func.max(outbox.c.settled_at))
    .where(
        outbox.c.outreach_id == outreach.c.id,
        outreach.c.status == OutreachStatus.CANCELLED,
        outreach.c.not_sent != "",
    )
    .correlate(outreach)
    .scalar_subquery()
)
"""The day on which an approved email was refused, for one that was not sent."""

PARTS: dict[str, tuple[sa.Table, sa.Select[Any]]] = {
    "views": (
        views,
        _part_by(
            "views",
            views,
            views.c.author_id,
            at=views.c.at,
            what=views.c.opinion,
            words=views.c.reason,
            author=views.c.author_id,
        ),
    ),
    "interventions": (
        interventions,
        _part_by(
            "interventions",
            interventions,
            interventions.c.author_id,
            at=interventions.c.at,
            what=interventions.c.kind,
            on=interventions.c.happened_on,
            words=sa.case((NOTE_IS_FOR_ALL, interventions.c.note), else_=""),
            holds=interventions.c.reached.is_not(False),
            author=interventions.c.author_id,
            readers=interventions.c.readable_by,
        ),
    ),
    "mails": (
        outreach,
        _part_by(
            "mails",
            outreach,
            outreach.c.drafter_id,
            outreach.c.approver_id,
            at=sa.func.coalesce(
                outreach.c.sent_at, _REFUSED, outreach.c.approved_at, outreach.c.drafted_at
            ),
            what=outreach.c.rung,
            result=outreach.c.status,
            words=outreach.c.not_sent,
            holds=outreach.c.prepared,
            leaves=leaves_at(),
            about=outreach.c.purpose,
            approved_at=outreach.c.approved_at,
            sent_at=outreach.c.sent_at,
        ),
    ),
    "attempts": (
        attempts,
        _part_by(
            "attempts",
            attempts,
            attempts.c.author_id,
            at=attempts.c.at,
            what=attempts.c.rung,
            result=attempts.c.result,
            author=attempts.c.author_id,
        ),
    ),
    "alerts": (
        alerts,
        _part_by(
            "alerts",
            alerts,
            alerts.c.alerted_by,
            alerts.c.acknowledged_by,
            at=alerts.c.at,
            what=schools.c.name,
            words=alerts.c.why,
        ).join(schools, schools.c.id == alerts.c.from_school_id),
    ),
    "referrals": (
        referrals,
        _part_by(
            "referrals",
            referrals,
            referrals.c.author_id,
            at=referrals.c.at,
            what=referrals.c.service_name,
            words=referrals.c.note,
            holds=referrals.c.consented,
            author=referrals.c.author_id,
        ),
    ),
    "emergencies": (
        emergencies,
        _part_by(
            "emergencies",
            emergencies,
            emergencies.c.used_by,
            emergencies.c.reviewed_by,
            at=emergencies.c.at,
            words=emergencies.c.why,
            holds=emergencies.c.reviewed_at.is_not(None),
            author=emergencies.c.used_by,
        ),
    ),
    "asked": (
        asks,
        _part_by("asked", asks, asks.c.asked_id, at=asks.c.at, author=asks.c.asked_id).where(
            asks.c.answered_at.is_(None)
        ),
    ),
    "said": (
        sayings,
        _part(
            "said",
            sayings,
            at=sayings.c.at,
            what=sayings.c.kind,
            result=sa.func.coalesce(sayings.c.way, ""),
            holds=WAITS,
        ),
    ),
    "answers": (replies, _replies("answers", AnswerKind.ANSWER)),
    "doubts": (replies, _replies("doubts", AnswerKind.DOUBTFUL)),
    "automatic": (replies, _replies("automatic", AnswerKind.AUTOMATIC)),
    "automatic_replies": (
        automatic_replies,
        _part("automatic_replies", automatic_replies, at=automatic_replies.c.sent_at).where(
            automatic_replies.c.sent_at.is_not(None)
        ),
    ),
}
EVERY = sa.union_all(
    *(
        part.where(table.c.case_id.in_(sa.bindparam("these", expanding=True)))
        for table, part in PARTS.values()
    )
)
"""Built once: building the statement takes longer than running it."""
