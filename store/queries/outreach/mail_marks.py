"""Find the emails of ours that an incoming message refers to, by its marks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import sqlalchemy as sa

from store.queries.outreach.data_mail import letter_answered
from store.rules.model import AnswerKind, OutreachStatus
from store.rules.outreach.mail_match import Marks, MatchCandidate, MatchedMail, match_of
from store.rules.text.formatting import storable
from store.tables import CASE_IS_OPEN, automatic_replies, cases, outbox, outreach, replies, students

ASKED_WITHIN = dt.timedelta(days=30)
"""How long an email waits for an answer that is matched by the student's address alone."""


def found_by(connection: sa.Connection, marks: Marks, now: dt.datetime) -> MatchedMail:
    """Return the facts on which ``store.rules.outreach.mail_match`` decides."""
    marks = marks.storable()
    answered = _answered(connection, marks)
    sender = marks.sender.casefold()
    return MatchedMail(
        answered=answered,
        conversation=() if answered else _in_conversation(connection, marks.conversation),
        asked=_asked(connection, sender, marks.mailbox, now) if sender else (),
        senders=_students_of(connection, sender) if sender else (),
    )


def find_case_of_message(
    connection: sa.Connection, marks: Marks, now: dt.datetime
) -> tuple[int | None, int | None]:
    """Return (case, its school) that a person's message belongs to; None for none."""
    match = match_of(found_by(connection, marks, now), AnswerKind.ANSWER)
    if match is None:
        return None, None
    school = sa.select(cases.c.school_id).where(cases.c.id == match.mail.case)
    return match.mail.case, connection.execute(school).scalar_one()


def may_be_ours(connection: sa.Connection, marks: Marks, now: dt.datetime) -> bool:
    """Return whether a message may answer an email of ours: most in a mailbox do not."""
    found = found_by(connection, marks, now)
    is_on_a_case = bool(found.answered or found.conversation or found.asked)
    return is_on_a_case or letter_answered(connection, marks) is not None


def is_recorded(connection: sa.Connection, message: str) -> bool:
    """Return whether a message that arrived is recorded, by the mail service's id."""
    query = sa.select(replies.c.id).where(replies.c.message_id == storable(message)).limit(1)
    return connection.execute(query).first() is not None


def _answered(connection: sa.Connection, marks: Marks) -> Sequence[MatchCandidate]:
    """Find emails by the message ids that the message answers, newest last; else by our key."""
    known: dict[str, MatchCandidate] = {}
    if marks.references:
        is_named = outreach.c.message_id.in_(marks.references) | outreach.c.conversation.in_(
            marks.references
        )
        for row in connection.execute(_candidates(is_named)):
            known |= dict.fromkeys((row.message_id, row.conversation), _candidate(row))
        replied = automatic_replies.c
        is_replied = replied.message_id.in_(marks.references) | replied.conversation.in_(
            marks.references
        )
        for row in connection.execute(_by_reply(is_replied)):
            known |= dict.fromkeys((row.message_id, row.conversation), _candidate(row))
    answered = [known[each] for each in marks.references if each in known]
    if answered or not marks.key:
        return answered
    is_ours = outreach.c.id.in_(
        sa.select(outbox.c.outreach_id).where(outbox.c.idem_key == marks.key)
    )
    return [
        _candidate(row)
        for row in connection.execute(_candidates(is_ours & outreach.c.conversation.is_not(None)))
    ]


def _in_conversation(connection: sa.Connection, conversation: str) -> Sequence[MatchCandidate]:
    if not conversation:
        return ()
    rows = [
        *connection.execute(_candidates(outreach.c.conversation == conversation)),
        *connection.execute(_by_reply(automatic_replies.c.conversation == conversation)),
    ]
    return [_candidate(row) for row in rows]


def _asked(
    connection: sa.Connection, sender: str, mailbox: str, now: dt.datetime
) -> Sequence[MatchCandidate]:
    """Return unanswered emails from this mailbox to the student with the sender's address."""
    is_answered = sa.exists().where(
        replies.c.case_id == outreach.c.case_id, replies.c.kind == AnswerKind.ANSWER
    )
    query = _candidates(
        outreach.c.status == OutreachStatus.SENT,
        sa.func.lower(outreach.c.sender) == mailbox.casefold(),
        outreach.c.sent_at > now - ASKED_WITHIN,
        CASE_IS_OPEN,
        cases.c.student_id.in_(_students_of(connection, sender)),
        sa.not_(is_answered),
    )
    return [_candidate(row) for row in connection.execute(query)] if mailbox else ()


def _students_of(connection: sa.Connection, address: str) -> Sequence[int]:
    """Return the students with this address in the roster."""
    query = sa.select(students.c.id).where(
        sa.or_(
            sa.func.lower(students.c.university_email) == address,
            sa.func.lower(students.c.personal_email) == address,
        )
    )
    return connection.execute(query).scalars().all()


def _candidates(*which: sa.ColumnElement[bool]) -> sa.Select[tuple[int, ...]]:
    return (
        sa.select(
            outreach.c.id,
            outreach.c.case_id,
            cases.c.student_id,
            outreach.c.message_id,
            outreach.c.conversation,
        )
        .join(cases, cases.c.id == outreach.c.case_id)
        .where(*which)
        .order_by(outreach.c.id)
    )


def _by_reply(which: sa.ColumnElement[bool]) -> sa.Select[tuple[int, ...]]:
    """Select the emails whose answer got an automatic reply, which the student answers now."""
    replied = automatic_replies.c
    return (
        sa.select(
            outreach.c.id,
            outreach.c.case_id,
            cases.c.student_id,
            replied.message_id,
            replied.conversation,
        )
        .join(cases, cases.c.id == outreach.c.case_id)
        .join(automatic_replies, replied.outreach_id == outreach.c.id)
        .where(which)
        .order_by(replied.id)
    )


def _candidate(row: sa.Row[tuple[int, ...]]) -> MatchCandidate:
    return MatchCandidate(row.id, row.case_id, row.student_id)
