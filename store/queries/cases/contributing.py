"""Show a contributing school that a case exists, and who its owner is."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa

from store.db import repository
from store.queries.deaths import has_died
from store.queries.module_titles import module_titles
from store.queries.students.enrolments import contributing
from store.rules.cases.case import Case
from store.tables import (
    FLAG_IS_ACTIVE,
    alerts,
    audit,
    cases,
    channels,
    flags,
    posts,
    schools,
    staff,
)


@dataclass(frozen=True, slots=True)
class AlertState:
    """The viewing school's newest alert. ``acknowledged_by`` is a name; None: not acknowledged."""

    alerted_by: str
    at: dt.datetime
    acknowledged_by: str | None
    acknowledged_at: dt.datetime | None


@dataclass(frozen=True, slots=True)
class ContributingView:
    """A case for a contributing school, without anything the home school discusses or does.

    ``modules`` are the viewing school's modules with a flag. ``handed_over``: the viewing school
    was the home school before.
    """

    case: int
    reference: str
    home_name: str
    is_closed: bool
    modules: tuple[str, ...]
    handed_over: bool
    may_alert: bool
    alert: AlertState | None
    has_died: bool = False


def contributing_view(
    connection: sa.Connection, case_id: int, school: int, day: dt.date
) -> ContributingView | None:
    """Return the case for the channel of ``school``; None where it does not concern that school."""
    case = repository.case(connection, case_id)
    if case.school == school or school not in schools_concerned(connection, case):
        return None
    home_name = connection.execute(
        sa.select(schools.c.name).where(schools.c.id == case.school)
    ).scalar_one()
    return ContributingView(
        case=case.id,
        reference=case.reference,
        home_name=home_name,
        is_closed=case.is_closed,
        modules=_modules(connection, case, school),
        handed_over=_was_home(connection, case, school),
        may_alert=school in contributing_to(connection, case, day),
        alert=_alert(connection, case, school),
        has_died=has_died(connection, case.student),
    )


def contributing_to(connection: sa.Connection, case: Case, day: dt.date) -> frozenset[int]:
    """Return the schools that may alert the home school: they teach the student or have a flag."""
    flagged = connection.execute(
        sa.select(flags.c.school_id).where(flags.c.case_id == case.id, FLAG_IS_ACTIVE).distinct()
    ).scalars()
    teaching = contributing(connection, case.student, day)
    return (teaching | frozenset(flagged)) - {case.school}


def schools_concerned(connection: sa.Connection, case: Case) -> list[int]:
    """Return the schools, except the home school, whose channels show the case.

    They have a flag on it, have alerted the home school, or were the home school before.
    """
    return _concerned(connection, cases.c.id == case.id).get(case.id, [])


def cards_of_student(connection: sa.Connection, student: int) -> dict[int, list[int]]:
    """Map every case of a student, oldest first, except erased ones, to its
    ``schools_concerned``."""
    return _concerned(connection, cases.c.student_id == student, cases.c.erased_at.is_(None))


def _concerned(connection: sa.Connection, *which: sa.ColumnElement[bool]) -> dict[int, list[int]]:
    these = sa.select(cases.c.id).where(*which)
    subject = sa.literal("case:") + sa.cast(cases.c.id, sa.Text)
    shown = sa.union(
        sa.select(flags.c.case_id, flags.c.school_id).where(flags.c.case_id.in_(these)),
        sa.select(alerts.c.case_id, alerts.c.from_school_id).where(alerts.c.case_id.in_(these)),
        sa.select(cases.c.id, channels.c.school_id)
        .join(posts, posts.c.subject == subject)
        .join(channels, channels.c.id == posts.c.channel_id)
        .where(*which),
    ).subquery()
    rows = connection.execute(
        sa.select(cases.c.id, cases.c.school_id.label("home"), shown.c.school_id)
        .outerjoin(shown, shown.c.case_id == cases.c.id)
        .where(*which)
        .order_by(cases.c.id, shown.c.school_id)
    )
    found: dict[int, list[int]] = {}
    for case, home, school in rows:
        found.setdefault(case, []).extend({school} - {home, None})
    return found


def _modules(connection: sa.Connection, case: Case, school: int) -> tuple[str, ...]:
    found = connection.execute(
        sa.select(flags.c.module)
        .where(flags.c.case_id == case.id, flags.c.school_id == school, flags.c.module.is_not(None))
        .distinct()
    ).scalars()
    return tuple(sorted(module_titles(connection, set(found)).values()))


def _was_home(connection: sa.Connection, case: Case, school: int) -> bool:
    rows = connection.execute(
        sa.select(audit.c.details).where(
            audit.c.subject == f"case:{case.id}", audit.c.action == "hand-over"
        )
    ).scalars()
    return any(details.get("from_school") == school for details in rows)


def _alert(connection: sa.Connection, case: Case, school: int) -> AlertState | None:
    by, acknowledger = staff.alias("by"), staff.alias("acknowledger")
    row = connection.execute(
        sa.select(by.c.name, alerts.c.at, acknowledger.c.name, alerts.c.acknowledged_at)
        .select_from(alerts)
        .join(by, by.c.id == alerts.c.alerted_by)
        .outerjoin(acknowledger, acknowledger.c.id == alerts.c.acknowledged_by)
        .where(alerts.c.case_id == case.id, alerts.c.from_school_id == school)
        .order_by(alerts.c.id.desc())
        .limit(1)
    ).one_or_none()
    return AlertState(*row) if row else None
