"""A day that flags many students of one module is first held as a question about the data."""

from dataclasses import replace
from typing import Any

import pytest

from store.actions.flags import hold_surges as holds
from store.actions.schools.load_roster import load_roster
from store.queries.flags.queue import held, waiting
from store.rules.errors import InvalidInput, NotAllowed, NotPossibleNow
from store.rules.flag_rules.evidence import Finding
from store.rules.schools import EnrolmentEntry, Roster
from store.tables import audit, cases, flags
from store.tables import holds as held_days
from tests.people import LANGUAGES, MATHEMATICS, ROSTER, finding
from tests.world import World

WHY = "The registers of that week were never loaded"


@pytest.fixture
def crowd(world: World) -> World:
    """Enrol forty more students on French for beginners, where five a day are not a surge."""
    dana = ROSTER.students[0]
    extra = [replace(dana, number=f"6{n:02}", given_name=f"Crowd{n}") for n in range(40)]
    first = ROSTER.enrolments[0].starts
    enrolled = [EnrolmentEntry(each.number, "FR101", first) for each in extra]
    load_roster(world.store, Roster(students=tuple(extra), enrolments=tuple(enrolled)))
    return world


def of(world: World, *numbers: int, **changes: Any) -> list[Finding]:
    return [finding(world.student(f"Crowd{n}"), **changes) for n in numbers]


def open_questions(world: World, school: str = LANGUAGES) -> list[tuple[str, int, int]]:
    with world.store.database.read() as connection:
        lines = held(connection, [world.school(school)])
    return [(line.module, line.flagged, line.cohort) for line in lines]


def surge(world: World) -> int:
    """Flag eight of forty-three students at once; return the held day's id."""
    world.screen(*of(world, *range(8), module="FR101", rule="attendance"))
    return int(world.rows(held_days)[-1]["id"])


def test_a_surge_opens_no_case_and_asks_the_modules_organiser(crowd: World) -> None:
    result = crowd.screen(*of(crowd, *range(8), module="FR101", rule="attendance"))

    assert (result.flags_raised, result.cases_opened, result.held) == (8, 0, 8)
    assert crowd.rows(cases) == []
    with crowd.store.database.read() as connection:
        (line,) = held(connection, [crowd.school()])
        assert waiting(connection, [crowd.school()]) == []
    assert (line.module, line.flagged, line.cohort) == ("FR101", 8, 43)
    assert line.organiser == crowd.staff("bob")
    assert (line.organiser_name, line.decision) == ("Bob Brown", None)
    assert line.reasons == ("No activity since Monday 6 October.",)


def test_few_are_no_surge(crowd: World) -> None:
    assert crowd.screen(*of(crowd, *range(5))).cases_opened == 5
    assert open_questions(crowd) == []


def test_silence_counts_for_every_module_that_the_student_is_on(crowd: World) -> None:
    crowd.screen(*of(crowd, *range(7)))
    assert open_questions(crowd) == [("FR101", 7, 43)]


def test_the_same_day_again_asks_nothing_new(crowd: World) -> None:
    surge(crowd)
    before = crowd.dump()
    surge(crowd)
    assert crowd.dump() == before


def test_another_module_is_not_held_with_it(crowd: World) -> None:
    dana = finding(crowd.student("dana"), module="DE101", rule="attendance")
    result = crowd.screen(*of(crowd, *range(8), module="FR101", rule="attendance"), dana)
    assert (result.held, result.cases_opened) == (8, 1)


def test_released_they_are_taken_up_within_the_room(crowd: World) -> None:
    question = surge(crowd)

    opened = holds.release_surge(crowd.store, crowd.by("bob"), question, "I counted them myself")

    assert opened == 8
    assert open_questions(crowd) == []
    (row,) = crowd.rows(held_days)
    assert (row["decision"], row["decided_by"]) == ("released", crowd.staff("bob"))
    assert {flag["hold_id"] for flag in crowd.rows(flags)} == {None}
    (entry,) = crowd.rows(audit, action="decide-hold")
    assert entry["actor"] == f"staff:{crowd.staff('bob')}"
    assert entry["details"]["decision"] == "released"
    crowd.screen(*of(crowd, *range(8), module="FR101", rule="attendance"))
    assert open_questions(crowd) == []


def test_dismissed_they_open_no_case_for_as_long_as_they_go_on(crowd: World) -> None:
    question = surge(crowd)
    holds.dismiss_surge(crowd.store, crowd.by("lena"), question, WHY)
    crowd.clock.forward(days=1)

    crowd.screen(*of(crowd, *range(8), module="FR101", rule="attendance"))

    assert crowd.rows(cases) == []
    assert open_questions(crowd) == []
    with crowd.store.database.read() as connection:
        (line,) = held(connection, [crowd.school()], answered=True)
    assert (line.decision, line.decided_by, line.why) == ("dismissed", "Lena Lead", WHY)


def test_a_flag_found_again_after_it_cleared_is_asked_about_anew(crowd: World) -> None:
    holds.dismiss_surge(crowd.store, crowd.by("lena"), surge(crowd), WHY)
    crowd.clock.forward(days=7)
    crowd.screen()
    crowd.clock.forward(days=7)

    assert crowd.screen(*of(crowd, 1, module="FR101", rule="attendance")).cases_opened == 1


@pytest.mark.parametrize("name", ["alice", "sana", "charlie", "max"])
def test_only_the_organiser_and_the_lead_answer_and_a_refusal_is_noted(
    crowd: World, name: str
) -> None:
    question = surge(crowd)
    with pytest.raises(NotAllowed, match="the module organiser or the engagement lead"):
        holds.release_surge(crowd.store, crowd.by(name), question, WHY)
    assert open_questions(crowd) == [("FR101", 8, 43)]
    assert len(crowd.rows(audit, action="refused")) == 1


def test_it_is_answered_once_with_a_reason_and_only_if_it_exists(crowd: World) -> None:
    question = surge(crowd)
    with pytest.raises(InvalidInput, match="Say how you know in a few words"):
        holds.dismiss_surge(crowd.store, crowd.by("bob"), question, "no")
    with pytest.raises(InvalidInput, match="does not exist"):
        holds.dismiss_surge(crowd.store, crowd.by("bob"), question + 1, WHY)
    holds.dismiss_surge(crowd.store, crowd.by("bob"), question, WHY)
    with pytest.raises(NotPossibleNow, match="The flags were dismissed"):
        holds.release_surge(crowd.store, crowd.by("lena"), question, WHY)


def test_another_school_is_not_asked(crowd: World) -> None:
    surge(crowd)
    assert open_questions(crowd, MATHEMATICS) == []
