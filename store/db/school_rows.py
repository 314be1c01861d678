"""Read the rows of a school that nearly every card and list needs, in one statement."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from store.db.read_once import Of, read_each
from store.db.repository import PEOPLE
from store.db.together import Together
from store.tables import cases, covers, policies, screenings, staff, staff_roles, troubles

_THESE: sa.BindParameter[int] = sa.bindparam("these", expanding=True)
_there = staff_roles.alias("there")
_VERSIONS = (
    sa.select(
        policies.c.id,
        policies.c.school_id,
        policies.c.version,
        policies.c.effective,
        policies.c.document_hash,
    )
    .where(policies.c.school_id.in_(_THESE))
    .order_by(policies.c.version)
)
_PEOPLE = (
    PEOPLE.add_columns(staff.c.trained_on, _there.c.school_id.label("asked"))
    .join(_there, _there.c.staff_id == staff.c.id)
    .where(_there.c.school_id.in_(_THESE))
)
_TROUBLES = (
    sa.select(troubles, cases.c.school_id.label("case_school"))
    .outerjoin(cases, cases.c.id == troubles.c.case_id)
    .where(troubles.c.school_id.in_(_THESE) | cases.c.school_id.in_(_THESE))
    .order_by(troubles.c.since, troubles.c.id)
)
_SCREENED = (
    sa.select(screenings.c.school_id, sa.func.max(screenings.c.day).label("newest"))
    .where(screenings.c.school_id.in_(_THESE))
    .group_by(screenings.c.school_id)
)
_newest = (
    sa.select(sa.func.max(screenings.c.day))
    .where(screenings.c.school_id == covers.c.school_id)
    .scalar_subquery()
)
_COVERS = (
    sa.select(covers)
    .where(
        covers.c.school_id.in_(_THESE),
        covers.c.ended_at.is_(None),
        # No one asks about a day before the newest night, and those of all years are many.
        covers.c.last >= sa.func.coalesce(_newest, covers.c.last),
    )
    .order_by(covers.c.id)
)
_TOGETHER = Together(_VERSIONS, _PEOPLE, _TROUBLES, _SCREENED, _COVERS)


@dataclass(frozen=True, slots=True)
class SchoolRows:
    """The rows of one school for its cards and lists: ``versions`` of the policy without their
    text, oldest first; ``people`` with a role here, by name, with each role of theirs anywhere;
    ``troubles`` of the school and of its cases, oldest first; the day of its newest screening, None
    before the first; ``covers`` of that day and after it that were not ended.
    """

    versions: tuple[Any, ...]
    people: tuple[Any, ...]
    troubles: tuple[Any, ...]
    screened_on: dt.date | None
    covers: tuple[Any, ...]


@read_each(Of.SCHOOL)
def school_rows(connection: sa.Connection, these: Collection[int]) -> Mapping[int, SchoolRows]:
    """Return the rows of a school that its cards and lists need, from one statement."""
    versions, people, noted, screened, away = _TOGETHER.rows(connection, {"these": list(these)})
    newest = {row.school_id: row.newest for row in screened}
    return {
        each: SchoolRows(
            tuple(row for row in versions if row.school_id == each),
            tuple(row for row in people if row.asked == each),
            tuple(row for row in noted if each in (row.school_id, row.case_school)),
            newest.get(each),
            tuple(row for row in away if row.school_id == each),
        )
        for each in these
    }
