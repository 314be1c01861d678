"""List emails that were sent or wait to be sent, for the sandbox's pages."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa

from store.db import repository
from store.db.student_keys import keys_of, know_keys, open_notes, open_words
from store.db.together import Together
from store.queries.outreach.replies import answers_by_mail
from store.rules.model import EMAILS, OutboxKind, OutboxState, OutreachStatus
from store.rules.students.data_steps import LETTER_KEY
from store.tables import (
    automatic_replies,
    cases,
    data_letters,
    outbox,
    outreach,
    schools,
    student_keys,
    students,
)


@dataclass(frozen=True, slots=True)
class OutboxLine:
    """An outbox row in words. Only an email has a recipient, a subject and a body."""

    id: int
    kind: OutboxKind
    state: OutboxState
    at: dt.datetime
    case: int | None
    reference: str | None
    school_name: str
    recipient: str
    subject: str
    body: str
    trouble: str


@dataclass(frozen=True, slots=True)
class SentMail:
    """An email to a student, with the student's answers."""

    outreach: int
    case: int
    student: int
    student_name: str
    school_name: str
    sender: str
    subject: str
    body: str
    sent_at: dt.datetime
    provider_ref: str
    answers: tuple[tuple[dt.datetime, str], ...]
    replies: tuple[tuple[dt.datetime, str], ...] = ()
    """The automatic replies to them."""


def outbox_lines(
    connection: sa.Connection, *, mails: bool, limit: int = 100, skip: int = 0
) -> list[OutboxLine]:
    """Return rows of the outbox, newest first, for the sandbox's page.

    With ``mails`` only emails, otherwise everything else, so that many cards cannot hide an email.
    """
    is_mail = outbox.c.kind.in_(EMAILS)
    replied, about = automatic_replies.c, data_letters.c
    asked = (
        sa.select(
            outbox.c.id,
            outbox.c.kind,
            outbox.c.state,
            sa.func.coalesce(outbox.c.settled_at, outbox.c.not_before).label("at"),
            outbox.c.case_id,
            cases.c.reference,
            schools.c.name.label("school_name"),
            sa.func.coalesce(outreach.c.recipient, replied.recipient, about.recipient).label(
                "recipient"
            ),
            sa.func.coalesce(outreach.c.subject, replied.subject, about.subject).label("subject"),
            sa.func.coalesce(outreach.c.body, replied.body).label("body"),
            about.body.label("about_data"),
            outbox.c.trouble,
        )
        .join(schools, schools.c.id == outbox.c.school_id)
        .outerjoin(cases, cases.c.id == outbox.c.case_id)
        .outerjoin(outreach, outreach.c.id == outbox.c.outreach_id)
        .outerjoin(
            automatic_replies,
            sa.and_(
                outbox.c.kind == OutboxKind.AUTOMATIC_REPLY,
                replied.case_id == outbox.c.case_id,
                replied.day == outbox.c.day,
            ),
        )
        .outerjoin(
            data_letters,
            outbox.c.idem_key == sa.literal(LETTER_KEY) + sa.cast(about.id, sa.Text),
        )
        .where(is_mail if mails else ~is_mail)
        .order_by(outbox.c.id.desc())
        .limit(limit)
        .offset(skip)
    )
    emailed = sa.select(cases.c.student_id).join(outbox, outbox.c.case_id == cases.c.id)
    keys = keys_of(student_keys.c.student_id.in_(emailed.where(is_mail)))
    rows, known = Together(asked, keys).rows(connection)
    know_keys(connection, known)
    subjects = open_notes(connection, [row.subject or "" for row in rows])
    bodies = open_notes(connection, [row.body or "" for row in rows])
    return [
        OutboxLine(
            id=row.id,
            kind=OutboxKind(row.kind),
            state=OutboxState(row.state),
            at=row.at,
            case=row.case_id,
            reference=row.reference,
            school_name=row.school_name,
            recipient=row.recipient or "",
            subject=subject,
            body=body or open_words(connection, row.about_data or ""),
            trouble=row.trouble or "",
        )
        for row, subject, body in zip(rows, subjects, bodies, strict=True)
    ]


def sent_mails(connection: sa.Connection) -> list[SentMail]:
    """Return every email that was sent, newest first."""
    rows = connection.execute(
        sa.select(outreach, students, schools.c.name.label("school_name"), outbox.c.provider_ref)
        .join(cases, cases.c.id == outreach.c.case_id)
        .join(students, students.c.id == cases.c.student_id)
        .join(schools, schools.c.id == cases.c.school_id)
        .join(outbox, outbox.c.outreach_id == outreach.c.id)
        .where(outreach.c.status == OutreachStatus.SENT)
        .order_by(outreach.c.sent_at.desc(), outreach.c.id.desc())
    ).all()
    answered = answers_by_mail(connection)
    replied: dict[int, list[tuple[dt.datetime, str]]] = {}
    automatic = connection.execute(
        sa.select(automatic_replies)
        .where(automatic_replies.c.sent_at.is_not(None))
        .order_by(automatic_replies.c.id)
    ).all()
    # All at once, so that the keys of all students take one statement.
    words = open_notes(connection, [each.body for each in (*automatic, *rows)])
    for reply, said in zip(automatic, words, strict=False):
        replied.setdefault(reply.outreach_id, []).append((reply.sent_at, said))
    return [
        SentMail(
            outreach=row.id,
            case=row.case_id,
            student=row.id_1,
            student_name=f"{row.given_name} {row.family_name}",
            school_name=row.school_name,
            sender=row.sender,
            subject=mail.subject,
            body=mail.text,
            sent_at=row.sent_at,
            provider_ref=row.provider_ref,
            answers=tuple(answered.get(row.id, ())),
            replies=tuple(replied.get(row.id, ())),
        )
        for row in rows
        for mail in [repository.outreach_of(connection, row)]
    ]
