"""Find who is exempt on a day: no flags are raised, and no emails about engagement sent."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa

from store.queries.student_facts import exemptions_held
from store.rules.calendar import institution_day
from store.rules.model import ExemptionKind
from store.rules.students.exemptions import ExemptGroup, GroupMember, counting_from, members
from store.tables import enrolments, exemptions, modules, students


def exemption_on(connection: sa.Connection, student: int, day: dt.date) -> ExemptionKind | None:
    """Return the gravest exemption of a student in any school on this day, or None."""
    # A death holds on every day.
    return _gravest(
        {
            each.exempt_as
            for each in exemptions_held(connection, student)
            if each.exempt_as == ExemptionKind.DECEASED
            or (each.exempt_first <= day and (each.exempt_last is None or each.exempt_last >= day))
        }
    )


def _gravest(kinds: set[str]) -> ExemptionKind | None:
    if ExemptionKind.DECEASED in kinds:
        return ExemptionKind.DECEASED
    return ExemptionKind(min(kinds)) if kinds else None


def exempt_on(connection: sa.Connection, school: int, day: dt.date) -> frozenset[int]:
    """Return the students who get no flags from this school on this day.

    Its own exemptions count, and those of the home school, which knows the student best. A recorded
    death counts from every school.
    """
    return frozenset(connection.execute(select_exempt(school, day)).scalars())


def select_exempt(
    school: int | sa.ColumnElement[int], day: dt.date | sa.BindParameter[dt.date]
) -> sa.Select[int]:
    """Build the SQL that selects the students of ``exempt_on``, for use in a condition."""
    return (
        sa.select(exemptions.c.student_id)
        .join(students, students.c.id == exemptions.c.student_id)
        .where(
            _holds_on(day),
            (exemptions.c.school_id == school)
            | (exemptions.c.school_id == students.c.home_school_id)
            | (exemptions.c.kind == ExemptionKind.DECEASED),
        )
        .distinct()
    )


def back_since(connection: sa.Connection, day: dt.date, within: dt.timedelta) -> dict[int, dt.date]:
    """Map students to the first day that counts again; their exemption ended ``within`` a time."""
    first = day - within
    over = connection.execute(
        sa.select(
            exemptions.c.student_id, exemptions.c.first, exemptions.c.last, exemptions.c.ended_at
        ).where(
            # A report of a death that was wrong was never an absence.
            exemptions.c.kind != ExemptionKind.DECEASED,
            exemptions.c.first < day,
            exemptions.c.last.is_not(None) | exemptions.c.ended_at.is_not(None),
            exemptions.c.last.is_(None) | (exemptions.c.last >= first),
        )
    ).all()
    exempt = frozenset(
        connection.execute(sa.select(exemptions.c.student_id).where(_holds_on(day))).scalars()
    )
    ended = []
    for student, begun, last, ended_at in over:
        # Ended early means: on that day. Ended before it began, it never applied.
        days = [each for each in (last, ended_at and institution_day(ended_at)) if each]
        if begun <= min(days) and first <= min(days) < day:
            ended.append((student, min(days)))
    return dict(counting_from(ended, exempt))


def group_members(
    connection: sa.Connection, school: int, group: ExemptGroup, day: dt.date
) -> list[int]:
    """Return the students this school may exempt together: at home here, or on its module."""
    rows = connection.execute(
        sa.select(
            students.c.id,
            students.c.programme,
            students.c.home_school_id,
            modules.c.code,
            modules.c.school_id,
        )
        .outerjoin(
            enrolments,
            sa.and_(
                enrolments.c.student_id == students.c.id,
                enrolments.c.starts <= day,
                enrolments.c.ends.is_(None) | (enrolments.c.ends >= day),
            ),
        )
        .outerjoin(modules, modules.c.id == enrolments.c.module_id)
        .where((students.c.home_school_id == school) | (modules.c.school_id == school))
    ).all()
    programmes: dict[int, str] = {}
    on: dict[int, set[str]] = {}
    for student, programme, home, module, teaching in rows:
        programmes[student] = programme if home == school else ""
        if module is not None and teaching == school:
            on.setdefault(student, set()).add(module)
    return members(
        group,
        (
            GroupMember(student, programme, frozenset(on.get(student, ())))
            for student, programme in programmes.items()
        ),
    )


def _holds_on(day: dt.date | sa.BindParameter[dt.date]) -> sa.ColumnElement[bool]:
    """Return the condition that an exemption holds on a day; a death holds on every day."""
    during = sa.and_(
        exemptions.c.first <= day, exemptions.c.last.is_(None) | (exemptions.c.last >= day)
    )
    has_died = exemptions.c.kind == ExemptionKind.DECEASED
    return sa.and_(exemptions.c.ended_at.is_(None), has_died | during)
