"""A student's answer is recorded on the case once, even if the email service repeats it."""

import datetime as dt

import pytest

from store.actions.cases import close as closing
from store.actions.cases import pause as resting
from store.actions.cases.log_access import reveal_student, show_case
from store.actions.outreach import record_sending
from store.actions.outreach.receive_reply import ELSEWHERE, record_reply
from store.delivery import results
from store.delivery.claims import OutboxRow
from store.rules.access.confidentiality import RevealPurpose
from store.rules.model import AnswerKind, CaseStatus, OutboxKind, Outcome, OutreachStatus
from store.tables import audit, notices, outbox, replies
from tests.people import finding
from tests.store.together import together
from tests.world import World


@pytest.fixture(autouse=True)
def case(world: World) -> int:
    """Create a case whose student has been written to."""
    return world.begins_with(World.writes_to_dana)


def answer(
    world: World,
    message: str = "m1",
    conversation: str = "conversation-1",
    sender: str = "",
    body: str = "Thank you, I was ill.",
) -> bool:
    return record_reply(
        world.store,
        message=message,
        conversation=conversation,
        body=body,
        received_at=world.clock.now,
        sender=sender,
    )


def test_an_answer_moves_the_case_and_is_shown_to_those_who_may_see_it(
    world: World, case: int
) -> None:
    assert answer(world)

    assert world.case(case).status is CaseStatus.RESPONDED
    assert show_case(world.store, world.by("alice"), case).private is None, "not without a purpose"
    alice = reveal_student(world.store, world.by("alice"), case, RevealPurpose.ANSWER_REQUEST)
    assert alice.private is not None
    assert alice.private.answers == ((world.clock.now, "Thank you, I was ill."),)
    bob = show_case(world.store, world.by("bob"), case)
    assert bob.view.answered_at == (world.clock.now,)
    assert "ill" not in str(bob.view.answered_at)
    assert bob.private is None


def test_who_wrote_it_is_looked_at(world: World, case: int) -> None:
    """Anyone in the conversation can write into it, so the sender is checked."""
    for ours in ("Bob@Example.ac.uk", "lang@example.ac.uk"):
        assert not answer(world, ours, sender=ours), "a colleague's words are not the student's"
    assert world.case(case).status is CaseStatus.IN_CONTACT
    assert world.rows(notices, kind="answered") == []

    theirs = ("Dana@students.example.ac.uk", "dana@home.example", "dad@elsewhere.example")
    for number, sender in enumerate(theirs):
        assert answer(world, f"from {number}", sender=sender, body=f"Ill in week {number}.")
    known, own, other = world.answers()
    assert (known, own) == ("Ill in week 0.", "Ill in week 1.")
    assert other == f"{ELSEWHERE}\n\nIll in week 2."
    assert "dad@" not in str(world.dump()["replies"])


def test_the_same_answer_again_changes_nothing(world: World) -> None:
    answer(world)
    before = world.dump()

    assert not answer(world)

    assert world.dump() == before


def test_two_who_fetch_the_same_answer_at_once_record_it_once(world: World) -> None:
    assert sorted(map(str, together(lambda: answer(world), lambda: answer(world)))) == [
        "False",
        "True",
    ]
    assert len(world.rows(replies)) == 1
    assert world.store.verify_audit() is None


def test_a_second_answer_is_kept_beside_the_first(world: World, case: int) -> None:
    answer(world)

    assert answer(world, "m2", body="I am better now.")

    assert [row["message_id"] for row in world.rows(replies)] == ["m1", "m2"]
    assert world.case(case).status is CaseStatus.RESPONDED


@pytest.mark.parametrize("conversation", ["somebody else's", ""])
def test_mail_that_answers_nothing_of_ours_is_left_alone(world: World, conversation: str) -> None:
    before = world.dump()

    assert not answer(world, conversation=conversation)

    assert world.dump() == before


def test_an_answer_to_a_closed_case_makes_it_a_question_again(world: World, case: int) -> None:
    closing.close_case(world.store, world.by("lena"), case, Outcome.RE_ENGAGED)
    version = world.case(case).version

    assert answer(world)

    again = world.case(case)
    assert (again.status, again.outcome) == (CaseStatus.RESPONDED, None)
    keys = [row["idem_key"] for row in world.rows(outbox, kind=OutboxKind.CARD)]
    assert f"card:{case}:{version + 1}" in keys, "the card says that there is an answer"
    assert [row["staff_id"] for row in world.rows(notices, kind="answered")] == [again.owner]


def test_an_answer_to_a_closed_case_beside_a_newer_one_is_kept_there(
    world: World, case: int
) -> None:
    closing.close_case(world.store, world.by("lena"), case, Outcome.RE_ENGAGED)
    world.clock.forward(days=1)
    world.screen(finding(world.student("dana"), "Essay"))

    assert answer(world)

    assert world.case(case).status is CaseStatus.CLOSED
    assert world.case(case).outcome is Outcome.RE_ENGAGED
    assert len(world.rows(replies, case_id=case)) == 1


def test_a_student_who_writes_ends_the_pause(world: World, case: int) -> None:
    until = world.today + dt.timedelta(days=9)
    resting.pause_case(world.store, world.by("alice"), case, until, "Waiting for a note")

    assert answer(world)

    again = world.case(case)
    assert (again.status, again.paused_until) == (CaseStatus.RESPONDED, None)


def test_the_audit_names_the_student_by_number_only(world: World, case: int) -> None:
    answer(world)

    entry = world.rows(audit)[-1]
    assert entry["actor"] == f"student:{world.student('dana')}"
    assert (entry["action"], entry["subject"]) == ("answered", f"case:{case}")


@pytest.fixture
def second(world: World, case: int) -> OutboxRow:
    """Send another email of the case whose sending has not been recorded yet."""
    world.clock.forward(days=5)
    world.write_draft(case)
    world.approve(case)
    row = world.claim_mail()
    results.remember_draft(world.store, row, "draft-2", "conversation-2")
    return row


@pytest.mark.parametrize(
    ("kind", "mail", "status"),
    [
        (AnswerKind.ANSWER, OutreachStatus.SENT, CaseStatus.RESPONDED),
        (AnswerKind.BOUNCE, OutreachStatus.BOUNCED, CaseStatus.IN_CONTACT),
        (AnswerKind.AUTOMATIC, OutreachStatus.SENT, CaseStatus.IN_CONTACT),
    ],
)
def test_what_comes_back_before_the_mail_is_recorded_as_sent_is_not_undone(
    world: World,
    case: int,
    second: OutboxRow,
    kind: AnswerKind,
    mail: OutreachStatus,
    status: CaseStatus,
) -> None:
    assert record_reply(
        world.store,
        message="m2",
        conversation="conversation-2",
        body="Back",
        received_at=world.clock.now,
        kind=kind,
    )
    record_sending.record_sent(
        world.store, second, world.mail(second.outreach_id), "conversation-2"
    )

    assert world.mail(second.outreach_id).status is mail
    assert world.case(case).status is status
