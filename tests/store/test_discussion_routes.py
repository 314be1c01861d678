"""Permissions for asking colleagues, remarks, welfare, returned drafts and attempts."""

import pytest

from store.actions.cases import ask_for_views as asking
from store.actions.cases import discuss as discussion
from store.actions.cases import log_access as reading
from store.actions.cases import log_attempt as attempts
from store.actions.cases import thread_context as context
from store.actions.cases import use_welfare_route as emergency
from store.actions.outreach import approve as outreach
from store.actions.outreach import return_draft as returning
from store.actions.outreach import write_draft
from store.rules.errors import CaseworkError, NotAllowed, NotPossibleNow
from store.rules.model import (
    AttemptResult,
    CaseStatus,
    NoticeKind,
    Opinion,
    Platform,
    Purpose,
    Rung,
)
from store.tables import asks, audit, notices, remarks
from store.tables import emergencies as emergencies_table
from tests.people import BODY, SUBJECT, policy_document
from tests.world import World

WHY = "She sounded unsafe today"


def told(world: World, kind: NoticeKind) -> list[int]:
    return [row["staff_id"] for row in world.rows(notices, kind=kind)]


def test_whoever_is_asked_is_told_and_answers_by_giving_a_view(world: World) -> None:
    case, bob = world.open_case(), world.staff("bob")
    asking.ask_colleagues(world.store, world.by("alice"), case, [bob], "Is she on placement?")
    assert told(world, NoticeKind.ASKED) == [bob]
    with pytest.raises(CaseworkError, match="asked already"):
        asking.ask_colleagues(world.store, world.by("sana"), case, [bob])

    world.give_view(case, "lena")
    assert world.rows(asks)[0]["answered_at"] is None
    reading.show_case(world.store, world.by("bob"), case)
    own = "I saw her at the open day on Monday"
    discussion.add_view(world.store, world.by("bob"), case, Opinion.WAIT, own)

    assert world.rows(asks)[0]["answered_at"] is not None
    assert "placement" not in repr([row["details"] for row in world.rows(audit)])


@pytest.mark.parametrize("name", ["charlie", "alice"])
def test_only_other_colleagues_of_the_school_are_asked(world: World, name: str) -> None:
    case = world.open_case()
    with pytest.raises(CaseworkError, match="other colleagues"):
        asking.ask_colleagues(world.store, world.by("alice"), case, [world.staff(name)])
    assert world.rows(asks) == []


def say(world: World, case: int, name: str = "bob", message: str = "m1") -> bool:
    at = world.clock.now
    return context.remark(
        world.store, Platform.SLACK, message, world.staff(name), case, "I saw her on Monday", at
    )


def test_a_remark_is_kept_once_and_is_no_view(world: World) -> None:
    case = world.open_case()
    assert [say(world, case), say(world, case)] == [True, False]
    assert not say(world, case, "charlie", "m2"), "of another school"
    assert len(world.rows(remarks)) == 1

    world.write_draft(case)
    opened = outreach.open_draft(world.store, world.by("alice"), case)
    with pytest.raises(CaseworkError):
        outreach.approve_email(world.store, world.by("alice"), case, opened.id)


def test_an_edit_and_a_deletion_follow(world: World) -> None:
    case = world.open_case()
    say(world, case)
    assert context.follow_edit(world.store, Platform.SLACK, "m1", "It was Tuesday")
    assert world.rows(remarks)[0]["body"] == "It was Tuesday"
    assert not context.follow_edit(world.store, Platform.TEAMS, "m1", "another platform's")
    assert context.follow_deletion(world.store, Platform.SLACK, "m1")
    assert world.rows(remarks) == []


def test_a_school_that_does_not_want_remarks_keeps_none(world: World) -> None:
    case = world.open_case()
    world.publish(policy_document() + "\n[discussion]\ncapture_threads = false\n")
    assert not say(world, case)


def test_the_welfare_route_skips_the_wait_and_is_reviewed_by_a_lead(world: World) -> None:
    case = world.open_case()
    with pytest.raises(NotPossibleNow, match="welfare route first"):
        write_draft.compose(world.store, world.by("alice"), case, Purpose.WELFARE)
    emergency.use_welfare_route(world.store, world.by("alice"), case, WHY)
    assert told(world, NoticeKind.EMERGENCY) == [world.staff("lena")]

    write_draft.save_draft(world.store, world.by("alice"), case, SUBJECT, BODY, Purpose.WELFARE)
    assert world.approve(case, "alice").purpose is Purpose.WELFARE, "no view was needed"

    with pytest.raises(NotAllowed):
        emergency.review_welfare_route(world.store, world.by("alice"), case, "I was right there")
    emergency.review_welfare_route(world.store, world.by("lena"), case, "It was right to act")
    (row,) = world.rows(emergencies_table)
    assert (row["used_by"], row["reviewed_by"]) == (world.staff("alice"), world.staff("lena"))
    with pytest.raises(NotPossibleNow):
        emergency.review_welfare_route(world.store, world.by("lena"), case, "Once more from me")


def test_nobody_reviews_their_own_use_and_a_reason_is_needed(world: World) -> None:
    case = world.open_case()
    with pytest.raises(CaseworkError, match="few words"):
        emergency.use_welfare_route(world.store, world.by("lena"), case, "now")
    emergency.use_welfare_route(world.store, world.by("lena"), case, WHY)
    with pytest.raises(NotAllowed, match="no one else can yet"):
        emergency.review_welfare_route(world.store, world.by("lena"), case, "It was right to act")


def test_a_draft_about_engagement_gives_way_to_one_about_welfare(world: World) -> None:
    case = world.open_case()
    first = world.write_draft(case)
    emergency.use_welfare_route(world.store, world.by("alice"), case, WHY)
    write_draft.save_draft(world.store, world.by("alice"), case, SUBJECT, BODY, Purpose.WELFARE)
    assert world.mail(first.id).status == "cancelled"
    assert world.draft(case).purpose is Purpose.WELFARE


def test_a_draft_sent_back_has_to_be_read_again_and_says_why(world: World) -> None:
    case = world.open_case()
    world.give_view(case)
    draft = world.write_draft(case, "sana")
    outreach.open_draft(world.store, world.by("alice"), case)
    with pytest.raises(NotAllowed, match="your own draft"):
        returning.return_draft(world.store, world.by("sana"), case, "I do not like it")
    returning.return_draft(world.store, world.by("alice"), case, "Please mention the extension")

    assert told(world, NoticeKind.RETURNED) == [world.staff("sana")]
    letter = write_draft.compose(world.store, world.by("sana"), case)
    assert letter.returned == "Please mention the extension"
    with pytest.raises(NotPossibleNow, match="Open and read"):
        outreach.approve_email(world.store, world.by("alice"), case, draft.id)
    world.write_draft(case, "sana")
    assert world.draft(case).returned == ""


def test_reaching_the_student_by_phone_is_an_answer(world: World) -> None:
    case = world.open_case()
    world.give_view(case)
    by, phone = world.by("alice"), Rung.PHONE
    attempts.log_attempt(world.store, by, case, phone, AttemptResult.NO_ANSWER)
    assert world.case(case).status is CaseStatus.DISCUSSING
    attempts.log_attempt(world.store, world.by("alice"), case, phone, AttemptResult.REACHED)
    assert world.case(case).status is CaseStatus.RESPONDED
    with pytest.raises(NotAllowed):
        attempts.log_attempt(world.store, world.by("bob"), case, phone, AttemptResult.REACHED)
