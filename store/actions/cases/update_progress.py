"""Change the status of open cases after a night's screening.

The status only describes what was seen. No one is contacted and no case is closed here.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

import sqlalchemy as sa

from store.actions.cases.open_cases import WORKER
from store.db import repository
from store.db.batches import chunks
from store.db.unit_of_work import UnitOfWork
from store.rules.cases import lifecycle
from store.rules.cases.lifecycle import Move
from store.rules.model import CaseStatus
from store.tables import CASE_IS_OPEN, FLAG_IS_ACTIVE, cases, flags


def update_case_progress(
    work: UnitOfWork, touched: Iterable[int], joined: Iterable[int], day: dt.date
) -> None:
    """Change the status of cases whose flags have changed.

    ``joined`` got a flag: a case that was re-engaging returns to discussion, and a snooze ends
    where a new family of evidence has a flag. Other cases in ``touched`` without an active flag
    show that the student is back, if one of their flags ended for that reason. The caller updates
    the cards and the version.
    """
    flagged = set(joined)
    for case in _open(work, flagged):
        _move(work, case, Move.FLAG)
    _wake(work, flagged, day)
    silent = set(touched) - flagged
    back = _with_flags(work, silent, _IS_RETURN) - _with_flags(work, silent, FLAG_IS_ACTIVE)
    for case in _open(work, back):
        _move(work, case, Move.RECOVER)


def _open(work: UnitOfWork, which: set[int]) -> list[int]:
    found: list[int] = []
    for part in chunks(sorted(which)):
        query = sa.select(cases.c.id).where(cases.c.id.in_(part), CASE_IS_OPEN)
        found += work.connection.execute(query.order_by(cases.c.id)).scalars()
    return found


def _move(work: UnitOfWork, case_id: int, move: Move) -> None:
    case = repository.case(work.connection, case_id, lock=True)
    status = lifecycle.after(case, move)
    if status is case.status:
        return
    work.connection.execute(sa.update(cases).where(cases.c.id == case.id).values(status=status))
    action = "re-engaging" if status is CaseStatus.RE_ENGAGING else "flagged-again"
    work.record(WORKER, action, f"case:{case.id}", status=status)


def _wake(work: UnitOfWork, flagged: set[int], day: dt.date) -> None:
    """End the snooze of cases with a flag of a family that had none before."""
    for part in chunks(sorted(flagged)):
        rows = work.connection.execute(
            sa.select(flags.c.case_id, flags.c.family, flags.c.raised_on)
            .join(cases, cases.c.id == flags.c.case_id)
            .where(
                flags.c.case_id.in_(part),
                FLAG_IS_ACTIVE,
                cases.c.snoozed_until.is_not(None),
            )
        ).all()
        before = {(row.case_id, row.family) for row in rows if row.raised_on < day}
        louder = {
            row.case_id
            for row in rows
            if row.raised_on == day and (row.case_id, row.family) not in before
        }
        for case in sorted(louder):
            work.connection.execute(
                sa.update(cases).where(cases.c.id == case).values(snoozed_until=None)
            )
            work.record(WORKER, "woken", f"case:{case}")


_IS_RETURN = flags.c.cleared_on.is_not(None)


def _with_flags(work: UnitOfWork, which: set[int], kind: sa.ColumnElement[bool]) -> set[int]:
    """Return those of these cases that have a flag of this kind."""
    found: set[int] = set()
    for part in chunks(sorted(which)):
        query = sa.select(flags.c.case_id).where(flags.c.case_id.in_(part), kind)
        found |= set(work.connection.execute(query.distinct()).scalars())
    return found
