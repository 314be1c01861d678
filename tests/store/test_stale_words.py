"""Drafts written before a change, and a student's wish that came before any draft."""

from __future__ import annotations

import pytest

from store.actions.outreach import approve as outreach
from store.actions.outreach import send as sending
from store.actions.outreach import write_draft
from store.rules.errors import NotAllowed, NotPossibleNow
from store.rules.model import OutreachStatus, Rung
from store.tables import outreach as outreach_table
from tests.people import policy_document
from tests.store.test_guards_at_sending import CANCELS
from tests.world import World

# -- Wishes before the first draft ---------------------------------------------------------------


@pytest.mark.parametrize("guard", ["opt-out", "by phone"])
def test_no_mail_is_drafted_against_a_student_s_wish(world: World, guard: str) -> None:
    case = world.open_case()
    CANCELS[guard][0](world)
    with pytest.raises(NotPossibleNow, match=CANCELS[guard][1]):
        write_draft.compose(world.store, world.by("sana"), case)


def test_the_address_that_a_student_asked_for_comes_first(world: World) -> None:
    case = world.open_case()
    CANCELS["another address"][0](world)
    assert write_draft.compose(world.store, world.by("sana"), case).rung is Rung.PERSONAL_EMAIL


# -- Drafts that become out of date --------------------------------------------------------------


@pytest.mark.parametrize("guard", ["new flag", "policy", "recipient"])
def test_the_words_are_there_to_be_read_again_and_not_approved_by_themselves(
    world: World, guard: str
) -> None:
    case = world.open_case()
    mail = world.approved_mail(case)
    CANCELS[guard][0](world)
    assert sending.check_before_sending(world.store, world.claim_mail()) is None

    again = world.draft(case)
    assert (again.subject, again.body, again.writers) == (mail.subject, mail.body, mail.writers)
    assert (again.approver, again.opened_by, again.opened_on) == (None, None, None)
    world.approve(case)
    assert world.send().id == again.id


@pytest.mark.parametrize("guard", ["flag withdrawn", "answer", "no recipient", "opt-out", "closed"])
def test_words_that_may_be_wrong_now_are_not_put_down_again(world: World, guard: str) -> None:
    case = world.open_case()
    world.approved_mail(case)
    CANCELS[guard][0](world)
    sending.check_before_sending(world.store, world.claim_mail())
    assert world.rows(outreach_table, status=OutreachStatus.DRAFT) == []


@pytest.mark.parametrize("guard", ["new flag", "policy", "recipient"])
def test_between_opening_and_approving_the_same_is_noticed_and_said(
    world: World, guard: str
) -> None:
    case = world.open_case()
    world.give_view(case)
    world.write_draft(case)
    opened = outreach.open_draft(world.store, world.by("alice"), case)
    between, why = CANCELS[guard]
    between(world)
    with pytest.raises(NotPossibleNow, match="Since you opened the email, something has changed"):
        outreach.approve_email(world.store, world.by("alice"), case, opened.id)
    with pytest.raises(NotPossibleNow, match=why):
        outreach.approve_email(world.store, world.by("alice"), case, opened.id)

    assert world.approve(case).status is OutreachStatus.APPROVED


def test_whoever_edits_is_a_writer_whose_approval_or_view_does_not_count(world: World) -> None:
    world.publish(policy_document(drafter_may_approve=False))
    case = world.open_case()
    world.give_view(case)
    world.write_draft(case, "sana")
    world.write_draft(case, "alice", "Hello Dana,\n\nhow are you, and can we help?\n\nSana")
    with pytest.raises(NotAllowed, match="a person who wrote an email cannot approve it"):
        world.approve(case, "alice")
    assert world.approve(case, "lena").status is OutreachStatus.APPROVED


def test_a_view_of_somebody_who_then_edits_is_nobody_else_s_any_more(world: World) -> None:
    case = world.open_case()
    world.give_view(case, "alice")
    world.write_draft(case, "sana")
    world.write_draft(case, "alice", "Hello Dana,\n\nhow are you, and can we help?\n\nSana")
    with pytest.raises(NotPossibleNow, match="1 more view"):
        world.approve(case, "lena")


def test_after_a_new_policy_the_mail_comes_from_its_mailbox(world: World) -> None:
    case = world.open_case()
    world.approved_mail(case)
    world.publish(policy_document().replace("lang@example", "languages@example"))
    assert sending.check_before_sending(world.store, world.claim_mail()) is None
    assert world.approve(case).sender == "languages@example.ac.uk"
    assert world.send().sender == "languages@example.ac.uk"
