"""Read one person's caseload: the cases that their role needs, with the data for filters."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

import sqlalchemy as sa

from store.db.batches import chunks
from store.policies.versions import policy_in_force
from store.queries.cases.lists import CaseLine, open_cases
from store.queries.cases.waiting import waiting_in
from store.queries.module_titles import module_titles
from store.queries.schools.cover import covered_by
from store.rules.access.permissions import Action, schools_where, sees_whole_caseload
from store.rules.calendar import Calendar
from store.rules.cases.case import Actor
from store.rules.cases.caseload import CaseloadEntry
from store.rules.model import MarkerFamily
from store.rules.notices.reminders import WaitingFor
from store.tables import FLAG_IS_ACTIVE, asks, cases, flags, staff, students


@dataclass(frozen=True, slots=True)
class Caseload:
    """The open cases that one person's role needs.

    ``waits`` maps a case to what it waits for from this person. ``owners`` maps ids of staff, and
    ``modules`` codes, to names.
    """

    lines: dict[int, CaseLine]
    entries: tuple[CaseloadEntry, ...]
    waits: dict[int, WaitingFor]
    owners: dict[int, str]
    modules: dict[str, str]


def caseload(connection: sa.Connection, reader: Actor, today: dt.date) -> Caseload:
    """Return a reader's caseload: the whole school's if their role needs it, else their own part.

    An adviser sees the cases that they own or cover, the cases of their tutees, and those on which
    they were asked for a view.
    """
    schools = schools_where(reader, Action.SEE)
    lines = open_cases(connection, schools, reader=reader.id, today=today)
    whole = {school for school in schools if sees_whole_caseload(reader, school)}
    waits, covered = _about(connection, reader, schools, today)
    facts = _facts(connection, [each.id for each in lines])
    near = _asked(connection, reader.id) | set(waits)
    mine = {reader.id, *covered}
    kept = [
        each
        for each in lines
        if each.school in whole
        or each.id in near
        or facts[each.id].owner_id in mine
        or facts[each.id].adviser_id == reader.id
    ]
    seen = _seen(connection, [each.id for each in kept])
    entries = tuple(
        CaseloadEntry(
            case=each.id,
            owner=facts[each.id].owner_id,
            status=each.status,
            opened_on=each.opened_on,
            families=frozenset(MarkerFamily(family) for family, _ in seen.get(each.id, ())),
            modules=frozenset(module for _, module in seen.get(each.id, ()) if module),
            programme=facts[each.id].programme,
            needs_me=each.id in waits,
            place=place,
        )
        for place, each in enumerate(kept)
    )
    codes = {module for each in entries for module in each.modules}
    return Caseload(
        lines={each.id: each for each in kept},
        entries=entries,
        waits=waits,
        owners=_names(connection, {each.owner for each in entries if each.owner is not None}),
        modules=module_titles(connection, codes),
    )


def _about(
    connection: sa.Connection, reader: Actor, schools: Collection[int], today: dt.date
) -> tuple[dict[int, WaitingFor], set[int]]:
    """Return what waits for the reader, and the colleagues that the reader covers today."""
    waits: dict[int, WaitingFor] = {}
    covered: set[int] = set()
    for school in schools:
        published = policy_in_force(connection, school, today)
        calendar = published.policy.calendar if published else Calendar()
        absent = covered_by(connection, school, reader.id, today)
        covered.update(absent)
        for each in waiting_in(connection, school, calendar, today):
            if {reader.id, *absent} & set(each.people):
                waits[each.case] = each.what
    return waits, covered


def _facts(connection: sa.Connection, which: list[int]) -> dict[int, sa.Row[tuple[object, ...]]]:
    found: dict[int, sa.Row[tuple[object, ...]]] = {}
    for part in chunks(which):
        rows = connection.execute(
            sa.select(cases.c.id, cases.c.owner_id, students.c.programme, students.c.adviser_id)
            .join(students, students.c.id == cases.c.student_id)
            .where(cases.c.id.in_(part))
        )
        found |= {row.id: row for row in rows}
    return found


def _asked(connection: sa.Connection, reader: int) -> set[int]:
    return set(
        connection.execute(sa.select(asks.c.case_id).where(asks.c.asked_id == reader)).scalars()
    )


def _seen(connection: sa.Connection, which: list[int]) -> dict[int, list[tuple[str, str | None]]]:
    """Map each case to (family, module) of its active flags."""
    found: dict[int, list[tuple[str, str | None]]] = {}
    for part in chunks(which):
        rows = connection.execute(
            sa.select(flags.c.case_id, flags.c.family, flags.c.module).where(
                flags.c.case_id.in_(part), FLAG_IS_ACTIVE
            )
        )
        for case, family, module in rows:
            found.setdefault(case, []).append((family, module))
    return found


def _names(connection: sa.Connection, who: Collection[int]) -> dict[int, str]:
    rows = connection.execute(sa.select(staff.c.id, staff.c.name).where(staff.c.id.in_(who)))
    return {row.id: row.name for row in rows}
