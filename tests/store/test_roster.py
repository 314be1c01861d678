"""Successive roster deliveries: colleagues, and what a delivery may leave out."""

from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa

from integrations.feeds.roster.csv_folder import read_roster
from integrations.feeds.roster.delivery import Known
from store.actions.cases import assign as ownership
from store.actions.schools.load_roster import load_roster
from store.queries.schools.roster import is_out_of_scope
from store.rules.errors import NotAllowed
from store.rules.model import Level, Role
from store.rules.policies.policy import Scope
from store.rules.schools import EnrolmentEntry, ModuleEntry, Roster, StudentEntry
from store.tables import contributing_schools, enrolments, staff, staff_roles, students
from tests.people import LANGUAGES, MATHEMATICS, MORNING, ROSTER
from tests.store.roster_people import ALICE, BOB, DANA, ELI, identity, load, revision
from tests.world import World


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


# -- Rows that a delivery leaves out -------------------------------------------------------------

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
    """Return the rows without the ``column``-th column from the end."""
    split = [line.split(",") for line in lines]
    return [row[: len(row) - column] + row[len(row) - column + 1 :] for row in split]


def stored(world: World) -> dict[str, list[dict[str, object]]]:
    """Return everything that the roster may change, except the numbers of rows."""
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
