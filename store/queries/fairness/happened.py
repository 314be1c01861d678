"""Find what happened to a school's students in an academic year, step by step."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from store.db.batches import chunks
from store.queries.contacts import signs
from store.queries.deaths import lives
from store.queries.schools.roster import is_out_of_scope
from store.queries.tries import select_tries
from store.rules.calendar import institution_day
from store.rules.fairness.steps import ENDED, Step
from store.rules.fairness.years import AcademicYear
from store.rules.model import (
    FlagState,
    Outcome,
)
from store.rules.policies.policy import Scope
from store.rules.students.contacts import COUNTS, ContactQuestion
from store.tables import (
    asks,
    cases,
    enrolments,
    flags,
    students,
    views,
)

_IN_TOUCH = signs(COUNTS[ContactQuestion.LADDER])


@dataclass(frozen=True, slots=True)
class Happened:
    """The students of each step, and the days from opening to first contact of each contacted."""

    steps: Mapping[Step, frozenset[int]]
    days: Mapping[int, int]


def what_happened(
    connection: sa.Connection, school: int, scope: Scope, year: AcademicYear
) -> Happened:
    """Find the students of a home school who were enrolled in the year, as of its settling.

    Each counts once, by the first case that the school opened for them in the year.
    """
    everyone = _enrolled(connection, school, scope, year)
    flagged = _flagged(connection, school, year) & everyone
    first = {who: case for who, case in _first_cases(connection, school, year) if who in flagged}
    of_case = {case.id: who for who, case in first.items()}
    until = year.reported_from
    contact = _first_contacts(connection, of_case, until)
    answered = {
        of_case[case]
        for case, at in _events(connection, _IN_TOUCH, of_case)
        if of_case[case] in contact and institution_day(at) < until
    }
    viewed = {
        of_case[case]
        for table in (views, asks)
        for case, at in _events(connection, table, of_case)
        if institution_day(at) < until
    }
    closed = {
        who: Outcome(case.outcome)
        for who, case in first.items()
        if case.outcome and case.closed_at and institution_day(case.closed_at) < until
    }
    steps = {
        Step.STUDENTS: everyone,
        Step.FLAGGED: flagged,
        Step.CASE: frozenset(first),
        Step.VIEWED: frozenset(viewed),
        Step.CONTACTED: frozenset(contact),
        Step.ANSWERED: frozenset(answered),
        Step.CLOSED: frozenset(closed),
    }
    for step in dict.fromkeys(ENDED.values()):
        steps[step] = frozenset(who for who, how in closed.items() if ENDED[how] is step)
    days = {who: max(0, (on - first[who].opened_on).days) for who, on in contact.items()}
    return Happened(steps, days)


def _enrolled(
    connection: sa.Connection, school: int, scope: Scope, year: AcademicYear
) -> frozenset[int]:
    rows = connection.execute(
        sa.select(students.c.id)
        .join(enrolments, enrolments.c.student_id == students.c.id)
        .where(
            students.c.home_school_id == school,
            students.c.erased_at.is_(None),
            lives(students.c.id),
            sa.not_(is_out_of_scope(scope)),
            enrolments.c.starts <= year.last,
            enrolments.c.ends.is_(None) | (enrolments.c.ends >= year.first),
        )
    )
    return frozenset(rows.scalars())


def _flagged(connection: sa.Connection, school: int, year: AcademicYear) -> frozenset[int]:
    rows = connection.execute(
        sa.select(flags.c.student_id).where(
            flags.c.school_id == school,
            flags.c.raised_on.between(year.first, year.last),
            flags.c.state != FlagState.WITHDRAWN,
        )
    )
    return frozenset(rows.scalars())


def _first_cases(
    connection: sa.Connection, school: int, year: AcademicYear
) -> Iterator[tuple[int, Any]]:
    """Yield each student's cases, the first last, so that it wins."""
    rows = connection.execute(
        sa.select(
            cases.c.id,
            cases.c.student_id,
            cases.c.opened_on,
            cases.c.closed_at,
            cases.c.outcome,
        )
        .where(
            cases.c.school_id == school,
            cases.c.opened_on.between(year.first, year.last),
            cases.c.erased_at.is_(None),
        )
        .order_by(cases.c.id.desc())
    )
    for row in rows:
        yield row.student_id, row


def _first_contacts(
    connection: sa.Connection, of_case: Mapping[int, int], until: dt.date
) -> dict[int, dt.date]:
    """Map students to the day on which a colleague first tried to contact them."""
    days: defaultdict[int, set[dt.date]] = defaultdict(set)
    tries = select_tries()
    contacts = sa.select(tries.c.case_id, tries.c.at).where(tries.c.is_contact).subquery()
    for case, at in _events(connection, contacts, of_case):
        if (day := institution_day(at)) < until:
            days[of_case[case]].add(day)
    return {who: min(each) for who, each in days.items()}


def _events(
    connection: sa.Connection, where: sa.FromClause, which: Collection[int]
) -> Iterator[tuple[int, dt.datetime]]:
    """Yield (case, instant) of a table's rows."""
    for part in chunks(sorted(which)):
        query = sa.select(where.c.case_id, where.c.at).where(where.c.case_id.in_(part))
        yield from ((row[0], row[1]) for row in connection.execute(query))
