"""Deletion by age on both databases: a case or student goes with all dependent rows."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa

from store.actions.privacy.retention import delete_overdue_case, delete_overdue_student
from store.queries.privacy.retention import not_due, overdue
from store.rules.access.death import DeathDecision
from store.rules.policies.retention import Retention
from store.tables import cases, complaints, deaths, enrolments, erasures, students, views
from tests.people import LANGUAGES
from tests.store.closed_case import close
from tests.world import World

PERIODS = Retention()
IN_SEVEN_YEARS = dt.date(2032, 12, 1)


def test_a_closed_case_goes_and_its_student_stays(world: World) -> None:
    case, school = world.open_case(), world.school(LANGUAGES)
    close(world, case)

    assert not delete_overdue_case(world.store, school, case, PERIODS, world.today)
    assert delete_overdue_case(world.store, school, case, PERIODS, IN_SEVEN_YEARS)
    assert not delete_overdue_case(world.store, school, case, PERIODS, IN_SEVEN_YEARS)

    (row,) = world.rows(cases, id=case)
    assert row["reference"].startswith("ERASED-")
    assert {each["reason"] for each in world.rows(views)} <= {""}
    assert "Dana" in {each["given_name"] for each in world.rows(students)}


def test_a_student_who_left_goes_with_everything_and_one_who_did_not_stays(world: World) -> None:
    close(world, world.open_case())
    school, dana = world.school(LANGUAGES), world.student("dana")
    with world.store.database.read() as connection:
        assert overdue(connection, school, PERIODS, IN_SEVEN_YEARS).students == ()
    with world.store.unit_of_work() as work:
        left = sa.update(enrolments).where(enrolments.c.student_id == dana)
        work.connection.execute(left.values(ends=dt.date(2026, 6, 30)))

    with world.store.database.read() as connection:
        due = overdue(connection, school, PERIODS, IN_SEVEN_YEARS)
    assert (due.students, due.cases) == ((dana,), ())
    assert delete_overdue_student(world.store, school, dana, PERIODS, IN_SEVEN_YEARS)
    assert not delete_overdue_student(world.store, school, dana, PERIODS, IN_SEVEN_YEARS)

    assert "Dana" not in {each["given_name"] for each in world.rows(students)}
    (erasure,) = world.rows(erasures)
    assert erasure["by_staff_id"] is None
    assert "6 years after they left" in erasure["why"]


def test_what_a_complaint_was_about_is_kept_from_when_it_was_resolved(world: World) -> None:
    case, school, dana = world.open_case(), world.school(LANGUAGES), world.student("dana")
    close(world, case)
    with world.store.unit_of_work() as work:
        work.connection.execute(
            sa.insert(complaints).values(
                case_id=case,
                recorded_by=world.staff("sana"),
                summary="",
                evidence="",
                evidence_hash="",
                at=work.now,
                informal_by=IN_SEVEN_YEARS,
                resolved_at=dt.datetime(2031, 3, 1, tzinfo=dt.UTC),
            )
        )
        left = sa.update(enrolments).where(enrolments.c.student_id == dana)
        work.connection.execute(left.values(ends=dt.date(2026, 6, 30)))
    assert not delete_overdue_case(world.store, school, case, PERIODS, IN_SEVEN_YEARS)
    assert not delete_overdue_student(world.store, school, dana, PERIODS, IN_SEVEN_YEARS)
    assert delete_overdue_student(world.store, school, dana, PERIODS, dt.date(2037, 3, 2))


def test_one_who_died_and_one_without_enrolment_are_told_apart(world: World) -> None:
    case, school, dana = world.open_case(), world.school(LANGUAGES), world.student("dana")
    with world.store.database.read() as connection:
        before = not_due(connection, school, PERIODS, IN_SEVEN_YEARS)
    with world.store.unit_of_work() as work:
        work.connection.execute(sa.delete(enrolments).where(enrolments.c.student_id == dana))
    with world.store.database.read() as connection:
        waiting, unknown = not_due(connection, school, PERIODS, IN_SEVEN_YEARS)
    assert (waiting, unknown) == (before[0], before[1] + 1)

    with world.store.unit_of_work() as work:
        work.connection.execute(
            sa.insert(deaths).values(
                student_id=dana,
                school_id=school,
                case_id=case,
                known="",
                stopped=[],
                at=work.now,
                decision=DeathDecision.CONFIRMED,
                decided_at=work.now,
            )
        )
    with world.store.database.read() as connection:
        assert overdue(connection, school, PERIODS, IN_SEVEN_YEARS).students == (dana,)
        assert not_due(connection, school, PERIODS, IN_SEVEN_YEARS) == before
