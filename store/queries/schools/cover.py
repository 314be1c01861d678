"""Find who is away, and who covers for them (paragraph 26)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from store.db.read_once import read_once
from store.db.school_rows import school_rows
from store.queries.schools.staff import colleagues
from store.rules.access.permissions import Action, may_in_role
from store.rules.model import Role
from store.tables import covers, staff, staff_roles

_TAKES = sorted(role for role in Role if may_in_role(role, Action.TAKE))


@dataclass(frozen=True, slots=True)
class Cover:
    """One absence from ``first`` to ``last``, both included, and the colleague who covers."""

    id: int
    school: int
    absent: int
    absent_name: str
    cover: int
    cover_name: str
    first: dt.date
    last: dt.date


def stand_in(
    connection: sa.Connection,
    school: int,
    staff_id: int,
    day: dt.date,
    barred: Collection[int] = (),
) -> int:
    """Return who acts for a member of staff on this day: themselves, or their cover.

    A cover who is away is covered in turn. The result is never a ``barred`` person, for example by
    a complaint on a case, nor a person who may no longer act in the school.
    """
    return acting_for(stand_ins(connection, school, day), staff_id, barred)


_cover = staff.alias("cover")
_HOLDS = sa.and_(
    covers.c.ended_at.is_(None),
    _cover.c.active,
    sa.exists().where(
        staff_roles.c.staff_id == covers.c.cover_id,
        staff_roles.c.school_id == covers.c.school_id,
        staff_roles.c.role.in_(_TAKES),
    ),
)
"""The condition that an absence was not ended and its cover may still act in the school."""


@read_once
def stand_ins(connection: sa.Connection, school: int, day: dt.date) -> Mapping[int, int]:
    """Map each absent member of staff of a school to their cover on this day.

    A cover may be away too: follow it with ``acting_for``. A cover who may no longer act in the
    school covers for no one.
    """
    able = {each.id for each in colleagues(connection, school, Action.TAKE)}
    return {
        row.absent_id: row.cover_id
        for row in school_rows(connection, school).covers
        if row.first <= day <= row.last and row.cover_id in able
    }


def acting_for(away: Mapping[int, int], staff_id: int, barred: Collection[int] = ()) -> int:
    """Follow covers from a person to one who is present. It ends even in a ring of covers."""
    chain = [staff_id]
    while (following := away.get(chain[-1])) is not None and following not in chain:
        chain.append(following)
    return next((person for person in reversed(chain) if person not in barred), staff_id)


def covers_between(
    connection: sa.Connection, school: int, first: dt.date, last: dt.date
) -> list[Cover]:
    """Return all absences in a school that touch these days, earliest first."""
    return _covers(
        connection,
        covers.c.school_id == school,
        covers.c.first <= last,
        covers.c.last >= first,
    )


def covers_that_ended(connection: sa.Connection, school: int, day: dt.date) -> list[Cover]:
    """Return the covers of the last two weeks that no longer hold on this day, earliest first.

    Their days are over, or the cover may no longer act in the school. A cover is left out where the
    same colleague still covers for the same person.
    """
    away = stand_ins(connection, school, day)
    found = _covers(
        connection,
        covers.c.school_id == school,
        covers.c.ended_at.is_(None),
        covers.c.last >= day - _NEWS,
        sa.or_(covers.c.last < day, sa.not_(_HOLDS)),
        holds=False,
    )
    return [each for each in found if away.get(each.absent) != each.cover]


def cover_of(connection: sa.Connection, cover_id: int) -> Cover:
    """Return a cover by its id, whether it still holds or not."""
    (found,) = _covers(connection, covers.c.id == cover_id, holds=False)
    return found


def select_coming(staff_id: int, day: dt.date) -> sa.Select[Any]:
    """Select present and coming absences of a person and of those they cover, earliest first, for
    ``Cover``."""
    return _select_covers(
        _HOLDS,
        sa.or_(covers.c.absent_id == staff_id, covers.c.cover_id == staff_id),
        covers.c.last >= day,
    )


def covered_by(connection: sa.Connection, school: int, staff_id: int, day: dt.date) -> list[int]:
    """Return the people of a school that this person covers on this day."""
    away = stand_ins(connection, school, day)
    return [absent for absent in away if acting_for(away, absent) == staff_id]


_absent = staff.alias("absent")
_NEWS = dt.timedelta(weeks=2)
"""How long after a cover ended people are still told: longer than the longest closure in a term."""


def _covers(
    connection: sa.Connection, *which: sa.ColumnElement[bool], holds: bool = True
) -> list[Cover]:
    rows = connection.execute(_select_covers(*([_HOLDS] if holds else []), *which))
    return [Cover(*row) for row in rows]


def _select_covers(*which: sa.ColumnElement[bool]) -> sa.Select[Any]:
    return (
        sa.select(
            covers.c.id,
            covers.c.school_id,
            covers.c.absent_id,
            _absent.c.name.label("absent_name"),
            covers.c.cover_id,
            _cover.c.name.label("cover_name"),
            covers.c.first,
            covers.c.last,
        )
        .join(_absent, _absent.c.id == covers.c.absent_id)
        .join(_cover, _cover.c.id == covers.c.cover_id)
        .where(*which)
        .order_by(covers.c.first, _absent.c.name, covers.c.id)
    )
