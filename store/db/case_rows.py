"""Read a case with everything its card shows from other tables, and its open complaints.

Building such a statement, above all an alias with all its columns, takes longer than running it, so
each statement is built once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from store.db.read_once import Of, found_already, read_each, shown_together
from store.tables import FLAG_IS_ACTIVE, cases, complaints, flags, schools, staff, students

_owner = staff.alias("owner")
_into = cases.alias("into")
_later = cases.alias("later")
_before = cases.alias("before")
_flag_before = flags.alias("flag_before")
_about = cases.alias("about")
_open_complaints = sa.join(complaints, _about, _about.c.id == complaints.c.case_id)
_EACH = (
    sa.select(
        cases,
        schools.c.code,
        schools.c.name.label("school_name"),
        students.c.level,
        students.c.programme,
        _owner.c.name.label("owner_name"),
        _into.c.reference.label("into_reference"),
        sa.select(_later.c.reference)
        .where(_later.c.follows_id == cases.c.id, _later.c.erased_at.is_(None))
        .order_by(_later.c.id.desc())
        .limit(1)
        .scalar_subquery()
        .label("followed_by"),
        _before.c.reference.label("before_reference"),
        _before.c.closed_at.label("before_closed_at"),
        _before.c.outcome.label("before_outcome"),
        sa.exists()
        .where(
            flags.c.case_id == cases.c.id,
            FLAG_IS_ACTIVE,
            _flag_before.c.case_id == cases.c.follows_id,
            _flag_before.c.school_id == flags.c.school_id,
            _flag_before.c.key == flags.c.key,
        )
        .label("goes_on_from_before"),
        _about.c.id.label("complained_of"),
        _about.c.reference.label("complained_reference"),
        complaints.c.about_id,
        complaints.c.informal_by,
    )
    .join(schools, schools.c.id == cases.c.school_id)
    .join(students, students.c.id == cases.c.student_id)
    .outerjoin(_owner, _owner.c.id == cases.c.owner_id)
    .outerjoin(_into, (_into.c.id == cases.c.merged_into) & _into.c.erased_at.is_(None))
    .outerjoin(_before, (_before.c.id == cases.c.follows_id) & _before.c.erased_at.is_(None))
    .outerjoin(
        _open_complaints,
        (_about.c.student_id == cases.c.student_id)
        & (_about.c.id <= cases.c.id)
        & complaints.c.resolved_at.is_(None),
    )
    .order_by(complaints.c.id)
)
_CASES = _EACH.where(cases.c.id.in_(sa.bindparam("these", expanding=True)))
_NAMED = _EACH.where(cases.c.reference == sa.bindparam("reference"))


@read_each(Of.CASE)
def _rows_of(connection: sa.Connection, these: Collection[int]) -> Mapping[int, tuple[Any, ...]]:
    """Return a row of the case for each complaint, and one without any; none for a deleted case."""
    found: defaultdict[int, list[Any]] = defaultdict(list)
    for row in _shown(connection, connection.execute(_CASES, {"these": list(these)}).all()):
        if row.erased_at is None:
            found[row.id].append(row)
    return {each: tuple(found[each]) for each in these}


def _shown(connection: sa.Connection, rows: Sequence[Any]) -> Sequence[Any]:
    shown_together(connection, Of.STUDENT, (row.student_id for row in rows))
    shown_together(connection, Of.SCHOOL, (row.school_id for row in rows))
    return rows


def case_named(connection: sa.Connection, reference: str) -> int | None:
    """Return the id of the case with this reference, deleted or not; None where there is none.

    The same query prepares what is usually read next about the case.
    """
    rows = _shown(connection, connection.execute(_NAMED, {"reference": reference}).all())
    if not rows:
        return None
    case: int = rows[0].id
    found_already(connection, _rows_of, case, tuple(row for row in rows if row.erased_at is None))
    return case


def case_row(connection: sa.Connection, case_id: int) -> Any | None:
    """Return the row of a case, without a lock; None where there is none, or it was deleted.

    Besides its own columns it has those of its school, student and owner, of the case before it,
    and of the case that it was merged into or that followed it.
    """
    return next(iter(_rows_of(connection, case_id)), None)


def complaints_on(connection: sa.Connection, case_id: int) -> tuple[Any, ...]:
    """Return the open complaints about a case, or about an earlier one of its student, oldest
    first: complained_of, the case's id; complained_reference; about_id; informal_by."""
    rows = _rows_of(connection, case_id)
    return tuple(row for row in rows if row.complained_of is not None)
