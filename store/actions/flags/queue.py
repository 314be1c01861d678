"""Open cases within the daily limit, and keep the queue of students who wait for one.

A queued student has flags without a case. These flags are found again, cleared and withdrawn like
any others. The table ``waiting`` holds the order, which is renewed every day.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import sqlalchemy as sa

from store.actions.cases.open_cases import open_cases_by_student, open_new
from store.actions.flags.stored_flags import IS_LOOSE
from store.db.batches import chunks
from store.db.unit_of_work import UnitOfWork
from store.policies.versions import policy_in_force
from store.queries.students.exemptions import exempt_on
from store.rules.flag_rules.session_weeks import Weeks
from store.rules.flags.capacity import Room, next_in_turn
from store.rules.flags.facts import FlagFact, fact_of
from store.rules.flags.ranking import case_place
from store.tables import cases, flags, students, waiting

_LAST = 10**9
"""Sorts after every known place in the queue."""


@dataclass(frozen=True, slots=True)
class TakenUp:
    """The cases that got flags, including new ones, and the students still in the queue."""

    joined: frozenset[int]
    opened: frozenset[int]
    waits: int


@dataclass(slots=True)
class _Waiting:
    """One student's flags without a case, taken together."""

    student: int
    home: int
    flags: list[int] = field(default_factory=list)
    families: set[str] = field(default_factory=set)
    facts: set[FlagFact] = field(default_factory=set)
    since: dt.date = dt.date.max
    found: dt.date = dt.date.min


def open_cases_from_queue(
    work: UnitOfWork,
    school: int,
    day: dt.date,
    order: Sequence[int] = (),
    weeks: Mapping[int, Weeks] | None = None,
) -> TakenUp:
    """Put flags without a case on their students' cases, and open new cases within the limit.

    Covers flags of ``school`` and flags of students whose home school it is. Flags of students with
    an open case join it at once and do not count towards the limit. For the others the home
    school's daily limit applies: the strongest evidence comes first, every fifth place goes to the
    longest wait, and only flags found on ``day`` itself count. ``order`` lists students with the
    most evidence first.
    """
    loose = _loose(work.connection, school, day)
    case_of = open_cases_by_student(work.connection, sorted(loose))
    places = _places(work.connection, school, order)
    by_home: dict[int, list[_Waiting]] = defaultdict(list)
    for student, each in loose.items():
        if student not in case_of:
            by_home[each.home].append(each)
    opened: dict[int, int] = {}
    for home, those in sorted(by_home.items()):
        ready = {each.student: each.since for each in those if each.found == day}
        a_day, taken = _places_taken(work.connection, home, day)
        chosen = next_in_turn(ready, _in_order(those, places), day, a_day, taken)
        opened |= open_new(work, chosen, weeks or {}, day) if chosen else {}
    case_of |= opened
    _join(
        work, {flag: case_of[s] for s in loose.keys() & case_of.keys() for flag in loose[s].flags}
    )
    waits = [each for each in loose.values() if each.student not in case_of]
    _keep(work, {school, *by_home}, waits, places, day)
    joined = frozenset(case_of[student] for student in loose.keys() & case_of.keys())
    return TakenUp(joined, frozenset(opened.values()), len(waits))


def _concerned(school: int) -> sa.Select[int]:
    """Return the students with a flag of this school that is on no case."""
    return sa.select(flags.c.student_id).where(IS_LOOSE, flags.c.school_id == school)


def _loose(connection: sa.Connection, school: int, day: dt.date) -> dict[int, _Waiting]:
    """Return students with flags on no case, except those exempt in their home school or dead."""
    rows = connection.execute(
        sa.select(
            flags.c.id,
            flags.c.student_id,
            students.c.home_school_id,
            flags.c.rule,
            flags.c.family,
            flags.c.key,
            flags.c.raised_on,
            flags.c.last_found_on,
        )
        .join(students, students.c.id == flags.c.student_id)
        .where(
            IS_LOOSE,
            (students.c.home_school_id == school) | flags.c.student_id.in_(_concerned(school)),
        )
        .order_by(flags.c.id)
    )
    found: dict[int, _Waiting] = {}
    for flag, student, home, rule, family, key, raised, last in rows:
        each = found.setdefault(student, _Waiting(student, home))
        each.flags.append(flag)
        each.families.add(family)
        each.facts.add(fact_of(rule, family, key))
        each.since, each.found = min(each.since, raised), max(each.found, last)
    homes = {each.home for each in found.values()}
    exempt = {home: exempt_on(connection, home, day) for home in homes}
    return {who: each for who, each in found.items() if who not in exempt[each.home]}


def _places(connection: sa.Connection, school: int, order: Iterable[int]) -> dict[int, int]:
    """Return the queue's last order, and where the students of today stand in it."""
    rows = connection.execute(
        sa.select(waiting.c.student_id, waiting.c.place).where(
            (waiting.c.school_id == school) | waiting.c.student_id.in_(_concerned(school))
        )
    ).all()
    return dict(rows) | {student: place for place, student in enumerate(order, 1)}


def _in_order(those: Iterable[_Waiting], places: Mapping[int, int]) -> list[int]:
    def place(each: _Waiting) -> tuple[object, ...]:
        known = places.get(each.student, _LAST)
        return known, *case_place(len(each.families), len(each.facts), each.since), each.student

    return [each.student for each in sorted(those, key=place)]


def _places_taken(connection: sa.Connection, home: int, day: dt.date) -> tuple[int, int]:
    """Return the day's limit, and the places taken. Every case opened counts, however it was
    opened."""
    published = policy_in_force(connection, home, day)
    room = Room.of(published.policy) if published else Room()
    taken = connection.execute(
        sa.select(sa.func.count())
        .select_from(cases)
        .where(cases.c.school_id == home, cases.c.opened_on == day)
    ).scalar_one()
    return room.a_day, int(taken)


def _join(work: UnitOfWork, case_of: Mapping[int, int]) -> None:
    by_case: dict[int, list[int]] = defaultdict(list)
    for flag, case in case_of.items():
        by_case[case].append(flag)
    if by_case:
        work.connection.execute(
            sa.update(flags)
            .where(flags.c.id == sa.bindparam("flag"))
            .values(case_id=sa.bindparam("case")),
            [{"flag": flag, "case": case} for flag, case in sorted(case_of.items())],
        )


def _keep(
    work: UnitOfWork,
    homes: Collection[int],
    waits: Sequence[_Waiting],
    places: Mapping[int, int],
    day: dt.date,
) -> None:
    """Write the queue of these schools, if it has changed."""
    rows = {
        each.student: (each.home, each.since, places.get(each.student, _LAST)) for each in waits
    }
    here = waiting.c.school_id.in_(homes) | waiting.c.student_id.in_(
        sa.select(students.c.id).where(students.c.home_school_id.in_(homes))
    )
    known = {
        row.student_id: (row.school_id, row.since, row.place)
        for row in work.connection.execute(sa.select(waiting).where(here))
    }
    if rows == known:
        return
    for part in chunks(sorted(known.keys() | rows.keys())):
        work.connection.execute(sa.delete(waiting).where(waiting.c.student_id.in_(part)))
    if rows:
        work.connection.execute(
            sa.insert(waiting),
            [
                {"student_id": who, "school_id": home, "since": since, "place": place, "day": day}
                for who, (home, since, place) in sorted(rows.items())
            ],
        )
