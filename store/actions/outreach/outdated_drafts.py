"""Return drafts that are out of date to their author, who writes them again."""

from __future__ import annotations

import sqlalchemy as sa

from store.actions.notices.notify import Notice, notify_people, notify_person
from store.actions.outreach.drafts import write_afresh
from store.actions.outreach.validate_text import check_as_sent
from store.actions.request import change_case
from store.db import repository
from store.db.unit_of_work import Store, UnitOfWork
from store.policies.versions import policy_in_force
from store.queries.readiness.compose_letter import compose_for
from store.queries.readiness.outdated import author_is_gone, why_back
from store.queries.schools.responsible import responsible
from store.rules.access.permissions import Action, may
from store.rules.calendar import institution_day
from store.rules.cases.case import Case, Outreach
from store.rules.errors import InvalidInput, NotPossibleNow
from store.rules.letters.approval_basis import (
    AGAIN,
    LEFT_LADDER,
)
from store.rules.model import NoticeKind, OutreachStatus
from store.rules.policies.policy import SchoolPolicy
from store.tables import cases, outreach

WORKER = "system:outreach"


def drafts_waiting(store: Store, school: int) -> list[int]:
    """Return the cases of a school that have a draft, by id."""
    with store.database.read() as connection:
        query = (
            sa.select(cases.c.id)
            .join(outreach, outreach.c.case_id == cases.c.id)
            .where(cases.c.school_id == school, outreach.c.status == OutreachStatus.DRAFT)
            .order_by(cases.c.id)
        )
        return list(connection.execute(query).scalars())


def send_back_outdated(store: Store, case_id: int) -> bool:
    """Return the case's draft to its author if it is out of date, or has no reason left; whether it
    changed. A step that is no longer on the contact ladder is cancelled.

    A draft by Lantern that no one has changed is written again instead. An author who has been
    told, and has not written it again, is not told again. Where the author is gone, the case's
    owner gets it, or else who answers for the school.
    """
    with store.unit_of_work() as work:
        case = repository.case(work.connection, case_id, lock=True)
        draft = repository.current_draft(work.connection, case_id)
        published = policy_in_force(work.connection, case.school, institution_day(work.now))
        if draft is None or published is None:
            return False
        why = why_back(work, case, draft, published.policy)
        if not why or draft.returned == why:
            return False
        if why == LEFT_LADDER:
            _cancel(work, case, draft)
        else:
            is_gone = author_is_gone(work, case, draft)
            writer = _owner_who_writes(work, case) if is_gone else draft.drafter
            if not (draft.prepared and _afresh(work, case, draft, published.policy, writer)):
                _send_back(work, case, draft, why, writer)
        change_case(work, case)
    return True


def _cancel(work: UnitOfWork, case: Case, draft: Outreach) -> None:
    repository.save_outreach(work, draft, status=OutreachStatus.CANCELLED, returned=LEFT_LADDER)
    told = Notice(NoticeKind.RETURNED, case.school, str(draft.id), case=case.id, about=draft.id)
    notify_person(work, draft.drafter, told)
    work.record(WORKER, "cancel-draft", f"case:{case.id}", outreach=draft.id)


def _owner_who_writes(work: UnitOfWork, case: Case) -> int | None:
    """Return the case's owner; None where there is none who may write to the student."""
    if case.owner is None or case.owner in case.barred:
        return None
    owner = repository.actor(work.connection, case.owner)
    return owner.id if may(owner, Action.DRAFT, case.school) else None


def _send_back(work: UnitOfWork, case: Case, draft: Outreach, why: str, writer: int | None) -> None:
    repository.save_outreach(
        work, draft, opened_by=None, opened_hash=None, returned=why, returned_by=None
    )
    if draft.returned.endswith(AGAIN) and why.endswith(AGAIN):
        return
    key = f"{draft.id}:{draft.version}"
    told = Notice(NoticeKind.RETURNED, case.school, key, case=case.id, about=draft.id)
    answering = responsible(work.connection, case.school, case.barred)
    notify_people(work, answering if writer is None else [writer], told)
    work.record(WORKER, "returned", f"case:{case.id}", outreach=draft.id)


def _afresh(
    work: UnitOfWork, case: Case, draft: Outreach, policy: SchoolPolicy, person: int | None
) -> bool:
    """Write Lantern's own draft again on what is true now, in this person's name; False where no
    such email is possible.

    Then a person decides what becomes of it.
    """
    if person is None:
        return False
    writer = repository.actor(work.connection, person)
    today = institution_day(work.now)
    try:
        letter = compose_for(work.connection, case, writer, policy, today=today)
        check_as_sent(work, case, writer, letter.rung, letter.subject, letter.body)
    except (InvalidInput, NotPossibleNow):
        return False
    write_afresh(work, case, draft, letter, drafter=writer.id)
    if writer.id != draft.drafter:
        told = Notice(NoticeKind.PREPARED, case.school, str(draft.id), case=case.id, about=draft.id)
        notify_person(work, writer.id, told)
    work.record(WORKER, "prepare-draft", f"case:{case.id}", outreach=draft.id, owner=writer.id)
    return True
