"""A closed case is not the end of it: what still holds after the time of grace opens a case again.

Closed on Wednesday 22 October, ten school days end on Wednesday 5 November.
"""

import datetime as dt

import pytest
import sqlalchemy as sa

from bot.cards.cases.card import case_card
from bot.cards.cases.timeline import timeline
from store.actions.cases import close as closing
from store.actions.cases import pause as resting
from store.actions.cases import reopen as reopening
from store.actions.complaints import handle as complaints
from store.actions.complaints.handle import Complaint
from store.actions.schools.load_roster import load_roster
from store.actions.students import exempt as exempting
from store.actions.students.exempt import Exemption
from store.queries.cases.case import case_view
from store.queries.cases.school_digest import school_digest
from store.queries.notices.week import week
from store.queries.schools.no_case import students_without_case
from store.rules.calendar import Calendar
from store.rules.flags.no_case import NoCase
from store.rules.model import CaseStatus, ExemptionKind, FlagState, MarkerFamily, Outcome
from store.tables import cases, flags, waiting
from tests.people import LANGUAGES, MATHEMATICS, ROSTER, finding, policy_document
from tests.world import World

CLOSED = dt.date(2025, 10, 22)
DUE = dt.date(2025, 11, 5)


def close(world: World, case: int, outcome: Outcome = Outcome.MEETING_HELD) -> None:
    closing.close_case(world.store, world.by("lena"), case, outcome)


def silent_until(world: World, last: dt.date, who: str = "dana") -> None:
    """The student is not seen on any day up to this one, and each is screened."""
    student = world.student(who)
    while world.today < last:
        world.clock.forward(days=1)
        world.screen(finding(student))


def came_back_on_the_day(world: World) -> None:
    """Dana's case was closed, and the second was opened as soon as could be."""
    close(world, world.open_case())
    silent_until(world, DUE)


def open_references(world: World) -> list[str]:
    return [
        row["reference"]
        for row in world.rows(cases)
        if row["status"] not in (CaseStatus.CLOSED, CaseStatus.MERGED)
    ]


def explained(world: World, school: str | None = None) -> list[str]:
    with world.store.database.read() as connection:
        found = students_without_case(
            connection, world.today, world.school(school) if school else None
        )
    return [str(each.explained) for each in found]


def shown(world: World, case: int) -> str:
    with world.store.database.read() as connection:
        return repr(case_card(case_view(connection, case, world.today), Calendar()))


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


def test_without_room_it_waits_in_the_queue(world: World) -> None:
    world.publish(policy_document(capacity=1))
    close(world, world.open_case())
    silent_until(world, DUE - dt.timedelta(days=1))
    world.clock.forward(days=1)
    dana, eli = world.student("dana"), world.student("eli")
    world.screen(finding(dana), finding(eli), order=[eli, dana])
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
    world.publish(policy_document(capacity=1))
    close(world, world.open_case())
    silent_until(world, DUE - dt.timedelta(days=1))
    world.clock.forward(days=1)
    dana, eli = world.student("dana"), world.student("eli")
    world.screen(finding(dana), finding(eli), order=[eli, dana])
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
