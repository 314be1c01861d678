"""Read what an open complaint says. Its subject cannot."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from store.actions.authority import authorise_evidence_on
from store.actions.disclose import disclose
from store.actions.request import record_refusal
from store.db import repository
from store.db.student_keys import open_notes
from store.db.unit_of_work import Store, UnitOfWork
from store.rules.access.disclosures import Implied, Shows
from store.rules.access.permissions import Action, authorise
from store.rules.calendar import institution_day
from store.rules.cases.case import Case
from store.rules.cases.open_complaint import OpenComplaint
from store.rules.errors import NotAllowed, NotPossibleNow
from store.tables import complaints, staff


def read_complaints(store: Store, actor_id: int, case_id: int) -> tuple[OpenComplaint, ...]:
    """Return the open complaints about a case, oldest first; audited.

    For the person who handles one of them, the leads or their deputies, and the data protection
    officer. Raises ``NotPossibleNow`` where none is open.
    """
    try:
        with store.unit_of_work() as work:
            case = repository.case(work.connection, case_id)
            actor = repository.actor(work.connection, actor_id)
            rows = _open_ones(work, case_id)
            if any(row.handler_id == actor.id for row in rows):
                authorise(actor, Action.SEE, case)
            else:
                authorise_evidence_on(work.connection, actor, case)
            if not rows:
                raise _none_is_open(case)
            disclose(
                work,
                actor.id,
                f"case:{case_id}",
                (Shows.NOTES,),
                Implied.COMPLAINT_WORDS,
                action="read-complaint",
                complaints=len(rows),
            )
            names = _names(work, rows)
            words = open_notes(work.connection, [row.summary for row in rows])
            return tuple(
                OpenComplaint(
                    institution_day(row.at),
                    names.get(row.recorded_by, "a former colleague"),
                    names.get(row.about_id, ""),
                    summary,
                )
                for row, summary in zip(rows, words, strict=True)
            )
    except NotAllowed:
        record_refusal(store, actor_id, "read-complaint", f"case:{case_id}")
        raise


def _open_ones(work: UnitOfWork, case_id: int) -> list[Any]:
    query = sa.select(complaints).where(
        complaints.c.case_id == case_id, complaints.c.resolved_at.is_(None)
    )
    return list(work.connection.execute(query.order_by(complaints.c.id)))


def _none_is_open(case: Case) -> NotPossibleNow:
    if case.complaint_on:
        return NotPossibleNow(
            f"The complaint is about {case.complaint_on}. Read it there: /lantern complaint "
            f"{case.complaint_on} read."
        )
    return NotPossibleNow(f"No complaint about {case.reference} is open.")


def _names(work: UnitOfWork, rows: list[Any]) -> dict[int | None, str]:
    people = {person for row in rows for person in (row.recorded_by, row.about_id)} - {None}
    query = sa.select(staff.c.id, staff.c.name).where(staff.c.id.in_(people))
    return {row.id: row.name for row in work.connection.execute(query)}
