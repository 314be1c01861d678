"""Check an approved email again before it is sent; ``record_sending`` records the result."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa

from store.actions.outreach.expire_approval import draft_again, reason_approval_expired
from store.actions.outreach.record_sending import WORKER, record_not_sent
from store.actions.outreach.stop_mail import stopped_because
from store.db import repository
from store.db.unit_of_work import Store, UnitOfWork
from store.delivery import results
from store.delivery.claims import OutboxRow
from store.policies.versions import school_policy
from store.queries.cases.ended_reasons import nothing_left
from store.queries.outreach.replies import may_have_answered
from store.queries.readiness.check_contact import check_contact
from store.rules.calendar import institution_day
from store.rules.cases.case import Case, Outreach
from store.rules.errors import NotPossibleNow
from store.rules.model import OutboxState, OutreachStatus
from store.rules.outreach.checks import may_be_sent, waits_until
from store.rules.outreach.guards import check_recipient
from store.rules.policies.policy import SchoolPolicy
from store.rules.text.formatting import listed
from store.tables import staff

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

    An email that must not be sent is cancelled here, and the case, the audit, its author, its
    approver and the case's owner are told why. One that falls into the school's quiet hours or a
    closure goes back to the outbox until they end.
    """
    with store.unit_of_work() as work:
        case = repository.case(work.connection, row.case_id, lock=True)
        mail = repository.outreach_by_id(work.connection, row.outreach_id)
        policy = school_policy(work.connection, case.school, institution_day(work.now))
        if mail.status is OutreachStatus.SENT:
            results.settle(work, row, OutboxState.SENT)
            return None
        over = nothing_left(work.connection, case.id, mail.purpose)
        if not over and (reason := _reason_not_to(store, work, case, mail)):
            record_not_sent(work, row, mail, reason)
            return None
        if stale := (over,) if over else reason_approval_expired(work, case, mail, policy):
            _take_back(work, row, mail, stale)
            return None
        if waits := _waits(work, case, mail, policy):
            results.retry(work, row, *waits, tried=False)
            return None
        if store.limits.dry_run:
            record_not_sent(work, row, mail, "dry run: everything but the sending was done")
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
        return LOOK_AGAIN, "emails are stopped"
    if may_have_answered(work.connection, case.student, mail):
        return LOOK_AGAIN, "a message that arrived has not been read yet"
    if until := waits_until(policy, work.now):
        return until - work.now, "quiet hours"
    return None


def _reason_not_to(store: Store, work: UnitOfWork, case: Case, mail: Outreach) -> str:
    """Return what has changed between the approval and now; '' for nothing."""
    if case.is_closed:
        return "the case is closed"
    if not may_be_sent(mail) or mail.approver is None:
        return "the email is not what was approved"
    try:
        check_contact(work, case, mail.purpose, mail.rung)
        check_recipient(store.limits, mail.recipient)
    except NotPossibleNow as refused:
        return refused.sentence
    return ""


def _take_back(work: UnitOfWork, row: OutboxRow, mail: Outreach, stale: tuple[str, ...]) -> None:
    """Withdraw an approval that no longer holds: the author reads the email again."""
    reason = f"the approval is no longer valid, since {listed(stale)}"
    record_not_sent(work, row, mail, reason)
    case = repository.case(work.connection, mail.case, lock=True)
    if draft_again(work, case, mail, stale):
        work.record(WORKER, "draft-again", f"case:{case.id}", outreach=mail.id)
