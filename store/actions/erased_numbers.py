"""Keep keyed digests of erased students' numbers, so that no roster restores them (§28).

A student erased on request is never restored. A student deleted by age, long after leaving, is
restored when a delivery enrols them again.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import replace

import sqlalchemy as sa

from store.db.batches import chunks
from store.db.unit_of_work import Store, UnitOfWork
from store.queries.students.identifiers import numbers_of
from store.rules.calendar import institution_day
from store.rules.schools import Roster
from store.tables import erased_numbers, students

_LEFT = "left:"
"""Prefix of the digested text for students deleted by age; no student number begins with it."""


def remember_erased(store: Store, work: UnitOfWork, student: int, *also: str) -> None:
    """Remember the numbers of a student about to be erased on request, and those in ``also``.

    A roster that names one of them is loaded without the student.
    """
    for number in {*also, *_numbers(work, student)}:
        _remember(work, store.mark(number))


def remember_left(store: Store, work: UnitOfWork, student: int) -> None:
    """Remember the numbers of a student who is about to be deleted by age.

    A roster that names one of them is loaded without the student until it enrols them again.
    """
    for number in _numbers(work, student):
        _remember(work, store.mark(_LEFT + number))


def without_erased(store: Store, work: UnitOfWork, roster: Roster) -> Roster:
    """Return the roster without erased students; forget the digests of students who returned."""
    marked = {row.mark: row.at for row in work.connection.execute(sa.select(erased_numbers))}
    if not marked:
        return roster
    # An erased person's other numbers identify that person too.
    named = {(each.number, each.value) for each in roster.identifiers}
    named |= {(each.number, each.number) for each in roster.students}
    named |= {(each.number, each.number) for each in roster.enrolments}
    gone = {number for number, other in named if store.mark(other) in marked}
    left = {
        number: (mark, marked[mark])
        for number, other in named
        if (mark := store.mark(_LEFT + other)) in marked
    }
    back = _returned(roster, {number: at for number, (_, at) in left.items()})
    for part in chunks([left[number][0] for number in back]):
        work.connection.execute(sa.delete(erased_numbers).where(erased_numbers.c.mark.in_(part)))
    return _without(roster, gone | (left.keys() - back))


def _returned(roster: Roster, left: dict[str, dt.datetime]) -> set[str]:
    """Return the numbers that this delivery enrols beyond the day on which they were deleted."""
    present = {each.number for each in roster.students if not each.has_left}
    return {
        each.number
        for each in roster.enrolments
        if each.number in left
        and each.number in present
        and not each.is_over
        and (each.ends is None or each.ends >= institution_day(left[each.number]))
    }


def _without(roster: Roster, gone: Collection[str]) -> Roster:
    return replace(
        roster,
        identifiers=tuple(each for each in roster.identifiers if each.number not in gone),
        renumbered=tuple(each for each in roster.renumbered if each[1] not in gone),
        students=tuple(each for each in roster.students if each.number not in gone),
        enrolments=tuple(each for each in roster.enrolments if each.number not in gone),
    )


def _numbers(work: UnitOfWork, student: int) -> set[str]:
    query = sa.select(students.c.number).where(students.c.id == student)
    number: str = work.connection.execute(query).scalar_one()
    return {number, *numbers_of(work.connection, student)}


def _remember(work: UnitOfWork, mark: str) -> None:
    known = sa.select(erased_numbers.c.mark).where(erased_numbers.c.mark == mark)
    if work.connection.execute(known).first() is None:
        work.connection.execute(sa.insert(erased_numbers).values(mark=mark, at=work.now))
