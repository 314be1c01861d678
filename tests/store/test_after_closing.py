"""Flags that still hold after a closed case's period of grace open a new case.

Closed on Wednesday 22 October, the ten school days end on Wednesday 5 November.
"""

import datetime as dt

import pytest

from bot.cards.cases.timeline import timeline
from store.actions.cases import pause as resting
from store.queries.cases.case import case_view
from store.queries.cases.school_digest import school_digest
from store.rules.calendar import Calendar
from store.rules.model import FlagState, MarkerFamily, Outcome
from store.tables import cases, flags
from tests.people import finding, policy_document
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


def test_a_student_who_stays_silent_is_on_a_card_again(world: World) -> None:
    close(world, world.open_case())

    silent_until(world, DUE - dt.timedelta(days=1))
    assert open_references(world) == []
    assert explained(world) == [
        "in the time of grace after a closed case until Wednesday 5 November"
    ]

    silent_until(world, DUE)
    assert open_references(world) == ["LANG-2"]
    assert explained(world) == []
    second = world.rows(cases)[1]
    assert second["owner_id"] == world.rows(cases)[0]["owner_id"], "who knows the student goes on"
    said = shown(world, second["id"])
    assert "closed on Wednesday 22 October. The same flags are still active." in said
    assert "No activity since" in said
    assert "LANG-2" in shown(world, 1), "the closed card says where it goes on"
    with world.store.database.read() as connection:
        morning = school_digest(connection, world.school(), world.today)
    assert [line.reference for line in morning.new] == ["LANG-2"]


def test_the_closed_case_keeps_what_it_was_opened_for(world: World) -> None:
    world.begins_with(came_back_on_the_day)

    first, second = world.rows(flags)
    assert (first["case_id"], first["state"]) == (1, FlagState.CARRIED)
    assert (second["case_id"], second["state"]) == (2, FlagState.ACTIVE)
    assert "now LANG-2" in shown(world, 1)
    with world.store.database.read() as connection:
        told = timeline(case_view(connection, 1, world.today), None, (), Calendar())
    (last,) = (each.text for each in told if "No activity since" in each.text)
    assert "Still active in a later case: No activity since" in last
    assert "No longer" not in repr(told), "it has not ended"


def test_until_february_it_comes_back_after_each_closing(world: World) -> None:
    world.begins_with(came_back_on_the_day)
    close(world, 2, Outcome.CIRCUMSTANCES_KNOWN)
    silent_until(world, dt.date(2025, 11, 18))
    assert open_references(world) == []
    silent_until(world, dt.date(2025, 11, 19))
    assert open_references(world) == ["LANG-3"]


@pytest.mark.parametrize("outcome", Outcome)
def test_however_it_was_closed(world: World, outcome: Outcome) -> None:
    case = world.open_case()
    resting.pause_case(
        world.store, world.by("alice"), case, CLOSED + dt.timedelta(days=60), "Away with the choir"
    )
    close(world, case, outcome)
    silent_until(world, DUE)
    assert open_references(world) == ["LANG-2"]
    assert ("as a data error" in shown(world, 2)) is (outcome is Outcome.DATA_ERROR)


def test_a_school_chooses_its_own_number_of_school_days(world: World) -> None:
    world.publish("grace_after_closing = 3\n" + policy_document())
    close(world, world.open_case())
    silent_until(world, dt.date(2025, 10, 26))
    assert open_references(world) == []
    silent_until(world, dt.date(2025, 10, 27))
    assert open_references(world) == ["LANG-2"]


def test_fitness_to_study_goes_on_by_itself(world: World) -> None:
    case = world.open_case()
    world.hand_over_to_fitness(case)
    close(world, case, Outcome.REFERRAL_AGREED)
    silent_until(world, DUE + dt.timedelta(days=14))
    assert open_references(world) == []
    assert explained(world) == ["in Fitness to Study"]
    world.clock.forward(days=1)
    dana = world.student("dana")
    essay = finding(dana, "Essay", rule="missed-submission", family=MarkerFamily.SUBMISSIONS)
    world.screen(finding(dana), essay)
    assert open_references(world) == [], "work that a silent student misses is no news to them"
    assert explained(world) == ["in Fitness to Study"]


def test_something_new_opens_a_case_at_once_and_the_old_goes_along(world: World) -> None:
    close(world, world.open_case())
    world.clock.forward(days=1)
    dana = world.student("dana")
    essay = finding(dana, "Essay", rule="missed-submission", family=MarkerFamily.SUBMISSIONS)
    world.screen(finding(dana), essay)
    assert open_references(world) == ["LANG-2"]
    active = [row for row in world.rows(flags) if row["state"] == FlagState.ACTIVE]
    assert [row["case_id"] for row in active] == [2, 2]


@pytest.mark.parametrize(
    ("rule", "family"),
    [
        ("absences", MarkerFamily.ATTENDANCE),
        ("missed-meetings", MarkerFamily.MEETINGS),
        ("quiet-weeks", MarkerFamily.VLE),
    ],
)
def test_what_only_follows_from_the_same_silence_waits_with_it(
    world: World, rule: str, family: MarkerFamily
) -> None:
    close(world, world.open_case())
    dana = world.student("dana")
    while world.today < DUE - dt.timedelta(days=1):
        world.clock.forward(days=1)
        world.screen(finding(dana), finding(dana, "again", rule=rule, family=family))
        assert open_references(world) == []
    world.clock.forward(days=1)
    world.screen(finding(dana), finding(dana, "again", rule=rule, family=family))
    assert open_references(world) == ["LANG-2"]
    active = [row for row in world.rows(flags) if row["state"] == FlagState.ACTIVE]
    assert [(row["rule"], row["case_id"]) for row in active] == [("inactivity", 2), (rule, 2)]


def test_sessions_missed_by_who_was_otherwise_seen_are_something_new(world: World) -> None:
    dana = world.student("dana")
    world.screen(finding(dana, rule="missed-submission", family=MarkerFamily.SUBMISSIONS))
    close(world, 1)
    world.clock.forward(days=1)
    world.screen(finding(dana, rule="absences", family=MarkerFamily.ATTENDANCE))
    assert open_references(world) == ["LANG-2"]


def test_a_flag_that_clears_and_comes_back_is_new(world: World) -> None:
    close(world, world.open_case())
    for _ in range(8):
        world.clock.forward(days=1)
        world.screen()
    assert explained(world) == [], "nothing is active"
    world.clock.forward(days=1)
    world.screen(finding(world.student("dana")))
    assert open_references(world) == ["LANG-2"]
    assert "The same flags are still active" in shown(world, 2)
