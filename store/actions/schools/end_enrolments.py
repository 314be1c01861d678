"""End enrolments that a delivery marks as ended, or that a complete delivery leaves out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import sqlalchemy as sa

from store.db.batches import chunks
from store.db.unit_of_work import UnitOfWork
from store.rules.calendar import institution_day
from store.rules.errors import InvalidInput
from store.rules.schools import Roster
from store.rules.text.formatting import counted
from store.tables import enrolments, modules, students

MOST_ENDING = 0.1
"""The share of open enrolments that a complete delivery may end without a confirmation."""
LEAST_ENDING = 5
"""Fewer ended enrolments than this never need a confirmation."""

Key = tuple[int, int]


def end_missing(work: UnitOfWork, roster: Roster, confirmed: int | None = None) -> None:
    """End the enrolments that a complete delivery leaves out.

    Raises ``InvalidInput`` where they are unusually many and ``confirmed`` is not their number.
    """
    if not roster.complete:
        return
    named = {each.number for each in roster.students}
    pairs = {(each.number, each.module) for each in roster.enrolments}
    old = dict(roster.renumbered)
    rows = _open(work)
    missing = {
        (row.student_id, row.module_id)
        for row in rows
        if ("students" in roster.complete and old.get(row.number, row.number) not in named)
        or ("enrolments" in roster.complete and (row.number, row.code) not in pairs)
    }
    who = {student for student, _ in missing}
    gone = who - {row.student_id for row in rows if (row.student_id, row.module_id) not in missing}
    is_much = len(missing) >= LEAST_ENDING and len(missing) > MOST_ENDING * len(rows)
    if is_much and confirmed != len(missing):
        raise InvalidInput(
            f"This complete roster would end {len(missing)} of "
            f"{counted(len(rows), 'open enrolment', 'open enrolments')}, and "
            f"{counted(len(gone), 'student', 'students')} would have left. Nothing was loaded. "
            f"If that is right, add --confirm {len(missing)}. If files are cut off, export them "
            "again."
        )
    _end(work, missing, last_day(work))


def end_for_leavers(work: UnitOfWork, roster: Roster, ids: Mapping[str, int]) -> None:
    """End every enrolment of students whose status says that they have left."""
    days: dict[dt.date, set[int]] = {}
    for each in roster.students:
        if each.has_left and each.number in ids:
            days.setdefault(each.left_on or last_day(work), set()).add(ids[each.number])
    for day, who in days.items():
        for part in chunks(sorted(who)):
            work.connection.execute(
                sa.update(enrolments)
                .where(
                    enrolments.c.student_id.in_(part),
                    enrolments.c.ends.is_(None) | (enrolments.c.ends > day),
                )
                .values(ends=day)
            )


def known_ends(work: UnitOfWork) -> dict[Key, dt.date]:
    """Map each ended enrolment to its last day, as known before this delivery."""
    query = sa.select(enrolments).where(enrolments.c.ends.is_not(None))
    return {(row.student_id, row.module_id): row.ends for row in work.connection.execute(query)}


def last_day(work: UnitOfWork) -> dt.date:
    """Return the last day of enrolments that a delivery ends without a date: yesterday."""
    return institution_day(work.now) - dt.timedelta(days=1)


def _open(work: UnitOfWork) -> list[sa.Row[tuple[int, int, str, str]]]:
    ends, day = enrolments.c.ends, institution_day(work.now)
    query = (
        sa.select(
            enrolments.c.student_id, enrolments.c.module_id, students.c.number, modules.c.code
        )
        .join(students, students.c.id == enrolments.c.student_id)
        .join(modules, modules.c.id == enrolments.c.module_id)
        .where(students.c.erased_at.is_(None), ends.is_(None) | (ends >= day))
    )
    return list(work.connection.execute(query))


def _end(work: UnitOfWork, missing: set[Key], day: dt.date) -> None:
    by_module: dict[int, list[int]] = {}
    for student, module in sorted(missing):
        by_module.setdefault(module, []).append(student)
    for module, who in by_module.items():
        for part in chunks(who):
            work.connection.execute(
                sa.update(enrolments)
                .where(enrolments.c.module_id == module, enrolments.c.student_id.in_(part))
                .values(ends=day)
            )
