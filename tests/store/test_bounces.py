"""A bounced email does not count as contact, and an automatic reply is not an answer."""

import pytest

from bot.cards.cases.card import case_card
from store.actions.cases import close as closing
from store.actions.outreach import write_draft
from store.actions.outreach.outdated_drafts import send_back_outdated
from store.actions.outreach.receive_reply import record_reply
from store.queries.cases.case import case_view
from store.queries.cases.identity import private_view
from store.rules.calendar import Calendar
from store.rules.model import AnswerKind, CaseStatus, Outcome, OutreachStatus, Rung
from store.tables import audit, notices, replies
from store.tables import outreach as outreach_table
from tests.world import World


@pytest.fixture
def case(world: World) -> int:
    """Create a case whose student has been written to."""
    return world.begins_with(World.writes_to_dana)


def comes_back(world: World, kind: AnswerKind, conversation: str = "conversation-1") -> bool:
    return record_reply(
        world.store,
        message=f"{kind} in {conversation}",
        conversation=conversation,
        body="dana@students.example.ac.uk was not found",
        received_at=world.clock.now,
        kind=kind,
    )


def card(world: World, case: int) -> str:
    with world.store.database.read() as connection:
        return str(case_card(case_view(connection, case), Calendar()))


def test_a_bounce_takes_the_contact_back_and_the_card_says_so(world: World, case: int) -> None:
    assert comes_back(world, AnswerKind.BOUNCE)

    assert world.case(case).status is CaseStatus.DISCUSSING
    assert "The email bounced" in card(world, case)
    assert "The student answered" not in card(world, case)
    entry = world.rows(audit)[-1]
    assert (entry["actor"], entry["action"]) == ("system:replies", "bounced")
    assert "dana@" not in str(entry)
    (reply,) = world.rows(replies)
    assert reply["kind"] == AnswerKind.BOUNCE


def test_the_next_mail_after_a_bounce_is_the_next_rungs(world: World, case: int) -> None:
    comes_back(world, AnswerKind.BOUNCE)

    assert write_draft.compose(world.store, world.by("sana"), case).rung is Rung.PERSONAL_EMAIL


def test_the_personal_letter_speaks_of_no_email_that_bounced(world: World, case: int) -> None:
    """A draft from before the bounce was read is rewritten, so it does not mention that email."""
    world.clock.forward(days=6)
    letter = write_draft.compose(world.store, world.by("sana"), case)
    assert "We wrote to your university address" in letter.body
    write_draft.save_draft(world.store, world.by("sana"), case, letter.subject, letter.body)

    comes_back(world, AnswerKind.BOUNCE)

    assert send_back_outdated(world.store, case)
    assert "an earlier email bounced since" in world.draft(case).returned
    again = write_draft.compose(world.store, world.by("sana"), case)
    assert again.rung is Rung.PERSONAL_EMAIL
    assert "university inbox" not in again.body


def test_a_bounce_after_another_mail_arrived_leaves_the_contact(world: World, case: int) -> None:
    world.clock.forward(days=6)
    world.write_draft(case)
    world.approve(case)
    second = world.send(conversation="conversation-2")

    comes_back(world, AnswerKind.BOUNCE)

    assert world.case(case).status is CaseStatus.IN_CONTACT
    assert world.mail(second.id).status is OutreachStatus.SENT
    comes_back(world, AnswerKind.BOUNCE, "conversation-2")
    assert world.case(case).status is CaseStatus.DISCUSSING


def test_a_bounce_to_a_closed_case_leaves_it_closed(world: World, case: int) -> None:
    closing.close_case(world.store, world.by("lena"), case, Outcome.RE_ENGAGED)

    assert comes_back(world, AnswerKind.BOUNCE)

    assert world.case(case).status is CaseStatus.CLOSED


def test_an_automatic_reply_changes_nothing_and_is_shown_as_what_it_is(
    world: World, case: int
) -> None:
    assert comes_back(world, AnswerKind.AUTOMATIC)
    assert not comes_back(world, AnswerKind.AUTOMATIC)

    assert world.case(case).status is CaseStatus.IN_CONTACT
    assert "The student answered" not in card(world, case)
    with world.store.database.read() as connection:
        private = private_view(connection, case)
    assert private.answers == ()
    ((_, body),) = private.automatic
    assert body.endswith("was not found")
    assert world.rows(audit)[-1]["action"] == "automatic-reply"


def test_what_bounces_after_an_answer_is_another_mail_of_that_conversation(
    world: World, case: int
) -> None:
    """A colleague may have written on from the mailbox to an address that does not exist."""
    (sent,) = [row["id"] for row in world.rows(outreach_table)]
    comes_back(world, AnswerKind.ANSWER)
    comes_back(world, AnswerKind.BOUNCE)
    assert world.mail(sent).status is OutreachStatus.SENT
    assert world.case(case).status is CaseStatus.RESPONDED
    assert world.rows(notices, kind="bounced") == []
