"""Carry active flags of closed cases to a later case, or to the queue for one (§3).

Closing a case does not end its active flags. The flag stays on the closed case as it was. Its
continuation is a new flag without a case, which the queue then takes up.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from typing import Any

import sqlalchemy as sa

from store.actions.flags.stored_flags import IS_LOOSE
from store.db.batches import chunks
from store.db.unit_of_work import UnitOfWork
from store.queries.students.ended_cases import grace_of, newest_closed, with_open_complaint
from store.queries.students.exemptions import exempt_on
from store.rules.flags.grace import SILENCE, Closed, follows_from_silence, goes_on
from store.rules.model import FlagState, MarkerFamily
from store.tables import CASE_IS_OPEN, FLAG_IS_ACTIVE, cases, flags, students

_FOLLOWING = tuple(each for each in MarkerFamily if follows_from_silence(each))


def carry_on(work: UnitOfWork, school: int, day: dt.date, again: Collection[int] = ()) -> None:
    """Carry on the active flags of closed cases that are due on ``day``.

    These are flags of ``school``, and flags of students whose home school it is. ``again`` are
    flags that a correction made active again: no one has seen them, so they are due at once.
    """
    rows = _on_ended_cases(work.connection, school)
    if not rows:
        return
    _rest_with_silence(work, rows, day)
    homes = {row.student_id: row.home_school_id for row in rows}
    due = _due(work.connection, homes, day, {row.student_id for row in rows if row.id in again})
    _carry(work, [row.id for row in rows if row.student_id in due])


def _on_ended_cases(connection: sa.Connection, school: int) -> list[sa.Row[Any]]:
    """Return all active flags on closed cases of the students of this school."""
    ended: sa.Select[Any] = (
        sa.select(
            flags.c.id,
            flags.c.student_id,
            students.c.home_school_id,
            flags.c.school_id,
            flags.c.rule,
            flags.c.case_id,
        )
        .join(cases, cases.c.id == flags.c.case_id)
        .join(students, students.c.id == flags.c.student_id)
        .where(FLAG_IS_ACTIVE, ~CASE_IS_OPEN, students.c.erased_at.is_(None))
    )
    rows = connection.execute(ended.order_by(flags.c.id)).all()
    concerned = {row.student_id for row in rows if school in (row.school_id, row.home_school_id)}
    return [row for row in rows if row.student_id in concerned]


def _rest_with_silence(work: UnitOfWork, rows: Sequence[sa.Row[Any]], day: dt.date) -> None:
    """Put new flags that only follow from known inactivity on the closed case that has it.

    This holds while the closed case is in its time of grace, or another process is under way.
    Work that falls due is news to the school, but not to that process.
    """
    silent = {row.student_id: row for row in rows if row.rule == SILENCE}
    with_case = _some(work.connection, silent, cases.c.student_id, CASE_IS_OPEN)
    newest = newest_closed(work.connection, silent.keys() - with_case)
    for student, last in newest.items():
        row = silent[student]
        rests = last.in_other_process or day < grace_of(
            work.connection, row.home_school_id, day
        ).ends_on(last.closed_at)
        if rests and row.case_id == last.id:
            work.connection.execute(
                sa.update(flags)
                .where(
                    IS_LOOSE,
                    flags.c.student_id == student,
                    flags.c.rule != SILENCE,
                    flags.c.family.in_(MarkerFamily if last.in_other_process else _FOLLOWING),
                )
                .values(case_id=last.id)
            )


def _due(
    connection: sa.Connection, homes: dict[int, int], day: dt.date, again: set[int]
) -> set[int]:
    closed = newest_closed(connection, homes)
    complaint = with_open_complaint(connection, homes)
    with_case = _some(connection, homes, cases.c.student_id, CASE_IS_OPEN)
    with_new = _some(connection, homes, flags.c.student_id, IS_LOOSE) | again
    left_alone = {home: exempt_on(connection, home, day) for home in set(homes.values())}
    grace = {home: grace_of(connection, home, day) for home in set(homes.values())}
    found = set()
    for student, home in homes.items():
        last = closed.get(student)
        facts = Closed(
            closed_at=last.closed_at if last else None,
            has_open_case=student in with_case,
            has_new_flag=student in with_new,
            is_left_alone=student in left_alone[home],
            has_complaint=student in complaint,
            in_other_process=last is not None and last.in_other_process,
        )
        if goes_on(facts, grace[home], day):
            found.add(student)
    return found


def _some(
    connection: sa.Connection,
    who: Collection[int],
    student: sa.ColumnElement[int],
    which: sa.ColumnElement[bool],
) -> set[int]:
    found: set[int] = set()
    for part in chunks(sorted(who)):
        query = sa.select(student).where(student.in_(part), which).distinct()
        found |= set(connection.execute(query).scalars())
    return found


def _carry(work: UnitOfWork, which: Collection[int]) -> None:
    """End these flags as carried, and start each again from the last day on which it was found."""
    for part in chunks(sorted(which)):
        rows = work.connection.execute(
            sa.update(flags)
            .where(flags.c.id.in_(part))
            .values(state=FlagState.CARRIED)
            .returning(flags)
        ).mappings()
        again = [
            {name: row[name] for name in row if name != "id"}
            | {
                "case_id": None,
                "hold_id": None,
                "state": FlagState.ACTIVE,
                "raised_on": row["last_found_on"],
                "missed_on": [],
                "raised_at": work.now,
            }
            for row in rows
        ]
        work.connection.execute(sa.insert(flags), again)
