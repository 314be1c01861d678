"""A contributing school can alert the home school and can do nothing else (paragraph 24)."""

from dataclasses import replace

import pytest
import sqlalchemy as sa

from store.actions.cases import alert_home_school as alerting
from store.actions.cases import assign as ownership
from store.actions.cases import close as closing
from store.actions.cases import log_access as reading
from store.actions.request import AlreadyDone
from store.actions.schools.load_roster import load_roster
from store.rules.access.permissions import Action
from store.rules.errors import InvalidInput, NotAllowed, NotPossibleNow
from store.rules.model import ExemptionKind, NoticeKind, Outcome
from store.rules.schools import EnrolmentEntry, Roster
from store.tables import alerts, audit, cases, exemptions, notices
from tests.people import LANGUAGES, MATHEMATICS, MORNING, ROSTER, finding
from tests.store.acts import EACH, Act
from tests.world import World

WHY = "Has not come to labs since Monday"
MIRA = ROSTER.students[2]


@pytest.fixture
def flagged(world: World) -> int:
    """Create a flag for Mira, who studies Mathematics, in a module that Languages teaches."""
    return world.begins_with(flag_for_mira)


def flag_for_mira(world: World) -> int:
    return world.open_case("mira")


def test_a_flag_of_a_contributing_school_opens_the_case_at_home(world: World, flagged: int) -> None:
    assert world.case(flagged).school == world.school(MATHEMATICS)
    assert world.case(flagged).reference == "MATH-1"


def test_an_alert_is_on_the_case_and_the_home_schools_lead_is_told(
    world: World, flagged: int
) -> None:
    done = alerting.alert_home_school(world.store, world.by("bob"), flagged, f"  {WHY} ")

    assert (done.reference, done.home_name) == ("MATH-1", "School of Mathematics")
    (alert,) = world.rows(alerts)
    assert (alert["case_id"], alert["why"]) == (flagged, WHY)
    assert alert["from_school_id"] == world.school(LANGUAGES)
    assert alert["to_school_id"] == world.school(MATHEMATICS)
    assert alert["acknowledged_at"] is None
    (told,) = world.rows(notices, kind=NoticeKind.ALERT)
    assert told["staff_id"] == world.staff("max")
    assert (told["case_id"], told["about"]) == (flagged, alert["id"])
    assert world.case(flagged).version == 2, "its cards are shown afresh"
    entry = world.rows(audit)[-1]
    assert entry["action"] == "alert-home"
    assert WHY not in str(world.rows(audit))


def test_the_owner_is_told_as_well_and_nobody_twice(world: World, flagged: int) -> None:
    ownership.take_case(world.store, world.by("charlie"), flagged)

    alerting.alert_home_school(world.store, world.by("sana"), flagged, WHY)

    told = {row["staff_id"] for row in world.rows(notices, kind=NoticeKind.ALERT)}
    assert told == {world.staff("max"), world.staff("charlie")}


def test_a_second_alert_waits_for_the_acknowledgement_of_the_first(
    world: World, flagged: int
) -> None:
    alerting.alert_home_school(world.store, world.by("bob"), flagged, WHY)

    with pytest.raises(NotPossibleNow, match="has alerted the home school about MATH-1 already"):
        alerting.alert_home_school(world.store, world.by("alice"), flagged, WHY)

    alerting.acknowledge_alert(world.store, world.by("max"), flagged)
    alerting.alert_home_school(world.store, world.by("alice"), flagged, WHY)
    assert len(world.rows(alerts)) == 2


def test_the_home_school_acknowledges_and_who_alerted_is_told(world: World, flagged: int) -> None:
    alerting.alert_home_school(world.store, world.by("bob"), flagged, WHY)

    alerting.acknowledge_alert(world.store, world.by("charlie"), flagged)

    (alert,) = world.rows(alerts)
    assert alert["acknowledged_by"] == world.staff("charlie")
    assert alert["acknowledged_at"] == world.clock.now
    (told,) = world.rows(notices, kind=NoticeKind.ACKNOWLEDGED)
    assert (told["staff_id"], told["about"]) == (world.staff("bob"), alert["id"])
    assert told["school_id"] == world.school(LANGUAGES), "the school that Bob acts in"
    with pytest.raises(NotPossibleNow, match="There is nothing to acknowledge on MATH-1"):
        alerting.acknowledge_alert(world.store, world.by("max"), flagged)


def test_the_alerting_school_cannot_acknowledge_for_the_home_school(
    world: World, flagged: int
) -> None:
    alerting.alert_home_school(world.store, world.by("bob"), flagged, WHY)

    with pytest.raises(NotAllowed, match="belongs to another school"):
        alerting.acknowledge_alert(world.store, world.by("lena"), flagged)


def test_the_same_click_alerts_once(world: World, flagged: int) -> None:
    click = world.by("bob", key="one click")
    alerting.alert_home_school(world.store, click, flagged, WHY)

    with pytest.raises(AlreadyDone):
        alerting.alert_home_school(world.store, click, flagged, WHY)
    assert len(world.rows(alerts)) == 1


@pytest.mark.parametrize("why", ["", "ill", " \n ", "x " * 600])
def test_an_alert_says_in_a_few_words_what_was_noticed(
    world: World, flagged: int, why: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        alerting.alert_home_school(world.store, world.by("bob"), flagged, why)

    assert refused.value.field == "why"
    assert world.rows(alerts) == []


# -- By student number -------------------------------------------------------------------------


def test_without_a_case_the_home_school_gets_one(world: World) -> None:
    mira = alerting.student_to_alert_about(world.store, world.staff("sana"), " 2001 ")

    done = alerting.alert_home_school_about(world.store, world.by("sana"), mira, WHY)

    (case,) = world.rows(cases)
    assert (case["reference"], case["student_id"]) == (done.reference, world.student("mira"))
    assert case["school_id"] == world.school(MATHEMATICS)
    opened = [row for row in world.rows(audit) if row["action"] == "open"]
    assert [row["actor"] for row in opened] == [f"staff:{world.staff('sana')}"]
    (alert,) = world.rows(alerts)
    assert alert["case_id"] == case["id"]


def test_with_a_case_the_alert_goes_there(world: World, flagged: int) -> None:
    alerting.alert_home_school_about(world.store, world.by("sana"), world.student("mira"), WHY)

    assert [row["case_id"] for row in world.rows(alerts)] == [flagged]
    assert len(world.rows(cases)) == 1


@pytest.mark.parametrize("number", ["4711", "1001", ""])
def test_a_number_that_is_nobodys_answers_like_one_that_is_none_of_ones_business(
    world: World, number: str
) -> None:
    with pytest.raises(NotAllowed, match="No student with that number is from another school"):
        alerting.student_to_alert_about(world.store, world.staff("alice"), number)
    with pytest.raises(NotAllowed, match="No student with that number is from another school"):
        alerting.student_to_alert_about(world.store, world.staff("charlie"), "2001")


@pytest.mark.parametrize("student", [4711, 0])
def test_an_invented_student_is_refused_like_any_other(world: World, student: int) -> None:
    with pytest.raises(NotAllowed, match="No student with that number is from another school"):
        alerting.alert_home_school_about(world.store, world.by("alice"), student, WHY)
    with pytest.raises(NotAllowed, match="No student with that number is from another school"):
        alerting.alert_home_school_about(world.store, world.by("alice"), world.student("dana"), WHY)


def test_a_module_organiser_does_not_look_students_up(world: World) -> None:
    with pytest.raises(NotAllowed, match="by student number, you need to be"):
        alerting.student_to_alert_about(world.store, world.staff("bob"), "2001")

    entry = world.rows(audit)[-1]
    assert (entry["action"], entry["details"]) == ("refused", {"wanted": "alert-home"})
    assert "2001" not in str(entry)


def test_of_a_student_who_died_no_case_is_opened(world: World) -> None:
    with world.store.unit_of_work() as work:
        work.connection.execute(
            sa.insert(exemptions).values(
                student_id=world.student("mira"),
                school_id=world.school(MATHEMATICS),
                kind=ExemptionKind.DECEASED,
                first=world.today,
                reason="",
                by_staff_id=world.staff("max"),
                at=work.now,
            )
        )

    with pytest.raises(NotPossibleNow, match="You do not need to do anything"):
        alerting.alert_home_school_about(world.store, world.by("alice"), world.student("mira"), WHY)
    assert world.rows(cases) == []


# -- Restricted to the home school -------------------------------------------------------------


@EACH
def test_a_contributing_school_does_nothing_else_with_the_case(
    world: World, flagged: int, act: Act
) -> None:
    before = world.dump()

    with pytest.raises(NotAllowed, match="belongs to another school"):
        act(world, world.by("alice"), flagged)

    after = world.dump()
    assert {name for name in after if after[name] != before[name]} == {"audit", "audit_head"}


@pytest.mark.parametrize("action", list(Action))
def test_no_action_at_all_is_open_to_it(world: World, flagged: int, action: Action) -> None:
    for name in ("alice", "sana", "lena", "bob"):
        with pytest.raises(NotAllowed, match="belongs to another school"):
            reading.preview_case(world.store, world.staff(name), flagged, action)


def test_the_home_school_has_nobody_to_alert(world: World, flagged: int) -> None:
    with pytest.raises(NotAllowed, match="You work in the home school of MATH-1"):
        alerting.alert_home_school(world.store, world.by("charlie"), flagged, WHY)


def test_a_school_that_has_nothing_to_do_with_the_student_is_refused(world: World) -> None:
    danas = world.open_case("dana")

    with pytest.raises(NotAllowed, match="LANG-1 belongs to another school"):
        alerting.alert_home_school(world.store, world.by("charlie"), danas, WHY)
    assert world.rows(audit)[-1]["subject"] == f"case:{danas}"


def test_once_the_module_is_over_the_school_has_no_say(world: World) -> None:
    ended = EnrolmentEntry("2001", "FR101", MORNING.date(), world.today.replace(day=1))
    load_roster(
        world.store,
        Roster(students=(replace(MIRA, contributing_schools=()),), enrolments=(ended,)),
    )
    world.screen(finding(world.student("mira")), school=MATHEMATICS)
    (case,) = world.rows(cases)

    with pytest.raises(NotAllowed, match="belongs to another school"):
        alerting.alert_home_school(world.store, world.by("alice"), case["id"], WHY)


def test_after_a_closed_case_an_alert_opens_a_new_one(world: World, flagged: int) -> None:
    closing.close_case(world.store, world.by("max"), flagged, Outcome.MEETING_HELD)

    done = alerting.alert_home_school(world.store, world.by("bob"), flagged, WHY)

    assert done.reference == "MATH-2"
    assert world.case(flagged).is_closed
