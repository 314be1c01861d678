"""Successive roster deliveries: students who move, finish, leave or get a new number."""

import datetime as dt
from dataclasses import replace

import pytest
import sqlalchemy as sa

from store.actions.schools.load_roster import load_roster
from store.queries.students.identifiers import former_numbers, numbers_of, unsettled_students
from store.rules.errors import InvalidInput
from store.rules.schools import EnrolmentEntry, ModuleEntry, Roster
from store.tables import (
    contributing_schools,
    enrolments,
    modules,
    number_questions,
    staff,
    student_identifiers,
    students,
)
from tests.people import LANGUAGES, MORNING, ROSTER
from tests.store.roster_people import DANA, ELI, MIRA
from tests.world import World


def test_a_student_who_moves_has_a_new_home_and_keeps_their_number(world: World) -> None:
    mira = world.student("mira")

    load_roster(
        world.store,
        Roster(students=(replace(MIRA, home_school=LANGUAGES, contributing_schools=()),)),
    )

    (row,) = world.rows(students, number="2001")
    assert (row["id"], row["home_school_id"]) == (mira, world.school(LANGUAGES))
    assert world.rows(contributing_schools) == []


def test_an_enrolment_ends(world: World) -> None:
    ended = EnrolmentEntry("1001", "FR101", MORNING.date(), MORNING.date())

    load_roster(world.store, Roster(enrolments=(ended,)))

    (row,) = world.rows(enrolments, student_id=world.student("dana"))
    assert row["ends"] == MORNING.date()


def test_an_adviser_or_organiser_who_is_not_enrolled_is_nobody(world: World) -> None:
    load_roster(
        world.store,
        Roster(
            students=(replace(DANA, adviser="stranger@example.ac.uk"),),
            modules=(ModuleEntry("FR101", "French", LANGUAGES, "stranger@example.ac.uk"),),
        ),
    )

    assert world.rows(students, number="1001")[0]["adviser_id"] is None
    assert world.rows(modules, code="FR101")[0]["organiser_id"] is None
    with world.store.database.read() as connection:
        strangers = sa.select(sa.func.count()).where(staff.c.email.contains("stranger"))
        assert connection.execute(strangers).scalar_one() == 0, "nobody is made up on the fly"


def test_a_student_under_a_new_number_keeps_their_history(world: World) -> None:
    dana = world.student("dana")
    new = replace(DANA, number="9001")

    load_roster(
        world.store,
        Roster(
            students=(new,),
            renumbered=((DANA.number, "9001"),),
            enrolments=(EnrolmentEntry(DANA.number, "FR101", MORNING.date()),),
        ),
    )

    (row,) = world.rows(students, number="9001")
    assert row["id"] == dana
    assert world.rows(students, number=DANA.number) == []
    (known,) = world.rows(student_identifiers)
    assert (known["student_id"], known["kind"], known["value"]) == (
        dana,
        "student-number",
        DANA.number,
    )
    with world.store.database.read() as connection:
        assert former_numbers(connection) == {DANA.number: "9001"}
        assert numbers_of(connection, dana) == {DANA.number}


def test_no_inactivity_is_claimed_until_a_number_is_settled(world: World) -> None:
    dana = world.student("dana")

    def unsettled() -> frozenset[int]:
        with world.store.database.read() as connection:
            return unsettled_students(connection)

    asked = Roster(questions=((DANA.number, "9001"),))
    load_roster(world.store, asked)
    load_roster(world.store, asked)
    assert unsettled() == {dana}
    assert len(world.rows(number_questions)) == 1

    load_roster(world.store, Roster(students=(replace(DANA, number="9001"),)))
    assert unsettled() == frozenset()


def test_who_has_left_ends_on_every_module(world: World) -> None:
    gone = MORNING.date() - dt.timedelta(days=3)
    load_roster(world.store, Roster(students=(replace(DANA, has_left=True, left_on=gone),)))
    ends = {row["ends"] for row in world.rows(enrolments, student_id=world.student("dana"))}
    assert ends == {gone}


def test_an_enrolment_that_is_over_keeps_the_day_it_ended(world: World) -> None:
    over = EnrolmentEntry("1001", "FR101", MORNING.date() - dt.timedelta(days=30), is_over=True)
    load_roster(world.store, Roster(enrolments=(over,)))
    (first,) = [
        row["ends"]
        for row in world.rows(enrolments, student_id=world.student("dana"))
        if row["ends"]
    ]
    assert first == MORNING.date() - dt.timedelta(days=1)
    load_roster(world.store, Roster(enrolments=(replace(over, ends=None),)))
    assert [r["ends"] for r in world.rows(enrolments) if r["ends"]] == [first]


def test_who_is_not_in_a_complete_roster_has_left(world: World) -> None:
    whole = replace(ROSTER, students=(ELI, MIRA), enrolments=(), complete=frozenset({"students"}))
    load_roster(world.store, whole)
    open_ = {row["student_id"] for row in world.rows(enrolments) if row["ends"] is None}
    assert world.student("dana") not in open_
    assert world.student("mira") in open_


def test_many_leavers_need_a_confirmation(world: World) -> None:
    crowd = [replace(DANA, number=f"7{at:03}", university_email="") for at in range(20)]
    taken = [EnrolmentEntry(each.number, "FR101", MORNING.date()) for each in crowd]
    load_roster(world.store, Roster(students=tuple(crowd), enrolments=tuple(taken)))
    before = world.rows(enrolments)
    cut = Roster(enrolments=tuple(taken[:10]), complete=frozenset({"enrolments"}))

    with pytest.raises(InvalidInput, match="add --confirm 14"):
        load_roster(world.store, cut)
    assert world.rows(enrolments) == before

    load_roster(world.store, cut, confirmed=14)
    assert sum(row["ends"] is None for row in world.rows(enrolments)) == 10
