"""Looking a student up, and the health of a school's feeds."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass

import sqlalchemy as sa

from store.tables import CASE_IS_OPEN, cases, contributing_schools, ingests, students

MOST = 10


@dataclass(frozen=True, slots=True)
class Found:
    """A student of whom somebody may know who it is, and their open case, if there is one."""

    number: str
    name: str
    programme: str
    case: int | None
    reference: str | None


def find(connection: sa.Connection, words: str, school_ids: Collection[int]) -> list[Found]:
    """Students of these schools by number or part of a name; at most a few."""
    typed = " ".join(words.split())
    pattern = f"%{_literal(typed.lower())}%"
    name = sa.func.lower(students.c.given_name + " " + students.c.family_name)
    here = students.c.home_school_id.in_(school_ids) | students.c.id.in_(
        sa.select(contributing_schools.c.student_id).where(
            contributing_schools.c.school_id.in_(school_ids)
        )
    )
    rows = connection.execute(
        sa.select(students, cases.c.id.label("case"), cases.c.reference)
        .outerjoin(
            cases,
            # Another school's case is none of the finder's business.
            sa.and_(
                cases.c.student_id == students.c.id,
                cases.c.school_id.in_(school_ids),
                CASE_IS_OPEN,
            ),
        )
        .where(here, (students.c.number == typed) | name.like(pattern, escape="\\"))
        .order_by(students.c.family_name, students.c.given_name, students.c.id)
        .limit(MOST)
    )
    return [
        Found(
            row.number,
            f"{row.given_name} {row.family_name}",
            row.programme,
            row.case,
            row.reference,
        )
        for row in rows
    ]


def _literal(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


@dataclass(frozen=True, slots=True)
class Feed:
    """A source as it was last delivered; ``at`` is None where it never was."""

    source: str
    at: dt.datetime | None
    accepted: int
    rejected: int
    trouble: str


def feeds(connection: sa.Connection, sources: Iterable[str]) -> list[Feed]:
    """The newest delivery of each source."""
    found = []
    for source in sorted(set(sources)):
        row = connection.execute(
            sa.select(ingests).where(ingests.c.source == source).order_by(ingests.c.id.desc())
        ).first()
        found.append(
            Feed(source, row.at, row.accepted, row.rejected, row.trouble)
            if row
            else Feed(source, None, 0, 0, "")
        )
    return found
