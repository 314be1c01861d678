"""Find the email about a student's request that an incoming message answers."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from store.rules.outreach.mail_match import Marks
from store.rules.students.data_steps import LETTER_KEY
from store.tables import data_letters, data_questions, data_requests, students


@dataclass(frozen=True, slots=True)
class AnsweredLetter:
    """An email about a request that a message names, and whether its student wrote the message."""

    id: int
    request: int
    student: int
    school: int
    is_from_student: bool
    question: int | None
    """The question to the student that is open; None for none."""


def letter_answered(connection: sa.Connection, marks: Marks) -> AnsweredLetter | None:
    """Return the newest email about a request that a message names: by the messages that it
    answers, by our key on it, or by its conversation. None where it names none."""
    marks = marks.storable()
    named = {*marks.references, marks.conversation} - {""}
    number = marks.key.removeprefix(LETTER_KEY) if marks.key.startswith(LETTER_KEY) else ""
    which = data_letters.c.message_id.in_(named) | data_letters.c.conversation.in_(named)
    if number.isdecimal() and len(number) < 10:
        which |= data_letters.c.id == int(number)
    elif not named:
        return None
    open_question = (
        sa.select(data_questions.c.id)
        .where(
            data_questions.c.request_id == data_requests.c.id,
            data_questions.c.answered_at.is_(None),
            data_requests.c.answered_at.is_(None),
        )
        .limit(1)
        .scalar_subquery()
    )
    row = connection.execute(
        sa.select(
            data_letters.c.id,
            data_requests.c.id.label("request"),
            data_requests.c.student_id,
            data_requests.c.school_id,
            students.c.university_email,
            students.c.personal_email,
            open_question.label("question"),
        )
        .join(data_requests, data_requests.c.id == data_letters.c.request_id)
        .join(students, students.c.id == data_requests.c.student_id)
        .where(which)
        .order_by(data_letters.c.id.desc())
        .limit(1)
    ).one_or_none()
    if row is None:
        return None
    own = {row.university_email.casefold(), (row.personal_email or "").casefold()} - {""}
    is_theirs = marks.sender.casefold() in own and not marks.is_unproven
    return AnsweredLetter(
        row.id, row.request, row.student_id, row.school_id, is_theirs, row.question
    )


def is_taken(connection: sa.Connection, message: str) -> bool:
    """Return whether a message is recorded as the answer to a question, by the mail service's
    id."""
    query = sa.select(data_questions.c.id).where(data_questions.c.message_id == message).limit(1)
    return connection.execute(query).first() is not None
