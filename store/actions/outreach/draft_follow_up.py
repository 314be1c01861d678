"""Draft the next email of a case when the wait for an answer is over.

It is never sent by itself: the owner edits it or leaves it, and a named person opens and approves
it like every other email.
"""

from __future__ import annotations

import sqlalchemy as sa

from store.actions.notices.notify import Notice, notify_person
from store.actions.outreach.drafts import insert_draft
from store.actions.outreach.validate_text import check_as_sent
from store.actions.request import change_case
from store.db import repository
from store.db.unit_of_work import Store, UnitOfWork
from store.policies.versions import school_policy
from store.queries.cases.contact_ladder import ladder_of
from store.queries.readiness.check_contact import check_contact
from store.queries.readiness.compose_letter import compose_for
from store.rules.access.permissions import Action, may
from store.rules.calendar import institution_day
from store.rules.cases.case import Actor, Case
from store.rules.cases.contact_ladder import wait_just_ended
from store.rules.errors import InvalidInput, NotPossibleNow
from store.rules.model import CaseStatus, NoticeKind, OutreachStatus, Purpose
from store.rules.outreach.letter_to_send import Letter
from store.tables import cases, outreach

WORKER = "system:follow-up"

_WAITS_FOR_THE_STUDENT = (CaseStatus.DISCUSSING, CaseStatus.AGREED, CaseStatus.IN_CONTACT)
"""Statuses in which a follow-up may be due: the student has not answered and nothing is paused."""


def cases_waiting(store: Store, school: int) -> list[int]:
    """Return the cases of a school whose next email may be due, by id."""
    with store.database.read() as connection:
        return list(
            connection.execute(
                sa.select(cases.c.id)
                .where(
                    cases.c.school_id == school,
                    cases.c.status.in_(_WAITS_FOR_THE_STUDENT),
                    cases.c.owner_id.is_not(None),
                )
                .order_by(cases.c.id)
            ).scalars()
        )


def cancel_prepared(work: UnitOfWork, student: int) -> None:
    """Cancel Lantern's own drafts about inactivity, because the student has answered."""
    theirs = sa.select(cases.c.id).where(cases.c.student_id == student)
    work.connection.execute(
        sa.update(outreach)
        .where(
            outreach.c.case_id.in_(theirs),
            outreach.c.status == OutreachStatus.DRAFT,
            outreach.c.prepared,
        )
        .values(status=OutreachStatus.CANCELLED, version=outreach.c.version + 1)
    )


def prepare_next(store: Store, case_id: int) -> bool:
    """Draft the next email of one case if it is due; returns whether it was."""
    with store.unit_of_work() as work:
        case = repository.case(work.connection, case_id, lock=True)
        if case.status not in _WAITS_FOR_THE_STUDENT or case.owner is None:
            return False
        owner = repository.actor(work.connection, case.owner)
        letter = _due(work, case, owner)
        if letter is None:
            return False
        made = insert_draft(work, case, letter, owner.id, prepared=True)
        change_case(work, case)
        told = Notice(NoticeKind.PREPARED, case.school, str(made), case=case.id, about=made)
        notify_person(work, owner.id, told)
        work.record(WORKER, "prepare-draft", f"case:{case.id}", outreach=made, owner=owner.id)
    return True


def _due(work: UnitOfWork, case: Case, owner: Actor) -> Letter | None:
    """Return the email that is due; None where none is, or where none may be written."""
    today = institution_day(work.now)
    policy = school_policy(work.connection, case.school, today)
    snoozed = case.snoozed_until is not None and case.snoozed_until > today
    may_draft = may(owner, Action.DRAFT, case.school) and owner.id not in case.barred
    ladder = ladder_of(work.connection, case, policy, today)
    if snoozed or not owner.active or not may_draft or not ladder.proposed:
        return None
    if not wait_just_ended(ladder, policy, today) or _was_drafted(work, case.id):
        return None
    try:
        letter = compose_for(work.connection, case, owner, policy, today=today)
        check_contact(work, case, Purpose.ENGAGEMENT, letter.rung)
        check_as_sent(work, case, owner, letter.rung, letter.subject, letter.body)
    except (InvalidInput, NotPossibleNow):
        # The next step is no email, a check refuses it, which the ladder shows, or the letter's own
        # words are refused, which the owner is told on drafting it.
        return None
    return letter


def _was_drafted(work: UnitOfWork, case: int) -> bool:
    """Return whether an email was drafted since the last was sent: Lantern prepares only one."""
    left = (
        sa.select(sa.func.max(outreach.c.sent_at)).where(outreach.c.case_id == case)
    ).scalar_subquery()
    query = sa.select(outreach.c.id).where(
        outreach.c.case_id == case,
        outreach.c.purpose == Purpose.ENGAGEMENT,
        sa.or_(
            left.is_(None),
            outreach.c.drafted_at > left,
            outreach.c.status.in_((OutreachStatus.DRAFT, OutreachStatus.APPROVED)),
        ),
    )
    return work.connection.execute(query.limit(1)).first() is not None
