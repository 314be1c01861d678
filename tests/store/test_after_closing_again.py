"""Flags that outlast a closed case: their priority, and that none is lost."""

import datetime as dt

import pytest
import sqlalchemy as sa

from store.actions.cases import close as closing
from store.actions.cases import reopen as reopening
from store.actions.complaints import handle as complaints
from store.actions.complaints.handle import Complaint
from store.actions.schools.load_roster import load_roster
from store.actions.students import exempt as exempting
from store.actions.students.exempt import Exemption
from store.queries.notices.week import week
from store.rules.flags.no_case import NoCase
from store.rules.model import ExemptionKind, FlagState, Outcome
from store.tables import flags, waiting
from tests.people import LANGUAGES, MATHEMATICS, ROSTER, finding, policy_document
from tests.store.closed_case import (
    CLOSED,
    DUE,
    came_back_on_the_day,
    close,
    explained,
    open_references,
    shown,
    silent_until,
)
from tests.world import World


def without_room(world: World) -> tuple[int, int]:
    """Close Dana's case; on the day a new one is due the school has capacity for Eli's alone."""
    world.publish(policy_document(capacity=1))
    close(world, world.open_case())
    silent_until(world, DUE - dt.timedelta(days=1))
    world.clock.forward(days=1)
    dana, eli = world.student("dana"), world.student("eli")
    world.screen(finding(dana), finding(eli), order=[eli, dana])
    return dana, eli


def test_without_room_it_waits_in_the_queue(world: World) -> None:
    dana, eli = without_room(world)
    assert open_references(world) == ["LANG-2"]
    assert explained(world) == ["in the queue"]
    assert [row["student_id"] for row in world.rows(waiting)] == [dana]
    world.clock.forward(days=1)
    world.screen(finding(dana), finding(eli))
    assert open_references(world) == ["LANG-2", "LANG-3"]


def test_a_day_that_is_screened_again_changes_nothing(world: World) -> None:
    world.begins_with(came_back_on_the_day)
    close(world, 2)
    world.clock.forward(days=1)
    dana = world.student("dana")
    world.screen(finding(dana))
    before = world.dump()
    for day in (CLOSED, DUE - dt.timedelta(days=1), DUE, world.today):
        world.screen(finding(dana), day=day)
        assert world.dump() == before, day


def test_a_past_day_without_a_finding_takes_it_out_of_both_runs(world: World) -> None:
    world.begins_with(came_back_on_the_day)
    world.screen(day=DUE)
    first, second = world.rows(flags)
    assert first["state"] == FlagState.CARRIED
    assert second["state"] == FlagState.WITHDRAWN
    assert first["last_found_on"] == DUE - dt.timedelta(days=1)


def test_an_open_complaint_comes_first(world: World) -> None:
    case = world.open_case()
    close(world, case)
    complaints.record_complaint(
        world.store, world.by("lena"), case, Complaint("About how it was handled")
    )
    silent_until(world, DUE + dt.timedelta(days=5))
    assert open_references(world) == []
    assert explained(world) == ["with an open complaint"]


@pytest.mark.parametrize("kind", [ExemptionKind.PLACEMENT, ExemptionKind.APPROVED_ABSENCE])
def test_an_exempt_student_is_left_alone(world: World, kind: ExemptionKind) -> None:
    case = world.open_case()
    away = Exemption(kind, CLOSED, CLOSED + dt.timedelta(days=100), "Abroad until the spring")
    exempting.exempt_student(world.store, world.by("alice"), case, away)
    close(world, case)
    silent_until(world, DUE + dt.timedelta(days=1))
    assert open_references(world) == []
    assert explained(world) == ["exempt"]
    assert world.rows(waiting) == []


def test_a_student_who_moved_gets_the_case_in_the_new_home_school(world: World) -> None:
    close(world, world.open_case())
    with world.store.unit_of_work() as work:
        work.connection.execute(
            sa.text("UPDATE students SET home_school_id = :home WHERE id = :who"),
            {"home": world.school(MATHEMATICS), "who": world.student("dana")},
        )
    silent_until(world, DUE)
    assert open_references(world) == ["MATH-1"]
    with world.store.database.read() as connection:
        assert not week(connection, world.school(), world.today).no_case


def test_in_a_joint_programme_the_home_school_opens_it_and_the_other_knows_why(
    world: World,
) -> None:
    world.open_case("mira")
    close_by_max = world.by("max")
    closing.close_case(world.store, close_by_max, 1, Outcome.MEETING_HELD)
    world.clock.forward(days=1)
    world.screen(finding(world.student("mira")))
    assert explained(world, LANGUAGES) == ["with their home school"]
    assert explained(world, MATHEMATICS)[0].startswith("in the time of grace")
    silent_until(world, DUE, "mira")
    assert open_references(world) == ["MATH-2"]


def test_a_case_that_was_reopened_by_hand_takes_its_flags_back(world: World) -> None:
    world.publish(policy_document(capacity=1))
    case = world.open_case()
    close(world, case)
    silent_until(world, DUE - dt.timedelta(days=1))
    reopening.reopen_case(world.store, world.by("alice"), case)
    silent_until(world, DUE + dt.timedelta(days=1))
    assert open_references(world) == ["LANG-1"]
    assert explained(world) == []


def test_a_case_that_was_reopened_while_its_flags_waited_gets_them(world: World) -> None:
    dana, eli = without_room(world)
    reopening.reopen_case(world.store, world.by("alice"), 1)
    world.clock.forward(days=1)
    world.screen(finding(dana), finding(eli))
    assert sorted(open_references(world)) == ["LANG-1", "LANG-2"]
    assert shown(world, 1).count("No activity since") == 1, "once as a reason"


def test_a_lost_flag_is_found_and_the_lead_hears_of_it(world: World) -> None:
    case = world.open_case()
    close(world, case)
    world.clock.forward(days=30)
    assert explained(world) == ["unexplained"], "no day was screened since"
    with world.store.database.read() as connection:
        found = week(connection, world.school(), world.today)
    assert found.no_case == ((NoCase.UNEXPLAINED, 1),)


def test_one_flag_that_is_held_does_not_explain_another_that_was_lost(world: World) -> None:
    dana, eli = world.student("dana"), world.student("eli")
    world.publish(policy_document() + "[surge]\nshare = 0.05\nat_least = 1\n")
    world.screen(finding(dana), finding(eli), finding(world.student("mira")))
    assert set(explained(world)) == {"held until the data is checked"}
    with world.store.unit_of_work() as work:
        row = world.rows(flags, student_id=dana)[0]
        lost = {**row, "key": "lost", "hold_id": None}
        del lost["id"]
        work.connection.execute(sa.insert(flags).values(**lost))
    assert max(explained(world)) == "unexplained"


def test_no_student_is_lost_whose_roster_comes_again(world: World) -> None:
    close(world, world.open_case())
    load_roster(world.store, ROSTER)
    silent_until(world, DUE)
    assert open_references(world) == ["LANG-2"]
