"""Return drafts to be read again after a colleague has been in touch with the student."""

from __future__ import annotations

import sqlalchemy as sa

from store.actions.notices.notify import Notice, notify_person
from store.actions.notices.seen_after_fitness import seen_after_fitness
from store.actions.outreach.cancel_unsent import look_now
from store.db import repository
from store.db.unit_of_work import UnitOfWork
from store.policies.versions import calendar_of
from store.queries.contacts import contacts_of
from store.rules.calendar import institution_day
from store.rules.cases.case import Case
from store.rules.letters.approval_basis import BEFORE_CONTACT
from store.rules.model import NoticeKind, OutreachStatus
from store.rules.students.contacts import ContactQuestion
from store.tables import cases, outreach


def was_in_touch(work: UnitOfWork, case: Case, by: int) -> None:
    """Return every draft to this student to its author, and recheck approved emails now.

    Where Fitness to Study is under way, the leads are told. The caller has just recorded a contact
    with the student, by the colleague ``by``. A returned draft keeps its words, says why, and has
    to be opened and read again before it is approved.
    """
    calendar = calendar_of(work.connection, case.school, institution_day(work.now))
    found = contacts_of(work.connection, case.student, calendar, ContactQuestion.MET)
    kept = max(found, key=lambda each: each.at, default=None)
    why = f"{kept.sentence if kept else ''} {BEFORE_CONTACT}".strip()
    drafts = work.connection.execute(
        sa.select(outreach.c.id, outreach.c.case_id)
        .join(cases, cases.c.id == outreach.c.case_id)
        .where(cases.c.student_id == case.student, outreach.c.status == OutreachStatus.DRAFT)
        .order_by(outreach.c.id)
    ).all()
    for row in drafts:
        draft = repository.outreach_by_id(work.connection, row.id)
        repository.save_outreach(
            work, draft, opened_by=None, opened_hash=None, returned=why, returned_by=by
        )
        key = f"{draft.id}:{draft.version}"
        told = Notice(NoticeKind.RETURNED, case.school, key, case=row.case_id, about=draft.id)
        notify_person(work, draft.drafter, told, by=by)
        work.record(f"staff:{by}", "returned", f"case:{row.case_id}", outreach=draft.id)
    look_now(work, case.student)
    seen_after_fitness(work, case.student, f"contact-{case.id}-{case.version}", by)
