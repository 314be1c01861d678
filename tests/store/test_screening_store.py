"""What the screening of a school's day writes, and what it leaves unchanged."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

import pytest

from store.actions.cases import assign as ownership
from store.actions.cases import close as closing
from store.actions.flags import screen as screening_module
from store.actions.flags.screen import students_with_active_flags
from store.actions.schools.load_roster import load_roster
from store.rules.model import OutboxKind, Outcome, Role
from store.rules.schools import Roster, StaffEntry, StudentEntry
from store.tables import audit, cases, flags, outbox, screenings, students
from tests.people import LANGUAGES, MATHEMATICS, ROSTER, finding, policy_document
from tests.store.together import together
from tests.world import World

ONE_DAY = dt.timedelta(days=1)


def close(world: World, case: int) -> None:
    closing.close_case(world.store, world.by("lena"), case, Outcome.DATA_ERROR)


def states(world: World) -> list[str]:
    return [str(row["state"]) for row in world.rows(flags)]


def test_a_flag_opens_a_case_with_a_card_and_an_owner(world: World) -> None:
    dana = world.student("dana")

    result = world.screen(finding(dana), weeks={dana: (7, 6, 5, 4, 3, 2, 1, 0)})

    assert (result.flags_raised, result.flags_ended, result.cases_opened) == (1, 0, 1)
    (case,) = world.rows(cases)
    assert (case["reference"], case["student_id"], case["status"]) == ("LANG-1", dana, "open")
    assert case["owner_id"] == world.staff("sana")
    assert (case["weeks"], case["weeks_until"]) == ([7, 6, 5, 4, 3, 2, 1, 0], world.today - ONE_DAY)
    (flag,) = world.rows(flags)
    assert (flag["case_id"], flag["raised_on"], flag["state"]) == (
        case["id"],
        world.today,
        "active",
    )
    assert [row["idem_key"] for row in world.rows(outbox)] == [f"card:{case['id']}:1"]
    assert world.woken == [OutboxKind.CARD]


def test_a_day_screened_twice_changes_nothing(world: World) -> None:
    found = [finding(world.student(name)) for name in ("dana", "eli")]
    world.screen(*found)
    before = world.dump()
    world.clock.forward(minutes=5)

    result = world.screen(*found)

    assert (result.flags_raised, result.cases_opened) == (0, 0)
    assert world.dump() == before


def test_a_day_without_findings_is_noted_once(world: World) -> None:
    world.screen()
    before = world.dump()
    assert len(world.rows(screenings)) == 1
    world.clock.forward(minutes=5)

    world.screen()

    assert world.dump() == before


def test_an_earlier_day_screened_again_changes_nothing(world: World) -> None:
    dana = world.student("dana")
    first = world.today
    for days in range(4):
        world.clock.forward(days=1)
        world.screen(finding(dana, fresh=first + ONE_DAY * days))
    before = world.dump()

    world.screen(finding(dana), day=first + 2 * ONE_DAY)

    assert world.dump() == before


def test_the_flags_of_one_student_share_a_case(world: World) -> None:
    dana = world.student("dana")

    world.screen(finding(dana), finding(dana, "Essay", rule="missed-submission"))
    world.clock.forward(days=1)
    result = world.screen(finding(dana), finding(dana, "Quiz", rule="missed-submission"))

    assert (result.flags_raised, result.cases_opened) == (1, 0)
    (case,) = world.rows(cases)
    assert {row["case_id"] for row in world.rows(flags)} == {case["id"]}
    assert case["version"] == 2, "the card shows the new flag"


def test_a_flag_that_goes_on_does_not_disturb_the_card(world: World) -> None:
    dana = world.student("dana")
    world.screen(finding(dana))
    world.woken.clear()
    world.clock.forward(days=1)

    world.screen(finding(dana))

    (flag,) = world.rows(flags)
    assert flag["last_found_on"] == world.today
    assert world.woken == []
    assert world.rows(cases)[0]["version"] == 1


def test_a_contributing_school_raises_the_flag_and_the_home_school_has_the_case(
    world: World,
) -> None:
    mira = world.student("mira")

    world.screen(finding(mira), school=LANGUAGES)

    (case,) = world.rows(cases)
    assert case["reference"] == "MATH-1"
    assert case["school_id"] == world.school(MATHEMATICS)
    assert case["owner_id"] is None, "Mathematics has no officer"
    assert world.rows(flags)[0]["school_id"] == world.school(LANGUAGES)
    with pytest.raises(Exception, match="belongs to another school"):
        ownership.take_case(world.store, world.by("alice"), case["id"])
    ownership.take_case(world.store, world.by("charlie"), case["id"])


def test_new_cases_go_to_the_officers_with_least_to_do(world: World) -> None:
    more = ROSTER.students[1]
    entries = [replace(more, number=f"3{n:03}", given_name=f"Student {n}") for n in range(5)]
    load_roster(world.store, Roster(staff=(officer("omar"),), students=tuple(entries)))
    world.open_case("dana")
    world.open_case("eli")
    assert [row["owner_id"] for row in world.rows(cases)] == [
        world.staff("sana"),
        world.staff("omar"),
    ]
    close(world, world.rows(cases)[1]["id"])

    world.screen(*(finding(world.student(entry.given_name)) for entry in entries))

    open_now = world.rows(cases)[2:] + world.rows(cases)[:1]
    owners = [row["owner_id"] for row in open_now]
    assert (owners.count(world.staff("sana")), owners.count(world.staff("omar"))) == (3, 3)


def officer(name: str) -> StaffEntry:
    roles = ((LANGUAGES, Role.STUDENT_SUPPORT_OFFICER),)
    return StaffEntry(f"{name}@example.ac.uk", name.title(), roles)


def test_references_count_up_within_a_school(world: World) -> None:
    world.open_case("dana")
    world.screen(finding(world.student("mira")), school=MATHEMATICS)
    world.open_case("eli")

    assert [row["reference"] for row in world.rows(cases)] == ["LANG-1", "MATH-1", "LANG-2"]


# -- Two at once, and a crash ------------------------------------------------------------------


def test_two_schools_at_once_open_one_case_for_their_student(world: World) -> None:
    mira = world.student("mira")

    results = together(
        lambda: world.screen(finding(mira), school=LANGUAGES),
        lambda: world.screen(finding(mira), school=MATHEMATICS),
    )

    assert [getattr(each, "flags_raised", each) for each in results] == [1, 1]
    (case,) = world.rows(cases)
    assert {row["case_id"] for row in world.rows(flags)} == {case["id"]}
    assert case["version"] == 2
    assert world.store.verify_audit() is None


def test_the_same_day_screened_twice_at_once_is_screened_once(world: World) -> None:
    found = [finding(world.student(name)) for name in ("dana", "eli")]

    results = together(lambda: world.screen(*found), lambda: world.screen(*found))

    assert sorted(getattr(each, "cases_opened", -1) for each in results) == [0, 2]
    assert len(world.rows(flags)) == 2
    assert len(world.rows(screenings)) == 1


def test_a_screening_that_dies_leaves_nothing_and_the_next_completes(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = [finding(world.student(name)) for name in ("dana", "eli")]
    before = world.dump()

    def die(*_: object) -> None:
        raise MemoryError

    with monkeypatch.context() as last_step:
        last_step.setattr(screening_module, "_note", die)
        with pytest.raises(MemoryError):
            world.screen(*found)
    assert world.dump() == before
    assert world.woken == []

    assert world.screen(*found).cases_opened == 2


def test_a_whole_cohort_in_one_go(world: World) -> None:
    """More students than a database allows as parameters of one statement."""
    world.publish(policy_document(capacity=2000))
    cohort = many_students(1100)
    load_roster(world.store, Roster(students=tuple(cohort)))
    ids = {row["number"]: row["id"] for row in world.rows(students)}
    found = [finding(ids[entry.number]) for entry in cohort]

    assert world.screen(*found).cases_opened == 1100
    before = world.dump()
    assert world.screen(*found).flags_raised == 0
    assert world.dump() == before
    assert world.screen().flags_ended == 1100
    with world.store.database.read() as connection:
        assert students_with_active_flags(connection, world.school(), world.today) == frozenset()
    assert len(world.rows(audit, action="open")) == 1100


def many_students(number: int) -> Sequence[StudentEntry]:
    dana = ROSTER.students[0]
    return [replace(dana, number=f"9{n:05}", given_name=f"Many{n}") for n in range(number)]
