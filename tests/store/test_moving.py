"""Students who move to another school or leave, and the effect on their open cases."""

import datetime as dt
from dataclasses import replace

import pytest

from store.actions.cases import alert_home_school as alerting
from store.actions.cases import assign as ownership
from store.actions.cases import close as closing
from store.actions.cases import transfer as moving
from store.actions.schools.load_roster import load_roster
from store.db import repository
from store.delivery.claims import claim
from store.queries.cases.case import case_view
from store.rules.errors import NotAllowed, NotPossibleNow
from store.rules.model import (
    CaseStatus,
    FlagState,
    NoticeKind,
    OutboxKind,
    Outcome,
    OutreachStatus,
)
from store.rules.schools import EnrolmentEntry, Roster, StudentEntry
from store.tables import audit, cases, flags, notices, outbox, staff, views
from store.tables import outreach as outreach_table
from tests.people import LANGUAGES, MATHEMATICS, ROSTER, finding
from tests.world import World

DANA, ELI, MIRA = ROSTER.students


def moves(world: World, *who: StudentEntry, school: str = MATHEMATICS) -> None:
    """Load a roster in which these students belong to another school from now on."""
    load_roster(
        world.store, Roster(students=tuple(replace(each, home_school=school) for each in who))
    )


def ends(world: World, number: str, *modules: str, on: dt.date | None = None) -> None:
    """Load a roster in which these enrolments have ended."""
    last = on or world.today - dt.timedelta(days=1)
    load_roster(
        world.store,
        Roster(
            enrolments=tuple(
                EnrolmentEntry(number, module, dt.date(2025, 9, 22), last) for module in modules
            )
        ),
    )


# -- Another home school -----------------------------------------------------------------------


def test_an_open_case_goes_to_the_new_home_school_with_its_history(world: World) -> None:
    case = world.open_case()
    world.give_view(case)

    moves(world, DANA)

    moved = world.case(case)
    assert moved.school == world.school(MATHEMATICS)
    assert moved.status is CaseStatus.HANDED_OVER
    assert moved.reference == "LANG-1", "the name that colleagues know it by"
    assert moved.owner is None, "Mathematics has no officer"
    assert len(world.rows(views, case_id=case)) == 1
    entry = next(row for row in world.rows(audit) if row["action"] == "hand-over")
    assert entry["details"]["from_school"] == world.school(LANGUAGES)
    assert entry["details"]["to_school"] == world.school(MATHEMATICS)
    told = world.rows(notices)
    assert [(row["staff_id"], row["kind"], row["case_id"]) for row in told] == [
        (world.staff("max"), NoticeKind.ALERT, case)
    ]


def test_the_new_school_gets_its_default_owner(world: World) -> None:
    world.screen(finding(world.student("mira")))
    (case,) = world.rows(cases)

    moves(world, MIRA, school=LANGUAGES)

    assert world.case(case["id"]).owner == world.staff("sana")
    told = {row["staff_id"] for row in world.rows(notices)}
    assert told == {world.staff("sana"), world.staff("lena")}


def test_only_the_new_school_acts_from_then_on(world: World) -> None:
    case = world.open_case()
    moves(world, DANA)

    with pytest.raises(NotAllowed, match="LANG-1 belongs to another school"):
        ownership.take_case(world.store, world.by("alice"), case)
    with pytest.raises(NotPossibleNow, match=r"was handed over to this .*\. Acknowledge it first"):
        world.write_draft(case, "charlie")

    alerting.acknowledge_alert(world.store, world.by("max"), case)

    assert world.case(case).status is CaseStatus.OPEN
    world.give_view(case, "charlie")
    assert world.case(case).status is CaseStatus.DISCUSSING


def test_mails_of_the_old_school_do_not_leave(world: World) -> None:
    case = world.open_case()
    mail = world.approved_mail(case)

    moves(world, DANA)

    assert world.mail(mail.id).status is OutreachStatus.CANCELLED
    assert [row["state"] for row in world.rows(outbox, kind=OutboxKind.MAIL)] == ["cancelled"]
    assert claim(world.store, OutboxKind.MAIL, "worker") is None


def test_a_rest_ends_with_the_school_that_decided_it(world: World) -> None:
    case = world.open_case()
    before = world.case(case)
    with world.store.unit_of_work() as work:
        repository.save_case(
            work,
            before,
            status=CaseStatus.PAUSED,
            rested_from=CaseStatus.OPEN,
            paused_until=world.today,
            snoozed_until=world.today,
        )

    moves(world, DANA)

    moved = world.case(case)
    assert moved.status is CaseStatus.HANDED_OVER
    assert (moved.rested_from, moved.paused_until, moved.snoozed_until) == (None, None, None)


def test_the_same_delivery_again_hands_nothing_over_twice(world: World) -> None:
    case = world.open_case()
    moves(world, DANA)
    alerting.acknowledge_alert(world.store, world.by("max"), case)
    version = world.case(case).version

    moves(world, DANA)

    assert world.case(case).version == version
    assert world.case(case).status is CaseStatus.OPEN


def test_a_case_can_come_back(world: World) -> None:
    case = world.open_case()
    moves(world, DANA)
    moves(world, DANA, school=LANGUAGES)

    back = world.case(case)
    assert (back.school, back.status) == (world.school(LANGUAGES), CaseStatus.HANDED_OVER)
    alerting.acknowledge_alert(world.store, world.by("alice"), case)


def test_a_closed_case_stays_where_it_was(world: World) -> None:
    case = world.open_case()
    closing.close_case(world.store, world.by("lena"), case, Outcome.MEETING_HELD)

    moves(world, DANA)

    assert world.case(case).school == world.school(LANGUAGES)


def test_other_students_cases_are_not_touched(world: World) -> None:
    world.open_case()
    elis = world.open_case("eli")
    before = world.case(elis)

    moves(world, DANA)

    assert world.case(elis) == before


# -- Enrolments that end -----------------------------------------------------------------------


def left(world: World, case: int) -> dt.date | None:
    with world.store.database.read() as connection:
        return case_view(connection, case, world.today).left_on


def test_who_left_has_no_flags_any_more_and_the_case_says_so_and_stays_open(world: World) -> None:
    case = world.open_case()
    assert left(world, case) is None

    ends(world, "1001", "FR101")

    assert [row["state"] for row in world.rows(flags)] == [FlagState.CLEARED]
    assert left(world, case) == world.today - dt.timedelta(days=1)
    assert world.case(case).status is CaseStatus.OPEN, "a named colleague closes it"
    shown = [row["idem_key"] for row in world.rows(outbox, case_id=case)]
    assert f"card:{case}:left:{left(world, case)}" in shown
    closing.close_case(world.store, world.by("lena"), case, Outcome.NO_LONGER_ENROLLED)


def test_the_last_day_is_still_a_day_of_study(world: World) -> None:
    case = world.open_case()

    ends(world, "1001", "FR101", on=world.today)
    assert left(world, case) is None
    assert [row["state"] for row in world.rows(flags)] == [FlagState.ACTIVE]

    world.clock.forward(days=1)
    moving.transfer_cases(world.store)
    assert left(world, case) == world.today - dt.timedelta(days=1)
    assert [row["state"] for row in world.rows(flags)] == [FlagState.CLEARED]


def test_following_again_changes_nothing(world: World) -> None:
    world.open_case()
    ends(world, "1001", "FR101")
    before = world.dump()

    moving.transfer_cases(world.store)

    assert world.dump() == before


def test_a_flag_about_a_module_goes_with_that_module_alone(world: World) -> None:
    mira = world.student("mira")
    world.screen(finding(mira, "a", module="FR101"), finding(mira, "b", module="MA101"))

    ends(world, "2001", "FR101")

    states = {row["module"]: row["state"] for row in world.rows(flags)}
    assert states == {"FR101": FlagState.CLEARED, "MA101": FlagState.ACTIVE}


def test_of_somebody_without_any_enrolment_the_roster_says_nothing(world: World) -> None:
    nobody = StudentEntry("3001", "Nora", "New", DANA.level, "R100", LANGUAGES)
    load_roster(world.store, Roster(students=(nobody,)))
    case = world.open_case("nora")

    moving.transfer_cases(world.store)

    assert left(world, case) is None
    assert [row["state"] for row in world.rows(flags)] == [FlagState.ACTIVE]


# -- The roster and training -------------------------------------------------------------------


def test_a_delivery_without_training_does_not_undo_what_was_recorded(world: World) -> None:
    lena = ROSTER.staff[2]

    load_roster(world.store, Roster(staff=(replace(lena, trained_on=None),)))
    assert world.rows(staff, id=world.staff("lena"))[0]["trained_on"] == lena.trained_on

    newer = dt.date(2025, 10, 1)
    load_roster(world.store, Roster(staff=(replace(lena, trained_on=newer),)))
    assert world.rows(staff, id=world.staff("lena"))[0]["trained_on"] == newer


def test_a_draft_is_cancelled_too(world: World) -> None:
    case = world.open_case()
    world.write_draft(case)

    moves(world, DANA)

    assert [row["status"] for row in world.rows(outreach_table)] == [OutreachStatus.CANCELLED]
