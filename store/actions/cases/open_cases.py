"""Open cases for many students, in the home school, with a reference and a suggested owner."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping

import sqlalchemy as sa

from store.db.batches import chunks
from store.db.unit_of_work import UnitOfWork
from store.delivery import outbox
from store.queries.cases.following import barred_from, followed, owners_who_go_on
from store.queries.cases.owner_suggestions import default_owners
from store.queries.students.ended_cases import EndedCase
from store.rules.flag_rules.session_weeks import Weeks
from store.rules.model import CaseStatus, OutboxKind
from store.tables import CASE_IS_OPEN, cases, schools, students

WORKER = "system:screening"


def one_at_a_time(work: UnitOfWork) -> None:
    """Lock case opening, since both schools of a student could open a case for them at once."""
    work.connection.execute(
        sa.select(schools.c.id).order_by(schools.c.id).with_for_update(key_share=True)
    ).all()


def open_cases_by_student(connection: sa.Connection, who: list[int]) -> dict[int, int]:
    """Map each student who has an open case to the case's id."""
    found: dict[int, int] = {}
    for part in chunks(who):
        rows = connection.execute(
            sa.select(cases.c.student_id, cases.c.id).where(
                cases.c.student_id.in_(part), CASE_IS_OPEN
            )
        )
        found |= dict(rows.all())
    return found


def open_new(
    work: UnitOfWork,
    who: list[int],
    weeks: Mapping[int, Weeks],
    day: dt.date,
    by: str = WORKER,
) -> dict[int, int]:
    """Open a case in each student's home school, with its default owner; returns student → case.

    ``by`` is the actor for the audit.
    """
    homes: dict[int, list[int]] = defaultdict(list)
    for part in chunks(who):
        rows = work.connection.execute(
            sa.select(students.c.id, students.c.home_school_id).where(students.c.id.in_(part))
        )
        for student, school in rows:
            homes[school].append(student)
    opened: dict[int, int] = {}
    for school, members in sorted(homes.items()):
        opened |= _open_in_school(work, school, sorted(members), weeks, day, by)
    return opened


def _open_in_school(
    work: UnitOfWork,
    school: int,
    members: list[int],
    weeks: Mapping[int, Weeks],
    day: dt.date,
    by: str,
) -> dict[int, int]:
    last, code = work.connection.execute(
        sa.update(schools)
        .where(schools.c.id == school)
        .values(last_case=schools.c.last_case + len(members))
        .returning(schools.c.last_case, schools.c.code)
    ).one()
    owners = default_owners(work.connection, school, members, day)
    for student, barred in barred_from(work.connection, members).items():
        # Their complaint is carried to the new case, so another colleague is its owner.
        at = members.index(student)
        if owners[at] in barred:
            (owners[at],) = default_owners(work.connection, school, [student], day, barred)
    follows = followed(work.connection, school, members, day)
    going_on = owners_who_go_on(work.connection, school, follows, day)
    rows = [
        {
            "reference": f"{code}-{number}",
            "student_id": student,
            "school_id": school,
            "status": CaseStatus.OPEN,
            "owner_id": going_on.get(student, owner),
            "follows_id": follows[student].id if student in follows else None,
            "version": 1,
            "opened_on": day,
            "opened_at": work.now,
            "changed_at": work.now,
            "weeks": list(weeks.get(student, ())),
            "weeks_until": day - dt.timedelta(days=1),
        }
        for number, student, owner in zip(
            range(last - len(members) + 1, last + 1), members, owners, strict=True
        )
    ]
    work.connection.execute(sa.insert(cases), rows)
    created = open_cases_by_student(work.connection, members)
    outbox.put_many(
        work,
        [
            {
                "kind": OutboxKind.CARD,
                "idem_key": f"card:{case}:1",
                "school_id": school,
                "case_id": case,
                "day": None,
            }
            for case in created.values()
        ],
    )
    for student, case in created.items():
        since = {"follows": follows[student].id} if student in follows else {}
        work.record(by, "open", f"case:{case}", school=school, status=CaseStatus.OPEN, **since)
        if student in follows:
            _show_what_follows(work, follows[student], case)
    return created


def _show_what_follows(work: UnitOfWork, closed: EndedCase, case: int) -> None:
    """Show the new case on the card of the closed case before it."""
    key = f"card:{closed.id}:followed:{case}"
    outbox.put(work, OutboxKind.CARD, key, school=closed.school, case=closed.id)
