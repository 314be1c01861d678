"""Pausing, snoozing, closing and reopening cases."""

from __future__ import annotations

import datetime as dt

import pytest

from store.actions.cases import close as closing
from store.actions.cases import pause as resting
from store.actions.cases import reopen as reopening
from store.actions.outreach import record_sending
from store.actions.outreach import send as sending
from store.rules.errors import InvalidInput, NotAllowed, NotPossibleNow
from store.rules.model import (
    CaseStatus,
    Help,
    MarkerFamily,
    NoticeKind,
    Outcome,
    OutreachStatus,
    Usefulness,
)
from store.tables import audit, cases, complaints, notices, outreach
from tests.people import finding
from tests.world import World

WHY = "Waiting for a doctor's note"


@pytest.fixture
def case(world: World) -> int:
    return world.begins_with(World.open_case)


def in_days(world: World, days: int) -> dt.date:
    return world.today + dt.timedelta(days=days)


def pause(world: World, case: int, days: int = 7, by: str = "alice") -> None:
    resting.pause_case(world.store, world.by(by), case, in_days(world, days), WHY)


def row_of(world: World, case: int) -> dict[str, object]:
    return world.rows(cases, id=case)[0]


# -- Pausing -------------------------------------------------------------------------------------


def test_a_pause_has_its_day_and_its_reason_and_ends_where_it_began(
    world: World, case: int
) -> None:
    world.give_view(case)
    pause(world, case)
    paused = world.case(case)
    assert paused.status is CaseStatus.PAUSED
    assert (paused.paused_until, paused.pause_reason) == (in_days(world, 7), WHY)

    resting.resume_case(world.store, world.by("sana"), case)
    again = world.case(case)
    assert again.status is CaseStatus.DISCUSSING
    assert (again.paused_until, again.pause_reason, again.rested_from) == (None, "", None)


def test_a_pause_can_be_prolonged_and_still_ends_where_it_began(world: World, case: int) -> None:
    world.give_view(case)
    pause(world, case)
    pause(world, case, days=14)
    assert world.case(case).paused_until == in_days(world, 14)
    resting.resume_case(world.store, world.by("alice"), case)
    assert world.case(case).status is CaseStatus.DISCUSSING


def test_nothing_about_engagement_leaves_while_a_case_is_paused(world: World, case: int) -> None:
    world.approved_mail(case)
    row = world.claim_mail()
    pause(world, case)
    assert sending.check_before_sending(world.store, row) is None
    assert {each["status"] for each in world.rows(outreach)} == {OutreachStatus.CANCELLED}
    with pytest.raises(NotPossibleNow, match=r"is paused until .*\. Resume it first\."):
        world.write_draft(case)


def test_a_mail_that_had_left_already_is_recorded_and_the_pause_goes_on(
    world: World, case: int
) -> None:
    world.approved_mail(case)
    row = world.claim_mail()
    approved = sending.check_before_sending(world.store, row)
    assert approved
    pause(world, case)
    record_sending.record_sent(world.store, row, approved.outreach, "conversation-1")
    assert world.mail(approved.outreach.id).status is OutreachStatus.SENT
    assert world.case(case).status is CaseStatus.PAUSED
    resting.resume_case(world.store, world.by("alice"), case)
    assert world.case(case).status is CaseStatus.IN_CONTACT


@pytest.mark.parametrize("days", [-1, 0, 400])
def test_a_day_that_makes_no_sense_is_refused(world: World, case: int, days: int) -> None:
    with pytest.raises(InvalidInput) as refused:
        pause(world, case, days)
    assert refused.value.field == "until"
    with pytest.raises(InvalidInput) as refused:
        resting.snooze_case(world.store, world.by("alice"), case, in_days(world, days))
    assert refused.value.field == "until"
    assert world.case(case).status is CaseStatus.OPEN


def test_a_pause_needs_a_reason_and_somebody_who_may(world: World, case: int) -> None:
    with pytest.raises(InvalidInput, match="reason"):
        resting.pause_case(world.store, world.by("alice"), case, in_days(world, 7), "ill")
    for name in ("bob", "charlie", "max"):
        with pytest.raises(NotAllowed):
            pause(world, case, by=name)
    with pytest.raises(NotPossibleNow, match="is not paused or referred, so there is nothing"):
        resting.resume_case(world.store, world.by("alice"), case)
    assert world.case(case).status is CaseStatus.OPEN


def test_a_pause_ends_by_itself_on_its_day_and_the_owner_is_told_once(
    world: World, case: int
) -> None:
    pause(world, case)
    assert world.resume_due(in_days(world, 6)) == []
    assert world.resume_due(in_days(world, 7)) == [case]
    assert world.resume_due(in_days(world, 7)) == []
    assert world.case(case).status is CaseStatus.OPEN
    told = world.rows(notices, kind=NoticeKind.RESUMED)
    assert [each["staff_id"] for each in told] == [world.case(case).owner]


def test_a_pause_for_a_complaint_ends_with_the_complaint_only(world: World, case: int) -> None:
    pause(world, case)
    with world.store.unit_of_work() as work:
        work.connection.execute(
            complaints.insert().values(
                case_id=case,
                recorded_by=world.staff("bob"),
                summary="The mail came twice",
                informal_by=in_days(world, 14),
                evidence="{}",
                evidence_hash="0",
                at=work.now,
            )
        )
    assert world.resume_due(in_days(world, 30)) == []
    with pytest.raises(NotPossibleNow, match="because of a complaint"):
        resting.resume_case(world.store, world.by("lena"), case)


# -- Snoozing ------------------------------------------------------------------------------------


def test_a_snooze_changes_nothing_but_the_reminders_and_can_be_ended(
    world: World, case: int
) -> None:
    resting.snooze_case(world.store, world.by("alice"), case, in_days(world, 3))
    assert world.case(case).snoozed_until == in_days(world, 3)
    assert world.case(case).status is CaseStatus.OPEN
    world.approved_mail(case)
    resting.snooze_case(world.store, world.by("alice"), case, None)
    assert world.case(case).snoozed_until is None


def test_only_a_further_family_ends_a_snooze(world: World, case: int) -> None:
    dana = world.student("dana")
    resting.snooze_case(world.store, world.by("alice"), case, in_days(world, 9))
    world.clock.forward(days=1)
    world.screen(finding(dana), finding(dana, "again"))
    assert world.case(case).snoozed_until is not None
    world.clock.forward(days=1)
    world.screen(finding(dana), finding(dana, "Essay", family=MarkerFamily.SUBMISSIONS))
    assert world.case(case).snoozed_until is None


# -- Back on course ------------------------------------------------------------------------------


def contacted(world: World, case: int) -> None:
    world.approved_mail(case)
    world.send()


def test_once_nothing_speaks_any_more_a_contacted_student_is_re_engaging(
    world: World, case: int
) -> None:
    contacted(world, case)
    world.clock.forward(days=9)
    world.screen()
    assert world.case(case).status is CaseStatus.RE_ENGAGING
    assert world.rows(audit, action="re-engaging")

    world.clock.forward(days=1)
    world.screen(finding(world.student("dana"), "again"))
    assert world.case(case).status is CaseStatus.DISCUSSING


def test_without_contact_a_case_whose_flags_are_over_stays_where_it_is(
    world: World, case: int
) -> None:
    world.give_view(case)
    world.clock.forward(days=9)
    world.screen()
    assert world.case(case).status is CaseStatus.DISCUSSING


# -- Closing and opening again -------------------------------------------------------------------


def test_how_it_ended_what_helped_and_whether_the_flag_was_of_use_are_kept(
    world: World, case: int
) -> None:
    closing.close_case(
        world.store,
        world.by("alice"),
        case,
        Outcome.MEETING_HELD,
        "A talk.",
        helped=Help.CONVERSATION,
        usefulness=Usefulness.TRUE_CONCERN,
    )
    kept = row_of(world, case)
    assert (kept["outcome"], kept["helped"]) == ("meeting-held", ["conversation"])
    assert (kept["usefulness"], kept["outcome_note"]) == ("true-concern", "A talk.")


def test_a_closed_case_is_opened_again_with_its_history(world: World, case: int) -> None:
    world.give_view(case)
    closing.close_case(world.store, world.by("alice"), case, Outcome.RE_ENGAGED, "All is well.")
    assert reopening.reopen_case(world.store, world.by("sana"), case) is None
    again = world.case(case)
    assert (again.status, again.outcome) == (CaseStatus.DISCUSSING, None)
    assert row_of(world, case)["closed_at"] is None
    world.write_draft(case)
    world.approve(case)


def test_an_older_case_is_merged_into_the_one_that_is_open(world: World, case: int) -> None:
    closing.close_case(world.store, world.by("alice"), case, Outcome.RE_ENGAGED)
    world.clock.forward(days=1)
    world.screen(finding(world.student("dana"), "Essay"))
    newer = max(row["id"] for row in world.rows(cases))
    assert newer != case

    assert (
        reopening.reopen_case(world.store, world.by("alice"), case) == world.case(newer).reference
    )
    assert world.case(case).status is CaseStatus.MERGED
    assert world.case(case).merged_into == newer
    with pytest.raises(NotPossibleNow, match="merged"):
        reopening.reopen_case(world.store, world.by("alice"), case)


def test_an_open_case_is_not_reopened(world: World, case: int) -> None:
    with pytest.raises(NotPossibleNow, match="is open already, so there is nothing to reopen"):
        reopening.reopen_case(world.store, world.by("alice"), case)
    with pytest.raises(NotAllowed):
        reopening.reopen_case(world.store, world.by("bob"), case)
