"""One delivery of the roster after the other."""

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa

from integrations.feeds.roster.csv_folder import read_roster
from integrations.feeds.roster.delivery import Known
from store.actions.cases import assign as ownership
from store.actions.schools.load_roster import load_roster
from store.queries.schools.roster import is_out_of_scope, roster_revision
from store.queries.schools.staff import actor_by_identity
from store.queries.students.identifiers import former_numbers, numbers_of, unsettled_students
from store.rules.errors import InvalidInput, NotAllowed
from store.rules.model import Level, Platform, Role
from store.rules.policies.policy import Scope
from store.rules.schools import EnrolmentEntry, ModuleEntry, Roster, StaffEntry, StudentEntry
from store.tables import (
    contributing_schools,
    enrolments,
    modules,
    number_questions,
    staff,
    staff_roles,
    student_identifiers,
    students,
)
from tests.people import LANGUAGES, MATHEMATICS, MORNING, ROSTER
from tests.world import World

ALICE, SANA, LENA, BOB, _, CHARLIE = ROSTER.staff
DANA, ELI, MIRA = ROSTER.students


def revision(world: World) -> str:
    with world.store.database.read() as connection:
        return roster_revision(connection)


def identity(world: World, user: str) -> str | None:
    with world.store.database.read() as connection:
        found = actor_by_identity(connection, Platform.SANDBOX, "sandbox", user)
    return found.name if found else None


def load(world: World, *people: StaffEntry) -> None:
    load_roster(world.store, Roster(staff=people))


def test_the_same_delivery_again_changes_nothing_but_its_mark(world: World) -> None:
    before, mark = world.dump(), revision(world)

    load_roster(world.store, ROSTER)

    after = world.dump()
    changed = {name for name, rows in after.items() if rows != before[name]}
    assert changed == {"revisions", "audit", "audit_head"}
    assert revision(world) != mark


def test_what_a_delivery_does_not_name_stays(world: World) -> None:
    load_roster(world.store, Roster(students=(replace(ELI, programme="R200"),)))

    programmes = {row["given_name"]: row["programme"] for row in world.rows(students)}
    assert programmes == {"Dana": "R100", "Eli": "R200", "Mira": "G100"}
    assert len(world.rows(staff)) == 6
    assert len(world.rows(enrolments)) == 4
    assert len(world.rows(contributing_schools)) == 1


def test_a_role_that_is_no_longer_delivered_is_gone_at_once(world: World) -> None:
    case = world.open_case()

    load(world, replace(ALICE, roles=((MATHEMATICS, Role.ADVISER),)))

    with pytest.raises(NotAllowed, match="belongs to another school"):
        ownership.take_case(world.store, world.by("alice"), case)
    (role,) = world.rows(staff_roles, staff_id=world.staff("alice"))
    assert role["school_id"] == world.school(MATHEMATICS)
    assert world.rows(staff_roles, staff_id=world.staff("sana")), "not named, so kept"


def test_a_name_follows_the_address(world: World) -> None:
    alice = world.staff("alice")

    load(world, replace(ALICE, name="Alice Married"))

    (row,) = world.rows(staff, email=ALICE.email)
    assert (row["id"], row["name"]) == (alice, "Alice Married")


def test_a_person_is_known_to_the_sandbox_by_the_newest_user_only(world: World) -> None:
    load(world, replace(ALICE, sandbox_user="alice"))
    assert identity(world, "alice") == "Alice Adviser"

    load(world, replace(ALICE, sandbox_user="adviser"), replace(BOB, sandbox_user="bob"))
    assert (identity(world, "alice"), identity(world, "adviser")) == (None, "Alice Adviser")

    load(world, ALICE)
    assert identity(world, "adviser") == "Alice Adviser", "a row without one says nothing of it"
    assert identity(world, "bob") == "Bob Brown"


def test_two_people_can_swap_their_sandbox_users(world: World) -> None:
    load(world, replace(ALICE, sandbox_user="one"), replace(BOB, sandbox_user="two"))

    load(world, replace(ALICE, sandbox_user="two"), replace(BOB, sandbox_user="one"))

    assert (identity(world, "one"), identity(world, "two")) == ("Bob Brown", "Alice Adviser")


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


@pytest.mark.parametrize(
    "delivery",
    [
        Roster(students=(replace(ELI, programme="R999"), replace(DANA, home_school="NONE"))),
        Roster(staff=(replace(ALICE, roles=(("NONE", Role.ADVISER),)),)),
        Roster(modules=(ModuleEntry("FR999", "New", "NONE"),)),
        Roster(
            students=(replace(ELI, programme="R999"),),
            enrolments=(EnrolmentEntry("4711", "FR101", MORNING.date()),),
        ),
        Roster(
            students=(replace(ELI, programme="R999"),),
            enrolments=(EnrolmentEntry("1001", "NONE", MORNING.date()),),
        ),
    ],
    ids=["home school", "role's school", "module's school", "student", "module"],
)
def test_a_delivery_that_names_what_is_not_there_leaves_nothing(
    world: World, delivery: Roster
) -> None:
    before = world.dump()

    with pytest.raises(KeyError):
        load_roster(world.store, delivery)

    assert world.dump() == before


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


# -- What a delivery does not mention ------------------------------------------------------------

_FULL = {
    "schools.csv": ["code,name,faculty", "LANG,School of Languages,Humanities"],
    "staff.csv": [
        "email,name,roles,trained_on,sandbox_user",
        "alice@example.ac.uk,Alice Adviser,LANG:adviser,2025-09-01,alice",
    ],
    "modules.csv": ["code,title,school,organiser", "FR101,French,LANG,bob@example.ac.uk"],
    "students.csv": [
        "number,given_name,family_name,level,programme,home_school,contributing_schools,"
        "university_email,personal_email,adviser,language",
        "1001,Dana,Dvorak,undergraduate,R100,LANG,MATH,dana@example.ac.uk,d@example.org,"
        "alice@example.ac.uk,cy",
    ],
    "enrolments.csv": ["number,module,starts,ends", "1001,FR101,2025-09-22,2026-01-30"],
}
_OPTIONAL = {
    "schools.csv": 1,
    "staff.csv": 2,
    "modules.csv": 1,
    "students.csv": 5,
    "enrolments.csv": 1,
}


def deliver(world: World, folder: Path, files: dict[str, list[str]]) -> None:
    folder.mkdir()
    for name, lines in files.items():
        (folder / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    known = Known(schools={"LANG", "MATH"}, modules={"FR101"}, numbers={"1001"})
    load_roster(world.store, read_roster(folder, known).roster)


@pytest.mark.parametrize(
    ("name", "column"), [(name, n) for name, many in _OPTIONAL.items() for n in range(1, many + 1)]
)
def test_an_optional_column_that_a_file_does_not_have_changes_nothing(
    world: World, tmp_path: Path, name: str, column: int
) -> None:
    deliver(world, tmp_path / "whole", _FULL)
    before = stored(world)
    without = [",".join(row) for row in _rows_without(_FULL[name], column)]

    deliver(world, tmp_path / "part", {name: without})

    assert stored(world) == before


def _rows_without(lines: list[str], column: int) -> list[list[str]]:
    """The rows without the ``column``-th column from the end."""
    split = [line.split(",") for line in lines]
    return [row[: len(row) - column] + row[len(row) - column + 1 :] for row in split]


def stored(world: World) -> dict[str, list[dict[str, object]]]:
    """Everything that the roster may change, but for the numbers of rows."""
    found = world.dump()
    names = (
        "schools", "staff", "staff_roles", "identities", "modules", "students",
        "contributing_schools", "enrolments",
    )  # fmt: skip
    return {
        name: [{key: value for key, value in row.items() if key != "id"} for row in found[name]]
        for name in names
    }


def test_addresses_of_staff_compare_without_case(world: World) -> None:
    load_roster(
        world.store,
        Roster(
            staff=(replace(ALICE, email=ALICE.email.upper(), name="Alice Again"),),
            students=(replace(ELI, adviser=ALICE.email.title()),),
        ),
    )
    assert len(world.rows(staff)) == 6
    assert world.rows(staff, email=ALICE.email)[0]["name"] == "Alice Again"
    assert world.rows(students, number=ELI.number)[0]["adviser_id"] == world.staff("alice")


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


def test_the_scope_in_sql_is_the_rule_of_the_policy(world: World) -> None:
    everyone = [
        StudentEntry(f"{level}-{programme}", "A", "B", level, programme, LANGUAGES)
        for level in Level
        for programme in ("R100", "R900", "Z100")
    ]
    load_roster(world.store, Roster(students=tuple(everyone)))
    some = frozenset({Level.UNDERGRADUATE, Level.MRES})
    for scope in (
        Scope(some),
        Scope(some, programmes_in=frozenset({"R900"})),
        Scope(some, frozenset({"R900"}), frozenset({"R100", "Z100"})),
        Scope(frozenset()),
    ):
        with world.store.database.read() as connection:
            outside = sa.select(students).where(is_out_of_scope(scope))
            found = {row.id for row in connection.execute(outside)}
        assert found == {
            row["id"]
            for row in world.rows(students)
            if not scope.covers(Level(row["level"]), row["programme"])
        }


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
