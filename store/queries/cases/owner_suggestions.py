"""Suggest an owner for a case: the school's default, and the colleagues to choose from."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from store.db.batches import chunks
from store.policies.versions import policy_in_force
from store.queries.schools.cover import acting_for, stand_ins
from store.queries.schools.staff import colleagues
from store.rules.access.permissions import Action, may_in_role
from store.rules.cases.case import Actor, Case
from store.rules.model import Role
from store.rules.policies.policy import Duty
from store.rules.text.formatting import counted
from store.tables import CASE_IS_OPEN, cases, staff, staff_roles, students


@dataclass(frozen=True, slots=True)
class OwnerCandidate:
    """A colleague who may be chosen for a case.

    ``person`` is the id of the new owner: the colleague, or today's cover, whose name is ``cover``.
    """

    id: int
    name: str
    person: int
    cover: str = ""

    @property
    def label(self) -> str:
        """The text for a list of colleagues."""
        return f"{self.cover}, who covers for {self.name}" if self.cover else self.name


@dataclass(frozen=True, slots=True)
class Suggestion:
    """The colleague to choose, and why, as a sentence."""

    person: int
    why: str


def candidates(connection: sa.Connection, case: Case, day: dt.date) -> list[OwnerCandidate]:
    """Return everyone who may be given the case, by name; absent people through their cover."""
    people = colleagues(connection, case.school, Action.TAKE)
    names = {person.id: person.name for person in people}
    away = stand_ins(connection, case.school, day)
    offered = []
    for person in people:
        acting = acting_for(away, person.id, case.barred)
        if acting in case.barred:
            continue
        if acting == person.id or acting not in names:
            offered.append(OwnerCandidate(person.id, person.name, person.id))
        else:
            offered.append(OwnerCandidate(person.id, person.name, acting, names[acting]))
    return offered


def suggestion(
    connection: sa.Connection, case: Case, offered: Sequence[OwnerCandidate]
) -> Suggestion | None:
    """Suggest the student's adviser, or the support officer with the fewest open cases."""
    others = [each for each in offered if each.person != case.owner]
    adviser = connection.execute(
        sa.select(students.c.adviser_id).where(students.c.id == case.student)
    ).scalar_one()
    for each in others:
        if each.id == adviser:
            covers = f", and {each.cover} covers" if each.cover else ""
            return Suggestion(each.person, f"{each.name} is the student's adviser{covers}.")
    load = _load(connection, case.school, Role.STUDENT_SUPPORT_OFFICER)
    officers = [each for each in others if each.id in load and not each.cover]
    if not officers:
        return None
    least = min(officers, key=lambda each: (load[each.id], each.id))
    has = counted(load[least.id], "open case")
    return Suggestion(least.person, f"{least.name} has the fewest open cases: {has}.")


def default_owners(
    connection: sa.Connection,
    school: int,
    who: Sequence[int],
    day: dt.date,
    barred: Collection[int] = (),
) -> list[int | None]:
    """Return the owners of new cases of these students, in their order; None for no owner.

    The school's policy names the role. An adviser gets their own students; otherwise the person
    with the fewest cases is chosen. Absent people get no new cases; if all are absent, their covers
    do.
    """
    published = policy_in_force(connection, school, day)
    role = (published.policy.duty if published else Duty()).cases_go_to
    if not may_in_role(role, Action.TAKE):
        return [None] * len(who)
    away = stand_ins(connection, school, day)
    load = _load(connection, school, role)
    free = {person: open_now for person, open_now in load.items() if person not in away}
    if not free:
        free = {acting_for(away, person): open_now for person, open_now in load.items()}
    for person in barred:
        free.pop(person, None)
    own = _advisers(connection, who) if role is Role.ADVISER else {}
    chosen: list[int | None] = []
    for student in who:
        owner = own.get(student)
        if owner not in free:
            owner = min(free, key=lambda person: (free[person], person)) if free else None
        if owner is not None:
            free[owner] += 1
        chosen.append(owner)
    return chosen


def handlers(connection: sa.Connection, case: Case, about: int | None, day: dt.date) -> list[Actor]:
    """Return who may handle a complaint, except its subjects; the school's leads come first."""
    away = stand_ins(connection, case.school, day)
    people = [
        person
        for person in colleagues(connection, case.school, Action.TAKE)
        if person.id not in case.barred and person.id != about
    ]

    def place(person: Actor) -> tuple[bool, bool]:
        leads = Role.ENGAGEMENT_LEAD in person.roles[case.school]
        return person.id in away, not leads

    return sorted(people, key=place)


def _load(connection: sa.Connection, school: int, role: Role) -> dict[int, int]:
    """Count the open cases of everyone who has the role in the school."""
    rows = connection.execute(
        sa.select(staff.c.id, sa.func.count(cases.c.id))
        .join(staff_roles, staff_roles.c.staff_id == staff.c.id)
        .outerjoin(cases, sa.and_(cases.c.owner_id == staff.c.id, CASE_IS_OPEN))
        .where(staff_roles.c.school_id == school, staff_roles.c.role == role, staff.c.active)
        .group_by(staff.c.id)
    )
    return dict(rows.all())


def _advisers(connection: sa.Connection, who: Sequence[int]) -> dict[int, int]:
    found: dict[int, int] = {}
    for part in chunks(list(who)):
        rows = connection.execute(
            sa.select(students.c.id, students.c.adviser_id).where(
                students.c.id.in_(part), students.c.adviser_id.is_not(None)
            )
        )
        found |= dict(rows.all())
    return found
