"""Read a private message to a colleague, with the facts for its words."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from store.db import repository
from store.queries.cases.contact_ladder import last_taken
from store.queries.cases.deciders import stands_in_on
from store.queries.deaths import has_died
from store.queries.flags.queue import HeldLine, held_line
from store.queries.schools.cover import stand_in
from store.queries.schools.responsible import stands_in_for_lead
from store.queries.schools.troubles import reason_of
from store.rules.cases.case import Actor, Case
from store.rules.cases.contact_ladder import Taken
from store.rules.errors import InvalidInput
from store.rules.letters.approval_basis import (
    BEFORE_CONTACT,
    IN_YOUR_NAME,
    LEFT_LADDER,
    NOTHING_LEFT,
)
from store.rules.model import NoticeKind, Platform
from store.rules.students.messages import Saying
from store.tables import asks, identities, notices, outreach, sayings, schools, staff


class ReadAgain(StrEnum):
    """Why Lantern returned a draft, such as that its records are out of date."""

    RECORDS = "records"
    CONTACT = "contact"
    OVER = "over"
    LEFT_LADDER = "left-ladder"
    AUTHOR = "author"


@dataclass(frozen=True, slots=True)
class NoticeView:
    """A private message and its reader. ``to`` is the cover while ``meant`` is away."""

    id: int
    kind: NoticeKind
    school: int
    to: Actor
    meant: Actor
    case: Case | None
    about: int | None
    day: dt.date | None
    asked_by: str = ""
    question: str = ""
    """By kind: a colleague's question; why an email was not sent; what needs a repair, '' once
    over.
    """
    said: Saying | None = None
    """The kind of a student's message."""
    held: HeldLine | None = None
    """The day on hold."""
    was_draft: bool = False
    """Of an email that is not sent: whether it had not been approved yet."""
    has_died: bool = False
    """Whether the student of the case is recorded as having died."""
    read_again: ReadAgain | None = None
    """Why Lantern returned a draft; None where a colleague did."""
    tried: Taken | None = None
    """The last contact step, for a message about the next one; None for none."""
    stands_in: bool = False
    """Whether this person still decides for the school's leads."""
    instead: str = ""
    """Why this person gets a message meant for others, such as a school without a lead; else ''."""


BESIDE_THE_COVER = frozenset(
    {
        *(NoticeKind.READ_NOW, NoticeKind.ALERT_NOW, NoticeKind.COVER_ENDED, NoticeKind.ANCHOR),
        *(NoticeKind.DATA_REQUEST, NoticeKind.DATA_NOW),
        *(NoticeKind.DATA_MAIL, NoticeKind.DATA_DUE),
    }
)
"""Sent to the person named, even while they are away: their cover is told as well, by name."""

DEPUTIES = frozenset({NoticeKind.RESOLVE, NoticeKind.REVIEW})
"""Kinds sent to those who deputise for the leads: to them in person, not to a cover."""


FOR_LEADS = frozenset(
    {
        NoticeKind.TROUBLE,
        NoticeKind.TROUBLE_OVER,
        NoticeKind.CHANNEL,
        NoticeKind.ALERT,
        NoticeKind.ALERT_NOW,
        NoticeKind.FITNESS,
        NoticeKind.UNANSWERED,
        NoticeKind.ESCALATION,
        NoticeKind.READ_NOW,
        NoticeKind.SAID,
        NoticeKind.HELD,
        NoticeKind.DEATH,
    }
)
"""Kinds sent to the school's leads, or to the people responsible where it has none."""


_ERASED = "What this message is about was erased."

SAY_THEIR_WORDS = frozenset({NoticeKind.TROUBLE_OVER, NoticeKind.ANCHOR, NoticeKind.DATA_MAIL})
"""Kinds whose stored words are the message itself."""


@dataclass(frozen=True, slots=True)
class Identity:
    """A colleague's account on one platform."""

    platform: Platform
    tenant: str
    user: str


def notice_view(connection: sa.Connection, notice_id: int, day: dt.date) -> NoticeView:
    """Return a private message with its reader and facts, as they are on this day.

    Raises ``InvalidInput`` where it, or what it is about, was erased meanwhile.
    """
    query = sa.select(notices).where(notices.c.id == notice_id)
    row = connection.execute(query).one_or_none()
    if row is None:
        raise InvalidInput(_ERASED)
    case = repository.case(connection, row.case_id) if row.case_id else None
    barred = case.barred if case else frozenset()
    kind, acting, stands_in = NoticeKind(row.kind), row.staff_id, False
    if case is not None and kind in DEPUTIES:
        review = kind is NoticeKind.REVIEW
        stands_in = stands_in_on(connection, case, row.staff_id, review=review)
    elif kind not in BESIDE_THE_COVER:
        acting = stand_in(connection, row.school_id, row.staff_id, day, barred)
    asker, question = "", ""
    if row.kind == NoticeKind.ASKED and row.about is not None:
        asker, question = connection.execute(
            sa.select(staff.c.name, asks.c.question)
            .join(asks, asks.c.asker_id == staff.c.id)
            .where(asks.c.id == row.about)
        ).one()
    said = None
    if row.kind == NoticeKind.SAID:
        kind_said = connection.execute(
            sa.select(sayings.c.kind).where(sayings.c.id == row.about)
        ).scalar_one_or_none()
        if kind_said is None:
            raise InvalidInput(_ERASED)
        said = Saying(kind_said)
    was_draft = False
    if row.kind == NoticeKind.NOT_SENT:
        question, approver = connection.execute(
            sa.select(outreach.c.not_sent, outreach.c.approver_id).where(outreach.c.id == row.about)
        ).one()
        was_draft = approver is None
    if row.kind == NoticeKind.TROUBLE and row.about is not None:
        question = reason_of(connection, row.about)
    if row.kind in SAY_THEIR_WORDS:
        question = row.words
    return NoticeView(
        id=row.id,
        kind=kind,
        school=row.school_id,
        to=repository.actor(connection, acting),
        meant=repository.actor(connection, row.staff_id),
        case=case,
        about=row.about,
        day=row.day,
        asked_by=asker,
        question=question,
        was_draft=was_draft,
        said=said,
        held=held_line(connection, row.about) if row.kind == NoticeKind.HELD else None,
        has_died=case is not None and has_died(connection, case.student),
        read_again=_read_again(connection, row) if kind is NoticeKind.RETURNED else None,
        tried=last_taken(connection, case.id) if case and kind is NoticeKind.PREPARED else None,
        stands_in=stands_in,
        instead=_instead(connection, row, case),
    )


def _read_again(connection: sa.Connection, row: Any) -> ReadAgain | None:
    draft = connection.execute(
        sa.select(outreach.c.returned, outreach.c.returned_by).where(outreach.c.id == row.about)
    ).one_or_none()
    if draft is None:
        return None
    if draft.returned.endswith(NOTHING_LEFT):
        return ReadAgain.OVER
    if draft.returned == IN_YOUR_NAME:
        return ReadAgain.AUTHOR
    if draft.returned == LEFT_LADDER:
        return ReadAgain.LEFT_LADDER
    if draft.returned_by is None:
        return ReadAgain.RECORDS
    return ReadAgain.CONTACT if draft.returned.endswith(BEFORE_CONTACT) else None


def _instead(connection: sa.Connection, row: Any, case: Case | None) -> str:
    """Return why a person gets a message meant for a lead, or for a colleague out of reach."""
    if row.words and row.kind not in SAY_THEIR_WORDS:
        return str(row.words)
    is_own = case is not None and case.owner == row.staff_id
    if is_own or row.kind not in FOR_LEADS:
        return ""
    if not stands_in_for_lead(connection, row.school_id, row.staff_id):
        return ""
    named = sa.select(schools.c.name).where(schools.c.id == row.school_id)
    school = connection.execute(named).scalar_one()
    return (
        f"{school} has no engagement lead, so Lantern tells you instead. Ask for one to be named."
    )


def identities_of(connection: sa.Connection, person: int) -> list[Identity]:
    """Return a colleague's accounts, in a fixed order."""
    rows = connection.execute(
        sa.select(identities.c.platform, identities.c.tenant, identities.c.user_id)
        .where(identities.c.staff_id == person)
        .order_by(identities.c.platform, identities.c.tenant, identities.c.user_id)
    )
    return [Identity(Platform(platform), tenant, user) for platform, tenant, user in rows]
