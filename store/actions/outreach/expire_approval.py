"""Expire an approval that no longer holds, and return the words as a draft."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import sqlalchemy as sa

from store.actions.outreach.drafts import insert_draft, letter_of
from store.db import repository
from store.db.student_keys import open_notes
from store.db.unit_of_work import UnitOfWork
from store.policies.versions import school_policy
from store.queries.cases.ended_reasons import nothing_left
from store.queries.readiness.approval_basis import address_now, basis_of
from store.queries.readiness.outdated import author_is_gone, outdated_because, written_again_because
from store.rules.access.permissions import Action, may
from store.rules.calendar import institution_day
from store.rules.cases.case import Case, Outreach
from store.rules.errors import InvalidInput
from store.rules.letters.approval_basis import (
    ANSWERED,
    APPROVER_GONE,
    AUTHOR_GONE,
    MET,
    REASON_GONE,
    reworded,
    what_changed,
)
from store.rules.model import Purpose
from store.rules.policies.policy import SchoolPolicy
from store.tables import outreach, wordings

ADDRESS = "the student has another address"
NO_ADDRESS = "the roster no longer has this address"
TOO_OLD = "the approval is too old"
MEETING_OVER = "the time of the meeting that it offers has passed"

_NOT_AGAIN = frozenset({REASON_GONE, ANSWERED, NO_ADDRESS})
"""After these reasons the words themselves may be wrong, so a new email begins with new words. An
email about welfare is kept to be read again after an answer, too.
"""


def reason_approval_expired(
    work: UnitOfWork, case: Case, mail: Outreach, policy: SchoolPolicy
) -> tuple[str, ...]:
    """Return what has changed since the approval, without names; empty: nothing.

    A named colleague stands behind every email (§7): one whose author or approver is gone waits
    for another.
    """
    found = list(_gone(work, case, mail))
    found += list(what_changed(mail.opened_on, basis_of(work, case, mail.purpose)))
    try:
        if address_now(work, case, mail) != mail.recipient:
            found.append(ADDRESS)
    except InvalidInput:
        found.append(NO_ADDRESS)
    if outdated := outdated_because(work, case, mail, policy):
        found.append(outdated)
    if _is_old(work, mail, policy):
        found.append(TOO_OLD)
    if mail.meeting and mail.meeting.starts <= work.now:
        found.append(MEETING_OVER)
    return tuple(found)


def _gone(work: UnitOfWork, case: Case, mail: Outreach) -> Iterator[str]:
    if author_is_gone(work, case, mail):
        yield AUTHOR_GONE
    if mail.approver is not None and (
        mail.approver in case.barred
        or not may(repository.actor(work.connection, mail.approver), Action.APPROVE, case.school)
    ):
        yield APPROVER_GONE


def answered_since(work: UnitOfWork, case: Case, mail: Outreach) -> bool:
    """Return whether the student was in touch after this email was opened for approval."""
    return ANSWERED in what_changed(mail.opened_on, basis_of(work, case, mail.purpose))


def draft_again(work: UnitOfWork, case: Case, mail: Outreach, because: tuple[str, ...]) -> bool:
    """Save the words of an expired email as a draft again, for a person to read.

    Not where the words may be wrong now, or no reason is left, and not beside an existing draft. A
    draft whose records are out of date stays so until it is written again.
    """
    if nothing_left(work.connection, case.id, mail.purpose):
        return False
    wrong = _NOT_AGAIN & set(because)
    if mail.purpose is Purpose.WELFARE:
        wrong -= {ANSWERED}
    if wrong or repository.current_draft(work.connection, case.id):
        return False
    # The words before the approver offered a meeting.
    last = work.connection.execute(
        sa.select(wordings.c.subject, wordings.c.body)
        .where(wordings.c.outreach_id == mail.id)
        .order_by(wordings.c.id.desc())
        .limit(1)
    ).one_or_none()
    if last is None:
        return False
    subject, body = open_notes(work.connection, [last.subject, last.body])
    letter = replace(letter_of(mail), subject=subject, body=body)
    if ADDRESS in because:
        letter = replace(letter, recipient=address_now(work, case, mail))
    made = insert_draft(work, case, letter, mail.drafter)
    work.connection.execute(
        sa.update(outreach)
        .where(outreach.c.id == made)
        .values(
            writers=sorted(mail.writers),
            prepared=mail.prepared,
            returned=_returned(work, case, mail, because),
            drafted_on=reworded(mail.drafted_on, basis_of(work, case, mail.purpose)).packed(),
            **_began_with(work, mail),
        )
    )
    return True


def _returned(work: UnitOfWork, case: Case, mail: Outreach, because: tuple[str, ...]) -> str:
    """Return the reason for the return, for its author; '' where reading it again is enough."""
    today = institution_day(work.now)
    policy = school_policy(work.connection, case.school, today)
    if why := written_again_because(work, case, mail, policy):
        return why
    return f"It was not sent: {MET}." if MET in because else ""


def _began_with(work: UnitOfWork, mail: Outreach) -> dict[str, object]:
    """Restore the letter and policy version that its words came from."""
    columns = (outreach.c.letter, outreach.c.own_words, outreach.c.policy_id)
    rows = work.connection.execute(sa.select(*columns).where(outreach.c.id == mail.id))
    return dict(rows.mappings().one())


def _is_old(work: UnitOfWork, mail: Outreach, policy: SchoolPolicy) -> bool:
    """Return whether the approval has expired by its age."""
    approved_at = work.connection.execute(
        sa.select(outreach.c.approved_at).where(outreach.c.id == mail.id)
    ).scalar_one()
    calendar = policy.calendar
    approved = calendar.local(approved_at).date()
    last = calendar.add_school_days(approved, policy.outreach.approval_lasts_days)
    return calendar.local(work.now).date() > last
