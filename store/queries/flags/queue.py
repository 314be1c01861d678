"""List queued students in the order of the newest screening, and the days on hold."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from store.db.together import Together
from store.queries.complaints import complaining_about
from store.queries.deaths import lives
from store.queries.flag_facts import FACT, told_once
from store.queries.module_titles import by_title
from store.queries.newest_screenings import COLUMNS, Screenings
from store.rules.model import Level
from store.tables import CASE_IS_OPEN, FLAG_IS_ACTIVE, cases, flags, holds, modules, staff, students
from store.tables import waiting as queued


@dataclass(frozen=True, slots=True)
class WaitingLine:
    """A queued student without a name, with the data that a case in a list would show."""

    student: int
    school: int
    level: Level
    programme: str
    since: dt.date
    reasons: tuple[str, ...]
    families: int
    is_found: bool = True
    """Whether the newest screening found one of the flags again."""


@dataclass(frozen=True, slots=True)
class HeldLine:
    """A held day: too many of a module were flagged at once, so the data is in question."""

    id: int
    school: int
    module: str
    title: str
    day: dt.date
    flagged: int
    cohort: int
    reasons: tuple[str, ...]
    """Some of the flags' reasons, to check whether they are true."""
    organiser: int | None
    """The staff id of the person who should answer."""
    organiser_name: str | None
    decision: str | None
    """None until someone answers."""
    decided_by: str | None
    why: str

    @property
    def name(self) -> str:
        """The module's title with its code, by which the question can be answered typed."""
        return f"{self.title} ({self.module})" if self.title.strip() else self.module


def waiting(
    connection: sa.Connection, school_ids: Collection[int], reader: int | None = None
) -> list[WaitingLine]:
    """Return the queued students of these home schools, strongest evidence first.

    For a ``reader`` without those with an open complaint about them (§27).

    A student whose flags depend on a source without new data waits for the data, not for room.
    """
    rows, their_flags, found = _queue(connection, school_ids, reader)
    said = told_once(connection, their_flags, "student_id")
    return [
        WaitingLine(
            student=row.student_id,
            school=row.school_id,
            level=Level(row.level),
            programme=row.programme,
            since=row.since,
            reasons=tuple(reason for _, reason in said.get(row.student_id, ())),
            families=len({family for family, _ in said.get(row.student_id, ())}),
            is_found=row.student_id in found,
        )
        for row in rows
    ]


def waiting_since(connection: sa.Connection, school: int) -> list[dt.date]:
    """Return since when each queued student of the school waits, strongest evidence first."""
    rows, _, _ = _queue(connection, [school])
    return [row.since for row in rows]


def _queue(
    connection: sa.Connection, school_ids: Collection[int], reader: int | None = None
) -> tuple[list[Any], list[Any], set[int]]:
    """Return the queued students, their flags, and those with a flag found again."""
    barred = [] if reader is None else [queued.c.student_id.not_in(complaining_about(reader))]
    queue = (
        sa.select(
            queued.c.student_id,
            queued.c.school_id,
            queued.c.since,
            students.c.level,
            students.c.programme,
        )
        .join(students, students.c.id == queued.c.student_id)
        .where(
            queued.c.school_id.in_(school_ids),
            lives(queued.c.student_id),
            *barred,
            # A student whose case was opened by hand since is not queued any more.
            ~sa.exists().where(cases.c.student_id == queued.c.student_id, CASE_IS_OPEN),
        )
        .order_by(queued.c.school_id, queued.c.place, queued.c.since, queued.c.student_id)
    )
    rows, their_flags = Together(queue, _flags_of_queued(school_ids)).rows(connection)
    found, away = _found_and_away(connection, their_flags)
    in_queue = [row for row in rows if row.student_id in found or row.student_id not in away]
    return in_queue, their_flags, found


def held(
    connection: sa.Connection, school_ids: Collection[int], *, answered: bool = False
) -> list[HeldLine]:
    """Return unanswered holds of these schools; with ``answered`` those answered as well."""
    query = _held().where(holds.c.school_id.in_(school_ids))
    if not answered:
        query = query.where(holds.c.decision.is_(None))
    return [_held_line(connection, row) for row in connection.execute(query)]


def held_line(connection: sa.Connection, hold: int) -> HeldLine | None:
    """Return one held day of flags by its id, answered or not."""
    row = connection.execute(_held().where(holds.c.id == hold)).one_or_none()
    return None if row is None else _held_line(connection, row)


def _held() -> sa.Select[Any]:
    organisers, deciders = staff.alias("organisers"), staff.alias("deciders")
    return (
        sa.select(
            holds,
            modules.c.title,
            modules.c.organiser_id,
            organisers.c.name.label("organiser_name"),
            deciders.c.name.label("decider_name"),
        )
        .outerjoin(modules, modules.c.code == holds.c.module)
        .outerjoin(organisers, organisers.c.id == modules.c.organiser_id)
        .outerjoin(deciders, deciders.c.id == holds.c.decided_by)
        .order_by(holds.c.day.desc(), holds.c.id)
    )


def _held_line(connection: sa.Connection, row: sa.Row[Any]) -> HeldLine:
    return HeldLine(
        id=row.id,
        school=row.school_id,
        module=row.module,
        title=row.title or "",
        day=row.day,
        flagged=row.flagged,
        cohort=row.cohort,
        reasons=_examples(connection, row.id),
        organiser=row.organiser_id,
        organiser_name=row.organiser_name,
        decision=row.decision,
        decided_by=row.decider_name,
        why=row.why,
    )


def _flags_of_queued(school_ids: Collection[int]) -> sa.Select[Any]:
    """Select the active flags for which the students of these home schools are queued."""
    return (
        sa.select(flags.c.student_id, flags.c.reason_staff, *FACT, *COLUMNS)
        .join(queued, queued.c.student_id == flags.c.student_id)
        .where(
            queued.c.school_id.in_(school_ids),
            flags.c.case_id.is_(None),
            flags.c.hold_id.is_(None),
            FLAG_IS_ACTIVE,
        )
        .order_by(flags.c.raised_on, flags.c.id)
    )


def _found_and_away(connection: sa.Connection, rows: Sequence[Any]) -> tuple[set[int], set[int]]:
    """Return queued students with a flag found again, and those with a flag without new data."""
    screened = Screenings(connection)
    found = {row.student_id for row in rows if screened.found(row)}
    away = {row.student_id for row in rows if row.student_id not in found and screened.missing(row)}
    return found, away


def _examples(connection: sa.Connection, hold: int) -> tuple[str, ...]:
    found = connection.execute(
        sa.select(flags.c.module, flags.c.reason_staff)
        .where(flags.c.hold_id == hold)
        .group_by(flags.c.module, flags.c.reason_staff)
        .order_by(sa.func.count().desc(), flags.c.reason_staff)
        .limit(3)
    )
    return tuple(by_title(connection, [(row.module, row.reason_staff) for row in found]))
