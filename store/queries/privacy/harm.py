"""Read the words that may do serious harm, for colleagues to mark and the officer to decide on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from store.db.student_keys import open_all, open_notes
from store.rules.students.harm import HarmPlace
from store.tables import (
    attempts,
    cases,
    harm_marks,
    interventions,
    referrals,
    remarks,
    replies,
    staff,
    views,
)

WORDS: Mapping[HarmPlace, sa.Column[str]] = {
    HarmPlace.VIEW: views.c.reason,
    HarmPlace.NOTE: interventions.c.note,
    HarmPlace.REMARK: remarks.c.body,
    HarmPlace.ATTEMPT: attempts.c.note,
    HarmPlace.REFERRAL: referrals.c.note,
    HarmPlace.ANSWER: replies.c.body,
}
"""The column with the words of each kind of record."""


@dataclass(frozen=True, slots=True)
class Markable:
    """A record of a case whose words can be marked; it does not hold the words."""

    place: HarmPlace
    row: int
    at: dt.datetime
    by: str
    """The colleague's name; '' for the student's own answer."""
    is_marked: bool


@dataclass(frozen=True, slots=True)
class HarmMark:
    """Marked words. ``gives`` is None until the officer decides."""

    id: int
    place: HarmPlace
    row: int
    words: str
    why: str
    by: str
    at: dt.datetime
    gives: bool | None
    decision: str
    decided_by: str
    decided_at: dt.datetime | None


def markable(connection: sa.Connection, case: int) -> list[Markable]:
    """Return the records of a case that hold words, newest first."""
    parts = []
    for place, column in WORDS.items():
        table = column.table
        is_answer = place is HarmPlace.ANSWER
        by = sa.literal(None, sa.BigInteger) if is_answer else table.c.author_id
        at = table.c.received_at if is_answer else table.c.at
        parts.append(
            sa.select(
                sa.literal(place.value).label("place"),
                table.c.id.label("row"),
                at.label("at"),
                by.label("by_id"),
            ).where(table.c.case_id == case, column != "")
        )
    every = sa.union_all(*parts).subquery()
    rows = connection.execute(
        sa.select(every, staff.c.name, harm_marks.c.id.label("mark"))
        .outerjoin(staff, staff.c.id == every.c.by_id)
        .outerjoin(
            harm_marks,
            sa.and_(harm_marks.c.place == every.c.place, harm_marks.c.row == every.c.row),
        )
        .order_by(every.c.at.desc(), every.c.place, every.c.row.desc())
    )
    return [
        Markable(HarmPlace(row.place), row.row, row.at, row.name or "", row.mark is not None)
        for row in rows
    ]


def harm_marks_of(connection: sa.Connection, student: int) -> list[HarmMark]:
    """Return all marks on a student's records with the words, in the order of marking."""
    decider = staff.alias("decider")
    rows = connection.execute(
        sa.select(
            harm_marks,
            staff.c.name.label("by_name"),
            decider.c.name.label("decided_by_name"),
        )
        .join(staff, staff.c.id == harm_marks.c.by_staff_id)
        .outerjoin(decider, decider.c.id == harm_marks.c.decided_by)
        .where(harm_marks.c.student_id == student, harm_marks.c.place.in_(list(HarmPlace)))
        .order_by(harm_marks.c.id)
    ).all()
    words = _words(connection, {(HarmPlace(row.place), row.row) for row in rows})
    opened = open_all(connection, [text for row in rows for text in (row.why, row.decision)])
    return [
        HarmMark(
            row.id,
            HarmPlace(row.place),
            row.row,
            words.get((HarmPlace(row.place), row.row), ""),
            opened[2 * number],
            row.by_name,
            row.at,
            row.gives,
            opened[2 * number + 1],
            row.decided_by_name or "",
            row.decided_at,
        )
        for number, row in enumerate(rows)
    ]


def undecided(connection: sa.Connection, student: int) -> int:
    """Count the marks that the officer has not decided on."""
    query = sa.select(sa.func.count()).where(
        harm_marks.c.student_id == student, harm_marks.c.gives.is_(None)
    )
    return int(connection.execute(query).scalar_one())


def row_of(connection: sa.Connection, place: HarmPlace, row: int) -> tuple[int, int] | None:
    """Return the case and the student of a record with words; None where there is none."""
    column = WORDS[place]
    query = (
        sa.select(cases.c.id, cases.c.student_id)
        .join(column.table, column.table.c.case_id == cases.c.id)
        .where(column.table.c.id == row, column != "")
    )
    found = connection.execute(query).one_or_none()
    return (found.id, found.student_id) if found else None


def row_in_copy(
    connection: sa.Connection, student: int, place: HarmPlace, number: int
) -> int | None:
    """Return the row that stands at this place in a copy, counted from 1; None where none does."""
    table = WORDS[place].table
    query = (
        sa.select(table.c.id)
        .join(cases, cases.c.id == table.c.case_id)
        .where(cases.c.student_id == student)
        .order_by(table.c.id)
        .offset(number - 1)
        .limit(1)
    )
    return connection.execute(query).scalar_one_or_none() if number > 0 else None


def _words(
    connection: sa.Connection, wanted: set[tuple[HarmPlace, int]]
) -> dict[tuple[HarmPlace, int], str]:
    found: dict[tuple[HarmPlace, int], str] = {}
    for place in sorted({place for place, _ in wanted}):
        column = WORDS[place]
        numbers = [row for each, row in wanted if each is place]
        rows = connection.execute(
            sa.select(column.table.c.id, column.label("words")).where(
                column.table.c.id.in_(numbers)
            )
        ).all()
        texts = [row.words for row in rows]
        opened = (
            open_all(connection, texts)
            if place is HarmPlace.ANSWER
            else open_notes(connection, texts)
        )
        found |= {(place, row.id): text for row, text in zip(rows, opened, strict=True)}
    return found
