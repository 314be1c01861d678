"""Load one delivery of the roster in one transaction."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from store.actions.cases import transfer as moving
from store.actions.cases.stop_for_death import report_by_roster
from store.actions.erased_numbers import without_erased
from store.actions.schools.channels import SANDBOX_TENANT
from store.actions.schools.end_enrolments import (
    end_for_leavers,
    end_missing,
    known_ends,
    last_day,
)
from store.actions.schools.missing_staff import switch_off_missing
from store.actions.schools.record_identifiers import (
    record_identifiers,
    record_questions,
    renumber_students,
)
from store.db.batches import chunks
from store.db.unit_of_work import Store, UnitOfWork
from store.queries.schools.directory import decided_by_groups, left_by_directory
from store.queries.schools.roster import ROSTER
from store.rules.model import Platform
from store.rules.schools import Roster
from store.tables import (
    contributing_schools,
    directory_places,
    enrolments,
    identities,
    modules,
    revisions,
    schools,
    staff,
    staff_roles,
    students,
)


def load_roster(
    store: Store, roster: Roster, *, actor: str = "system:roster", confirmed: int | None = None
) -> None:
    """Insert or update everything in the delivery; everything else stays as it is.

    Roles and contributing schools of a named person are replaced as a whole. Fields in
    ``Roster.unsaid`` stay as they are, and so does a sandbox identity where none is delivered.

    Raises ``InvalidInput`` where a complete delivery would end many enrolments, and their number
    was not ``confirmed``, or would take access from many colleagues.
    """
    with store.unit_of_work() as work:
        roster = without_erased(store, work, roster)
        _upsert(
            work,
            schools,
            ["code"],
            [{"code": s.code, "name": s.name, "faculty": s.faculty} for s in roster.schools],
            unsaid=_unsaid(roster, "schools"),
        )
        school_ids = _ids(work, schools.c.code, schools.c.id)
        switch_off_missing(work, roster, actor)
        _load_staff(work, roster, school_ids)
        staff_ids = _by_address(work)
        _upsert(
            work,
            modules,
            ["code"],
            [
                {
                    "code": m.code,
                    "title": m.title,
                    "school_id": school_ids[m.school],
                    "organiser_id": staff_ids.get(m.organiser.casefold()),
                }
                for m in roster.modules
            ],
            unsaid=_unsaid(roster, "modules"),
        )
        end_missing(work, roster, confirmed)
        renumber_students(work, roster, actor)
        _load_students(work, roster, school_ids, staff_ids)
        ids = _ids(work, students.c.number, students.c.id)
        ids |= {old: ids[new] for old, new in roster.renumbered if new in ids}
        _load_enrolments(work, roster, ids)
        end_for_leavers(work, roster, ids)
        record_identifiers(work, roster, ids)
        record_questions(work, roster, ids)
        _mark_changed(work)
        moving.follow(work)
        report_by_roster(work, roster, ids, actor)
        work.record(
            actor,
            "load-roster",
            "roster",
            students=len(roster.students),
            staff=len(roster.staff),
            enrolments=len(roster.enrolments),
        )


def _load_staff(work: UnitOfWork, roster: Roster, school_ids: Mapping[str, int]) -> None:
    known = work.connection.execute(sa.select(staff.c.email)).scalars()
    spelt = {email.casefold(): email for email in known}
    left = left_by_directory(work.connection)
    people = [
        {
            "email": spelt.get(s.email.casefold(), s.email),
            "name": s.name,
            "active": s.active and s.email.casefold() not in left,
        }
        for s in roster.staff
    ]
    trained = [s.trained_on for s in roster.staff]
    # A delivery without a training date does not remove one that was recorded here.
    _upsert(work, staff, ["email"], [p for p, day in zip(people, trained, strict=True) if not day])
    _upsert(
        work,
        staff,
        ["email"],
        [p | {"trained_on": day} for p, day in zip(people, trained, strict=True) if day],
    )
    ids = _by_address(work)
    named = [ids[person.email.casefold()] for person in roster.staff]
    by_groups = decided_by_groups(work.connection)
    _delete_roles(work, named)
    _upsert(
        work,
        staff_roles,
        [],
        [
            {"staff_id": ids[s.email.casefold()], "school_id": school_ids[school], "role": role}
            for s in roster.staff
            for school, role in s.roles
            if (school_ids[school], role) not in by_groups
        ],
    )
    for part in chunks([ids[s.email.casefold()] for s in roster.staff if s.sandbox_user]):
        work.connection.execute(
            sa.delete(identities).where(
                identities.c.platform == Platform.SANDBOX, identities.c.staff_id.in_(part)
            )
        )
    _upsert(
        work,
        identities,
        ["platform", "tenant", "user_id"],
        [
            {
                "platform": Platform.SANDBOX,
                "tenant": SANDBOX_TENANT,
                "user_id": s.sandbox_user,
                "staff_id": ids[s.email.casefold()],
            }
            for s in roster.staff
            if s.sandbox_user
        ],
    )


def _delete_roles(work: UnitOfWork, people: Sequence[int]) -> None:
    by_groups = sa.exists().where(
        directory_places.c.school_id == staff_roles.c.school_id,
        directory_places.c.role == staff_roles.c.role,
    )
    for part in chunks(list(people)):
        mine = staff_roles.c.staff_id.in_(part)
        work.connection.execute(sa.delete(staff_roles).where(mine, ~by_groups))


def _load_students(
    work: UnitOfWork, roster: Roster, school_ids: Mapping[str, int], staff_ids: Mapping[str, int]
) -> None:
    _upsert(
        work,
        students,
        ["number"],
        [
            {
                "number": s.number,
                "given_name": s.given_name,
                "family_name": s.family_name,
                "level": s.level,
                "programme": s.programme,
                "home_school_id": school_ids[s.home_school],
                "adviser_id": staff_ids.get(s.adviser.casefold()),
                "university_email": s.university_email,
                "personal_email": s.personal_email,
                "language": s.language,
            }
            for s in roster.students
        ],
        unsaid=_unsaid(roster, "students"),
    )
    if not roster.students or ("students", "contributing_schools") in roster.unsaid:
        return
    ids = _ids(work, students.c.number, students.c.id)
    _delete(work, contributing_schools.c.student_id, [ids[s.number] for s in roster.students])
    _upsert(
        work,
        contributing_schools,
        [],
        [
            {"student_id": ids[s.number], "school_id": school_ids[school]}
            for s in roster.students
            for school in s.contributing_schools
        ],
    )


def _load_enrolments(work: UnitOfWork, roster: Roster, student_ids: Mapping[str, int]) -> None:
    if not roster.enrolments:
        return
    over = known_ends(work) if any(each.is_over for each in roster.enrolments) else {}
    module_ids = _ids(work, modules.c.code, modules.c.id)
    _upsert(
        work,
        enrolments,
        ["student_id", "module_id"],
        [
            {
                "student_id": student_ids[e.number],
                "module_id": module_ids[e.module],
                "starts": e.starts,
                "ends": e.ends
                or (
                    over.get((student_ids[e.number], module_ids[e.module]), last_day(work))
                    if e.is_over
                    else None
                ),
            }
            for e in roster.enrolments
        ],
        unsaid=_unsaid(roster, "enrolments"),
    )


_STORED_AS = {"organiser": "organiser_id", "adviser": "adviser_id"}


def _unsaid(roster: Roster, kind: str) -> frozenset[str]:
    """Return the columns of this kind's table that the delivery leaves out."""
    return frozenset(_STORED_AS.get(name, name) for of, name in roster.unsaid if of == kind)


def _mark_changed(work: UnitOfWork) -> None:
    """Mark copies of the roster as out of date."""
    _upsert(work, revisions, ["name"], [{"name": ROSTER, "token": secrets.token_hex(8)}])


def _upsert(
    work: UnitOfWork,
    table: sa.Table,
    key: Sequence[str],
    rows: Sequence[dict[str, Any]],
    unsaid: frozenset[str] = frozenset(),
) -> None:
    """Insert rows, or change those whose ``key`` exists, except for ``unsaid``."""
    if not rows:
        return
    if not key:
        work.connection.execute(sa.insert(table), rows)
        return
    is_sqlite = work.connection.dialect.name == "sqlite"
    insert = sqlite.insert(table) if is_sqlite else postgresql.insert(table)
    changed: dict[str, Any] = {
        name: insert.excluded[name] for name in rows[0] if name not in {*key, *unsaid}
    }
    if table is enrolments and "ends" in unsaid:
        # An end before the new start belongs to an earlier time on the module.
        is_past = table.c.ends < insert.excluded.starts
        changed["ends"] = sa.case((is_past, sa.null()), else_=table.c.ends)
    work.connection.execute(
        insert.on_conflict_do_update(index_elements=list(key), set_=changed), rows
    )


def _ids(work: UnitOfWork, key: sa.Column[str], id_: sa.Column[int]) -> dict[str, int]:
    return dict(work.connection.execute(sa.select(key, id_)).all())


def _by_address(work: UnitOfWork) -> dict[str, int]:
    """Map staff by their address, which compares without case."""
    rows = work.connection.execute(sa.select(staff.c.email, staff.c.id).order_by(staff.c.id.desc()))
    return {email.casefold(): number for email, number in rows}


def _delete(work: UnitOfWork, column: sa.Column[int], ids: Iterable[int]) -> None:
    for each in chunks(list(ids)):
        work.connection.execute(sa.delete(column.table).where(column.in_(each)))
