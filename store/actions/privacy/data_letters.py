"""Tell a student by email of a step about their request: queued, checked and recorded.

A data protection officer decided the step. The email is about the student's own rights, so neither
a complaint nor a wish for no emails about engagement stops it.
"""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from store.actions.outreach.stop_mail import stopped_because
from store.db.student_keys import close_words, open_words
from store.db.unit_of_work import Store, UnitOfWork
from store.delivery import outbox, results
from store.delivery.claims import OutboxRow
from store.letters.data_requests import data_letter
from store.policies.versions import policy_in_force
from store.queries.privacy.data_requests import data_request
from store.queries.schools.staff import protection_officers
from store.queries.students.exemptions import exemption_on
from store.rules.calendar import institution_day
from store.rules.errors import NotPossibleNow
from store.rules.letters.letter import Language, language_of
from store.rules.model import ExemptionKind, OutboxKind, OutboxState
from store.rules.outreach.guards import SendingLimits, check_recipient
from store.rules.students.data_steps import LETTER_KEY, DataStep
from store.tables import data_letters, data_requests, schools, staff, students

WORKER = "system:data-letter"
_NO_MAILBOX = "the school has no policy in force, which names its mailbox"


@dataclass(frozen=True, slots=True)
class DataLetter:
    """An email that has passed every check and may be sent now."""

    sender: str
    sender_name: str
    recipient: str
    subject: str
    body: str
    language: Language
    officers: tuple[str, ...]
    """The addresses that an answer goes to: those of the school's officers, not its mailbox."""


def tell_student(
    work: UnitOfWork, request: int, step: DataStep, officer: int, words: str = ""
) -> None:
    """Queue an email about this step; where none can be sent, record why for the officer to see."""
    connection, today = work.connection, institution_day(work.now)
    asked = data_request(connection, request, today)
    if asked is None:
        return
    who = connection.execute(
        sa.select(students.c.university_email, students.c.language).where(
            students.c.id == asked.student
        )
    ).one()
    published = policy_in_force(connection, asked.school, today)
    mailbox = published.policy.outreach.mailbox if published else ""
    language = language_of(who.language)
    named = sa.select(staff.c.name).where(staff.c.id == officer)
    subject, body = data_letter(
        language,
        asked.kind,
        step,
        by=asked.dates.next_day,
        today=today,
        words=words,
        officer=connection.execute(named).scalar_one(),
        school=asked.school_name,
    )
    letter = connection.execute(
        sa.insert(data_letters)
        .values(
            request_id=request,
            step=step,
            language=language,
            sender=mailbox,
            recipient=who.university_email,
            subject=subject,
            body=close_words(connection, asked.student, body),
            at=work.now,
            not_sent="" if mailbox else _NO_MAILBOX,
        )
        .returning(data_letters.c.id)
    ).scalar_one()
    if mailbox:
        outbox.put(work, OutboxKind.DATA_LETTER, f"{LETTER_KEY}{letter}", school=asked.school)


def mailbox_of(store: Store, row: OutboxRow) -> str:
    """Return the mailbox that a letter is sent from; '' where it was erased meanwhile."""
    with store.database.read() as connection:
        query = sa.select(data_letters.c.sender).where(_is_the(row))
        return connection.execute(query).scalar_one_or_none() or ""


def check_before_telling(store: Store, row: OutboxRow) -> DataLetter | None:
    """Repeat every check on the current facts; None where the letter must not be sent."""
    with store.unit_of_work() as work:
        found = work.connection.execute(
            sa.select(
                data_letters,
                data_requests.c.student_id,
                data_requests.c.school_id,
                schools.c.name.label("school"),
            )
            .join(data_requests, data_requests.c.id == data_letters.c.request_id)
            .join(schools, schools.c.id == data_requests.c.school_id)
            .where(_is_the(row))
        ).one_or_none()
        if found is None:
            results.settle(work, row, OutboxState.CANCELLED, "it was erased")
            return None
        if found.sent_at is not None:
            results.settle(work, row, OutboxState.SENT)
            return None
        reason = _reason_not_to(work, store.limits, row, found.student_id, found.recipient)
        if reason:
            _settle(work, row, reason)
            return None
        body = open_words(work.connection, found.body)
        officers = protection_officers(work.connection, found.school_id)
        addresses = sa.select(staff.c.email).where(staff.c.id.in_(officers)).order_by(staff.c.email)
        answered_to = tuple(work.connection.execute(addresses).scalars())
    return DataLetter(
        found.sender,
        found.school,
        found.recipient,
        found.subject,
        body,
        Language(found.language),
        answered_to,
    )


def record_told(store: Store, row: OutboxRow, conversation: str, message_id: str) -> None:
    """Record that the mail service has accepted the letter."""
    with store.unit_of_work() as work:
        if results.settle(work, row, OutboxState.SENT):
            _change(
                work,
                row,
                sent_at=work.now,
                not_sent="",
                conversation=conversation,
                message_id=message_id,
            )
            work.record(WORKER, "told-of-data-request", _subject(work, row))


def record_not_told(store: Store, row: OutboxRow, trouble: str) -> None:
    """Record that the mail service will never take the letter; the officer sees why."""
    with store.unit_of_work() as work:
        _settle(work, row, trouble)


def record_telling_unknown(store: Store, row: OutboxRow, trouble: str) -> None:
    """Record that it is unknown whether the letter was sent. It is never sent again."""
    with store.unit_of_work() as work:
        if results.hand_over(work, row, trouble):
            _change(work, row, not_sent=trouble)


def _settle(work: UnitOfWork, row: OutboxRow, reason: str) -> None:
    if results.settle(work, row, OutboxState.CANCELLED, reason):
        _change(work, row, not_sent=reason)
        work.record(WORKER, "not-told-of-data-request", _subject(work, row), reason=reason)


def _reason_not_to(
    work: UnitOfWork, limits: SendingLimits, row: OutboxRow, student: int, recipient: str
) -> str:
    """Return why the letter is not sent; '' for no reason. It names no one."""
    connection = work.connection
    if exemption_on(connection, student, institution_day(work.now)) is ExemptionKind.DECEASED:
        return "no further contact"
    if stopped_because(connection, row.school):
        return "emails are stopped"
    try:
        check_recipient(limits, recipient)
    except NotPossibleNow as refused:
        return refused.sentence
    return "dry run: everything but the sending was done" if limits.dry_run else ""


def _change(work: UnitOfWork, row: OutboxRow, **values: object) -> None:
    work.connection.execute(sa.update(data_letters).where(_is_the(row)).values(**values))


def _subject(work: UnitOfWork, row: OutboxRow) -> str:
    query = (
        sa.select(data_requests.c.student_id)
        .join(data_letters, data_letters.c.request_id == data_requests.c.id)
        .where(_is_the(row))
    )
    return f"student:{work.connection.execute(query).scalar_one()}"


def _is_the(row: OutboxRow) -> sa.ColumnElement[bool]:
    return data_letters.c.id == int(row.key.removeprefix(LETTER_KEY))
