"""Send an automatic reply to a student's answer: who reads it, and numbers to call until then.

It does not mention engagement, so neither a complaint nor an exemption stops it, and quiet hours
are when it is needed. At most one is sent in a day, and none after a death, to a student who wants
no emails, or while emails are stopped (§7, §13, §25, §27).
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa

from store.actions.notices.read_now import readers_of
from store.actions.outreach.draft_left import note_draft_left
from store.actions.outreach.stop_mail import stopped_because
from store.db import repository
from store.db.student_keys import close_notes, open_notes
from store.db.unit_of_work import Store, UnitOfWork
from store.delivery import outbox, results
from store.delivery.claims import OutboxRow
from store.letters.automatic_reply import automatic_reply
from store.policies.versions import policy_in_force
from store.queries.schools.leads import has_trained_lead
from store.queries.students.exemptions import exemption_on
from store.queries.students.messages import preference_of
from store.rules.calendar import institution_day
from store.rules.cases.case import Case
from store.rules.errors import NotPossibleNow
from store.rules.letters.letter import Language
from store.rules.model import AnswerKind, ExemptionKind, OutboxKind, OutboxState
from store.rules.outreach.automatic_reply import LATEST, gets_reply, thread_of
from store.rules.outreach.guards import SendingLimits, check_recipient
from store.tables import automatic_replies, cases, outreach, schools, staff

WORKER = "system:automatic-reply"


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer that arrived. ``message`` is the mail service's id for it."""

    mail: int
    """The email of ours that it answers."""
    message: str
    sender: str
    """The student's own address that the answer came from; '' for another address or none."""
    kind: AnswerKind
    received_at: dt.datetime
    is_urgent: bool


@dataclass(frozen=True, slots=True)
class AutomaticReply:
    """An automatic reply that has passed every check and may be sent now."""

    sender: str
    sender_name: str
    recipient: str
    subject: str
    body: str
    language: Language
    answers: tuple[str, ...]


def reply_at_once(store: Store, work: UnitOfWork, case: Case, answer: Answered) -> None:
    """Queue an automatic reply to an answer, where the school's policy provides one."""
    day = institution_day(work.now)
    published = policy_in_force(work.connection, case.school, day)
    if published is None or not gets_reply(
        published.policy,
        answer.kind,
        is_urgent=answer.is_urgent,
        received_at=answer.received_at,
        now=work.now,
    ):
        return
    sent = work.connection.execute(
        sa.select(outreach, schools.c.name.label("school"))
        .join(schools, schools.c.id == case.school)
        .where(outreach.c.id == answer.mail)
    ).one()
    recipient = answer.sender or sent.recipient
    if _had_one(work, case, day) or _reason_not_to(work, store.limits, case, recipient):
        return
    reader = _reader(work, case, institution_day(published.policy.calendar.end_of_quiet(work.now)))
    if reader is None:
        return
    language = Language(sent.language)
    subject, body = automatic_reply(
        published.policy, language, school=sent.school, reader=reader, now=work.now
    )
    work.connection.execute(
        sa.insert(automatic_replies).values(
            case_id=case.id,
            outreach_id=answer.mail,
            day=day,
            language=language,
            sender=sent.sender,
            recipient=recipient,
            **close_notes(work.connection, case.student, subject=subject, body=body),
            thread=list(thread_of(sent.message_id or sent.conversation, answer.message)),
            asked_at=work.now,
        )
    )
    outbox.put(
        work,
        OutboxKind.AUTOMATIC_REPLY,
        f"automatic-reply:{case.id}:{day}",
        school=case.school,
        case=case.id,
        day=day,
    )


def mailbox_of(store: Store, row: OutboxRow) -> str:
    """Return the mailbox that a reply is sent from; '' where it was erased meanwhile."""
    with store.database.read() as connection:
        return _mailbox(connection, row)


def _mailbox(connection: sa.Connection, row: OutboxRow) -> str:
    sender = sa.select(automatic_replies.c.sender).where(*_is_the(row))
    found: str | None = connection.execute(sender).scalar_one_or_none()
    return found or ""


def check_before_replying(store: Store, row: OutboxRow) -> AutomaticReply | None:
    """Repeat every check on the current facts; None where the reply must not be sent."""
    with store.unit_of_work() as work:
        found = work.connection.execute(
            sa.select(automatic_replies, schools.c.name.label("school"))
            .join(cases, cases.c.id == automatic_replies.c.case_id)
            .join(schools, schools.c.id == cases.c.school_id)
            .where(*_is_the(row))
        ).one_or_none()
        if found is None:
            results.settle(work, row, OutboxState.CANCELLED, "it was erased")
            return None
        if found.sent_at is not None:
            results.settle(work, row, OutboxState.SENT)
            return None
        case = repository.case(work.connection, row.case_id)
        reason = _reason_not_to(work, store.limits, case, found.recipient)
        if work.now - found.asked_at > LATEST:
            reason = "it is too late to be of use"
        if store.limits.dry_run:
            reason = reason or "dry run: everything but the sending was done"
        if reason:
            _settle(work, row, OutboxState.CANCELLED, reason)
            return None
        subject, body = open_notes(work.connection, [found.subject, found.body])
    return AutomaticReply(
        found.sender,
        found.school,
        found.recipient,
        subject,
        body,
        Language(found.language),
        tuple(found.thread),
    )


def record_replied(store: Store, row: OutboxRow, conversation: str, message_id: str = "") -> None:
    """Record that the mail service has accepted the reply.

    Answers to it are matched by ``conversation`` and ``message_id``.
    """
    with store.unit_of_work() as work:
        if not results.settle(work, row, OutboxState.SENT):
            return
        work.connection.execute(
            sa.update(automatic_replies)
            .where(*_is_the(row))
            .values(
                sent_at=work.now,
                conversation=conversation,
                message_id=message_id or None,
                not_sent="",
            )
        )
        work.record(WORKER, "automatic-reply-sent", f"case:{row.case_id}")


def record_not_replied(store: Store, row: OutboxRow, trouble: str) -> None:
    """Record that the mail service will never take the reply; nothing was sent."""
    with store.unit_of_work() as work:
        _settle(work, row, OutboxState.CANCELLED, trouble)


def record_reply_unknown(store: Store, row: OutboxRow, trouble: str) -> None:
    """Record that it is unknown whether the reply was sent. It is never sent again.

    No colleague is asked to check: the student's answer waits to be read in any case.
    """
    with store.unit_of_work() as work:
        if results.hand_over(work, row, trouble):
            _say_why_not(work, row, trouble)


def _settle(work: UnitOfWork, row: OutboxRow, state: OutboxState, reason: str) -> None:
    if results.settle(work, row, state, reason):
        note_draft_left(work, row, _mailbox(work.connection, row))
        _say_why_not(work, row, reason)


def _say_why_not(work: UnitOfWork, row: OutboxRow, reason: str) -> None:
    change = sa.update(automatic_replies).where(*_is_the(row)).values(not_sent=reason)
    work.connection.execute(change)
    work.record(WORKER, "automatic-reply-not-sent", f"case:{row.case_id}", reason=reason)


def _is_the(row: OutboxRow) -> tuple[sa.ColumnElement[bool], ...]:
    return (automatic_replies.c.case_id == row.case_id, automatic_replies.c.day == row.day)


def _had_one(work: UnitOfWork, case: Case, day: dt.date) -> bool:
    """Return whether the student has had an automatic reply on this day, on any case."""
    had = (
        sa.select(automatic_replies.c.id)
        .join(cases, cases.c.id == automatic_replies.c.case_id)
        .where(cases.c.student_id == case.student, automatic_replies.c.day == day)
    )
    return work.connection.execute(had.limit(1)).first() is not None


def _reason_not_to(work: UnitOfWork, limits: SendingLimits, case: Case, recipient: str) -> str:
    """Return why the student gets no reply now; '' for no reason. It names no one."""
    connection = work.connection
    if exemption_on(connection, case.student, institution_day(work.now)) is ExemptionKind.DECEASED:
        return "no further contact"
    if preference_of(connection, case.student).has_opted_out:
        return "the student wants no emails"
    if stopped_because(connection, case.school):
        return "emails are stopped"
    if not has_trained_lead(connection, case.school):
        return "the school has no engagement lead whose training is recorded"
    try:
        check_recipient(limits, recipient)
    except NotPossibleNow as refused:
        return refused.sentence
    return ""


def _reader(work: UnitOfWork, case: Case, day: dt.date) -> str | None:
    """Return the name of the person who reads the answer on this day; None where there is none."""
    found = readers_of(work, case.student, case.school, case, day)
    names = sa.select(staff.c.name).where(staff.c.id == found[0]) if found else None
    return None if names is None else work.connection.execute(names).scalar_one_or_none()
