"""Tell colleagues when later data corrects what a student was emailed, or confirms it after all."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping

import sqlalchemy as sa

from store.actions.notices.notify import Notice, notify_person
from store.db import repository
from store.db.batches import chunks
from store.db.unit_of_work import UnitOfWork
from store.queries.cases.ended_reasons import cases_corrected, misinformed_on
from store.queries.schools.responsible import responsible
from store.rules.flags.reconcile import FlagRun
from store.rules.model import FlagEnd, NoticeKind
from store.tables import flags, notices


def tell_of_corrections(work: UnitOfWork, touched: Iterable[int], day: dt.date) -> None:
    """Tell each case's owner that this day's data corrected what the student was emailed.

    Without an owner, the people responsible in the school are told.
    """
    for case_id in cases_corrected(work.connection, set(touched), day):
        case = repository.case(work.connection, case_id)
        if not misinformed_on(work.connection, case):
            continue
        told = Notice(NoticeKind.CORRECTED, case.school, f"{case_id}:{day}", case=case_id)
        others = responsible(work.connection, case.school, case.barred)
        for person in [case.owner] if case.owner else others:
            notify_person(work, person, told)


def tell_of_withdrawn_corrections(
    work: UnitOfWork, again: Collection[int], known: Mapping[int, FlagRun]
) -> None:
    """Tell those asked to correct an email to a student that the email was right after all."""
    stands = [each for each in again if known[each].end is FlagEnd.CORRECTED]
    for part in chunks(sorted(stands)):
        of = sa.select(flags.c.case_id).where(flags.c.id.in_(part))
        asked = work.connection.execute(
            sa.select(notices.c.case_id, notices.c.staff_id, sa.func.max(notices.c.id))
            .where(notices.c.kind == NoticeKind.CORRECTED, notices.c.case_id.in_(of))
            .group_by(notices.c.case_id, notices.c.staff_id)
        ).all()
        for case_id, person, newest in asked:
            case = repository.case(work.connection, case_id)
            told = Notice(NoticeKind.STANDS_AGAIN, case.school, str(newest), case=case_id)
            if person not in case.barred:
                notify_person(work, person, told)
