"""A student asks for an absence to be agreed, on their own page."""

from __future__ import annotations

from dataclasses import replace

import sqlalchemy as sa

from store.actions.students.record_message import record_message
from store.db.student_keys import close_document, close_words
from store.db.unit_of_work import Store, UnitOfWork
from store.rules.calendar import institution_day
from store.rules.errors import InvalidInput, NotPossibleNow
from store.rules.students.absences import MOST_WAITING, AbsenceAsked, check_absence
from store.rules.students.links import without_secrets
from store.rules.students.messages import Said, Saying
from store.rules.students.urgent_words import may_speak_of_danger
from store.tables import absence_requests

TOO_MANY = (
    f"You have asked for {MOST_WAITING} absences that your school has not decided on yet. This one "
    "was not sent. Write to your school."
)
"""Told to a student who asks once more before a decision."""


ASKED_ALREADY = (
    "You have asked for these days already, and your school has not decided yet. This was not sent "
    "again."
)
"""Told to a student who asks for the same days before a decision."""


def request_absence(store: Store, asked: AbsenceAsked, key: str) -> bool:
    """Save a request once for its ``key``; False where it was saved before.

    It reaches the same colleague as a message of the student, and counts as one. The reason
    and the document are encrypted, beside the message: those who open messages do not see them.

    Raises:
        InvalidInput: a day or the reason does not fit, or these days were asked for already. The
            sentence is for the student.
        NotPossibleNow: too many requests or messages wait already. The sentence is for the student.
    """
    asked = check_absence(asked, institution_day(store.now()))
    asked = replace(asked, reason=without_secrets(asked.reason))
    # Words that may speak of danger are for those who are asked to read them at once.
    words = asked.reason if may_speak_of_danger(asked.reason) else ""
    document = asked.document

    def save(work: UnitOfWork, saying: int) -> None:
        sealed = None
        if document:
            sealed = close_document(work.connection, asked.student, document.content)
        work.connection.execute(
            sa.insert(absence_requests).values(
                saying_id=saying,
                student_id=asked.student,
                first=asked.first,
                last=asked.last,
                reason=close_words(work.connection, asked.student, asked.reason),
                document_kind=document.kind if document else None,
                document=sealed,
            )
        )

    def check(work: UnitOfWork) -> None:
        waiting = sa.select(absence_requests.c.first, absence_requests.c.last).where(
            absence_requests.c.student_id == asked.student, absence_requests.c.agreed.is_(None)
        )
        days = [(row.first, row.last) for row in work.connection.execute(waiting)]
        if (asked.first, asked.last) in days:
            raise InvalidInput(ASKED_ALREADY, field="first")
        if len(days) >= MOST_WAITING:
            raise NotPossibleNow(TOO_MANY)

    said = Said(asked.student, Saying.ABSENCE, words)
    return record_message(store, said, key, check, save)
