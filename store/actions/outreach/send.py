"""Check an approved email again before it is sent, then record the result."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa

from store.actions.notices.notify import Notice, notify_person
from store.actions.notices.post_thread_notice import say_in_thread
from store.actions.notices.troubles import Trouble, note_within
from store.actions.outreach.check_contact import check_contact, check_may_be_written
from store.actions.outreach.draft_left import note_draft_left
from store.actions.outreach.expire_approval import (
    answered_since,
    draft_again,
    reason_approval_expired,
)
from store.actions.outreach.stop_mail import stopped_because
from store.actions.request import change_case, turned
from store.db import repository
from store.db.unit_of_work import Store, UnitOfWork
from store.delivery import outbox
from store.delivery.outbox import OutboxRow
from store.policies.versions import school_policy
from store.queries.cases.ended_reasons import nothing_left
from store.queries.outreach.unheard import may_have_answered
from store.queries.schools.responsible import responsible
from store.rules.access.permissions import Action, may
from store.rules.calendar import institution_day
from store.rules.cases import lifecycle
from store.rules.cases.case import Case, Outreach
from store.rules.cases.lifecycle import Move
from store.rules.errors import NotPossibleNow
from store.rules.model import (
    AnswerKind,
    CaseStatus,
    NoticeKind,
    OutboxState,
    OutreachStatus,
    TroubleKind,
)
from store.rules.notices.thread_notices import LineKind
from store.rules.outreach.checks import may_be_sent, waits_until
from store.rules.outreach.guards import check_recipient
from store.rules.policies.policy import SchoolPolicy
from store.rules.text.formatting import listed
from store.tables import outreach as outreach_table
from store.tables import replies, staff

WORKER = "system:outreach"
UNKNOWN = (
    "It is not known whether an approved email was sent, so Lantern does not send it again. Look "
    "in the school's mailbox, in the sent emails and the drafts, before you write to the student."
)
FOUND_SENT = (
    "For a while it was not known whether an approved email was sent. It was: you need not look in "
    "the mailbox any more."
)
LOOK_AGAIN = dt.timedelta(minutes=5)
"""While emails are stopped, approved ones wait and are checked this often."""


@dataclass(frozen=True, slots=True)
class ApprovedMail:
    """An email that may be sent now, exactly as it was approved."""

    outreach: Outreach
    sender_name: str
    """The drafter, whose name is under it as well."""


def mail_of(store: Store, row: OutboxRow) -> Outreach:
    """Return the email that an outbox row asks to send."""
    with store.database.read() as connection:
        return repository.outreach_by_id(connection, row.outreach_id)


def check_before_sending(store: Store, row: OutboxRow) -> ApprovedMail | None:
    """Repeat every check on the current facts; None where the email must not be sent.

    An email that must not be sent is cancelled here, and the case, the audit, its approver and the
    case's owner are told why. One that falls into the school's quiet hours or a closure goes back
    to the outbox until they end.
    """
    with store.unit_of_work() as work:
        case = repository.case(work.connection, row.case_id, lock=True)
        mail = repository.outreach_by_id(work.connection, row.outreach_id)
        policy = school_policy(work.connection, case.school, institution_day(work.now))
        if mail.status is OutreachStatus.SENT:
            outbox.settle(work, row, OutboxState.SENT)
            return None
        over = nothing_left(work.connection, case.id, mail.purpose)
        if not over and (reason := _reason_not_to(store, work, case, mail)):
            _cancel(work, row, mail, reason)
            return None
        if stale := (over,) if over else reason_approval_expired(work, case, mail, policy):
            _take_back(work, row, mail, stale)
            return None
        if waits := _waits(work, case, mail, policy):
            outbox.retry(work, row, *waits, tried=False)
            return None
        if store.limits.dry_run:
            _cancel(work, row, mail, "dry run: everything but the sending was done")
            return None
        name = work.connection.execute(
            sa.select(staff.c.name).where(staff.c.id == mail.drafter)
        ).scalar_one()
    return ApprovedMail(mail, name)


def _waits(
    work: UnitOfWork, case: Case, mail: Outreach, policy: SchoolPolicy
) -> tuple[dt.timedelta, str] | None:
    """Return how long an approved email waits before the next check, and why; None: no wait."""
    if stopped_because(work.connection, case.school):
        return LOOK_AGAIN, "mail is stopped"
    if may_have_answered(work.connection, case.student, mail):
        return LOOK_AGAIN, "what arrived has not been read"
    if until := waits_until(policy, work.now):
        return until - work.now, "quiet hours"
    return None


def _reason_not_to(store: Store, work: UnitOfWork, case: Case, mail: Outreach) -> str:
    """Return what has changed between the approval and now; '' for nothing."""
    if case.is_closed:
        return "the case is closed"
    if not may_be_sent(mail) or mail.approver is None:
        return "the email is not what was approved"
    if trouble := _approver_trouble(work, case, mail.approver):
        return trouble
    try:
        check_contact(work, case, mail.purpose, mail.rung)
        check_recipient(store.limits, mail.recipient)
    except NotPossibleNow as refused:
        return refused.sentence
    return ""


def _approver_trouble(work: UnitOfWork, case: Case, approver: int) -> str:
    if approver in case.barred:
        return "a complaint is about the approver"
    if not may(repository.actor(work.connection, approver), Action.APPROVE, case.school):
        return "the approver may no longer approve"
    return ""


def record_sent(
    store: Store, row: OutboxRow, mail: Outreach, conversation: str, message_id: str = ""
) -> None:
    """Record that the mail service has accepted the email. The case is in contact now.

    Replies are matched by ``conversation`` and by ``message_id``, the email's own id; '' where the
    service does not give one.
    """
    with store.unit_of_work() as work:
        case = repository.case(work.connection, mail.case, lock=True)
        if not outbox.settle(work, row, OutboxState.SENT):
            return
        if mail.status is OutreachStatus.UNKNOWN:
            found = Notice(
                NoticeKind.TROUBLE_OVER, case.school, f"mail:{mail.id}", case.id, words=FOUND_SENT
            )
            for person in _asked_to_look(work, case, mail):
                notify_person(work, person, found)
        came_back, status = _came_back(work, mail), case.status
        work.connection.execute(
            sa.update(outreach_table)
            .where(outreach_table.c.id == mail.id)
            .values(
                status=OutreachStatus.BOUNCED
                if came_back == {AnswerKind.BOUNCE}
                else OutreachStatus.SENT,
                sent_at=work.now,
                conversation=conversation,
                **({"message_id": message_id} if message_id else {}),
            )
        )
        if came_back or answered_since(work, case, mail):
            # A record that was quicker than this one has moved the case already, also with an
            # answer to an earlier email.
            change_case(work, case)
        elif case.status is CaseStatus.PAUSED:
            # It was sent all the same; when the pause ends, the student has been contacted.
            change_case(work, case, rested_from=CaseStatus.IN_CONTACT)
        elif not case.is_closed:
            status = lifecycle.after(case, Move.SENT)
            change_case(work, case, status=status)
        work.record(
            WORKER,
            "sent",
            f"case:{case.id}",
            outreach=mail.id,
            approver=mail.approver,
            **turned(case, status),
        )


def _came_back(work: UnitOfWork, mail: Outreach) -> set[AnswerKind]:
    """Return the replies that arrived before the sending was recorded."""
    kinds = sa.select(replies.c.kind).where(replies.c.outreach_id == mail.id).distinct()
    return {AnswerKind(kind) for kind in work.connection.execute(kinds).scalars()} & {
        AnswerKind.ANSWER,
        AnswerKind.BOUNCE,
    }


def record_refused(store: Store, row: OutboxRow, mail: Outreach, trouble: str) -> None:
    """Record that the mail service will never take the email; nothing was sent."""
    with store.unit_of_work() as work:
        _cancel(work, row, mail, trouble)


def record_found_unsent(store: Store, row: OutboxRow, mail: Outreach, reason: str) -> None:
    """Record that an email was not sent after all, of which that was unknown.

    All who were asked to look are told. Its author reads it again, unless the student may not be
    written to now, or not with these words.
    """
    with store.unit_of_work() as work:
        case = repository.case(work.connection, mail.case, lock=True)
        if not _cancel(work, row, mail, reason, *_asked_to_look(work, case, mail)):
            return
        case = repository.case(work.connection, mail.case, lock=True)
        try:
            check_may_be_written(work, case, mail.purpose, mail.rung)
        except NotPossibleNow:
            return
        policy = school_policy(work.connection, case.school, institution_day(work.now))
        stale = reason_approval_expired(work, case, mail, policy)
        if not case.is_closed and draft_again(work, case, mail, stale):
            work.record(WORKER, "draft-again", f"case:{case.id}", outreach=mail.id)


def _asked_to_look(work: UnitOfWork, case: Case, mail: Outreach) -> list[int]:
    """Return who is told that it is unknown whether an email was sent, each once."""
    own = (case.owner, mail.approver, mail.drafter)
    told = [*responsible(work.connection, case.school), *own]
    return list(dict.fromkeys(person for person in told if person is not None))


def record_unknown(store: Store, row: OutboxRow, mail: Outreach, trouble: str) -> None:
    """Record that it is unknown whether the email was sent.

    A person has to check; it is never sent again. The school's leads, the case's owner, its
    approver and its drafter are told.
    """
    with store.unit_of_work() as work:
        case = repository.case(work.connection, mail.case, lock=True)
        if not outbox.hand_over(work, row, trouble):
            return
        # This result stands, whatever was decided since it was handed over.
        work.connection.execute(
            sa.update(outreach_table)
            .where(outreach_table.c.id == mail.id)
            .values(status=OutreachStatus.UNKNOWN)
        )
        change_case(work, case)
        told = Trouble(
            TroubleKind.SENDING, f"mail:{mail.id}", UNKNOWN, case.school, case.id, is_final=True
        )
        note_within(work, told, also=[each for each in (mail.approver, mail.drafter) if each])
        work.record(WORKER, "sending-unknown", f"case:{mail.case}", outreach=mail.id)


def _take_back(work: UnitOfWork, row: OutboxRow, mail: Outreach, stale: tuple[str, ...]) -> None:
    """Withdraw an approval that no longer holds: the author reads the email again."""
    reason = f"the approval no longer holds, since {listed(stale)}"
    _cancel(work, row, mail, reason, mail.drafter)
    case = repository.case(work.connection, mail.case, lock=True)
    if draft_again(work, case, mail, stale):
        work.record(WORKER, "draft-again", f"case:{case.id}", outreach=mail.id)


def _cancel(work: UnitOfWork, row: OutboxRow, seen: Outreach, reason: str, *also: int) -> bool:
    """Record that an email is not sent, and tell its approver, the case's owner, and ``also``.

    False where the lease was lost to another worker.
    """
    case = repository.case(work.connection, seen.case, lock=True)
    if not outbox.settle(work, row, OutboxState.CANCELLED, reason):
        return False
    note_draft_left(work, row, seen.sender)
    # It may have been cancelled since the last check.
    mail = repository.outreach_by_id(work.connection, seen.id)
    if mail.status is not OutreachStatus.CANCELLED:
        repository.save_outreach(work, mail, status=OutreachStatus.CANCELLED, not_sent=reason)
    if not case.is_closed:
        change_case(work, case)
    later = say_in_thread(work, case, LineKind.NOT_SENT, str(mail.id), about=mail.id)
    told = Notice(
        NoticeKind.NOT_SENT, case.school, str(mail.id), case.id, mail.id, not_before=later
    )
    for person in {mail.approver, case.owner, *also}:
        if person is not None:
            notify_person(work, person, told)
    work.record(WORKER, "not-sent", f"case:{case.id}", outreach=mail.id, reason=reason)
    return True
