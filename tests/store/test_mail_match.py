"""Matching a message to a case by several marks, never to another student's case."""

from __future__ import annotations

from typing import Any

import pytest

from store.actions.cases.log_access import reveal_student, show_case
from store.actions.outreach import record_sending
from store.actions.outreach import send as sending
from store.actions.outreach.decide_reply import decide_doubtful, read_doubtful
from store.actions.outreach.receive_reply import ELSEWHERE, record_reply
from store.rules.access.confidentiality import RevealPurpose
from store.rules.errors import InvalidInput, NotAllowed, NotPossibleNow
from store.rules.model import AnswerKind, CaseStatus, Doubt, OutreachStatus
from store.rules.outreach.mail_match import Marks
from store.tables import audit, notices, outreach, replies
from tests.world import World

BOX = "lang@example.ac.uk"
DANA, ELI = "dana@students.example.ac.uk", "eli@students.example.ac.uk"


@pytest.fixture
def case(world: World) -> int:
    """Create the case of Dana, who has been written to."""
    return world.begins_with(written_to)


def written_to(world: World) -> int:
    case = world.open_case()
    world.approved_mail(case)
    sent(world, "conversation-1", "<dana@exchange.example>")
    return case


@pytest.fixture
def other(world: World, case: int) -> int:  # noqa: ARG001 -- which comes first
    """Create the case of Eli, who has been written to as well."""
    theirs = world.open_case("eli")
    world.approved_mail(theirs)
    sent(world, "conversation-2", "<eli@exchange.example>")
    return theirs


def sent(world: World, conversation: str, message_id: str) -> None:
    row = world.claim_mail()
    mail = sending.check_before_sending(world.store, row)
    assert mail is not None
    record_sending.record_sent(world.store, row, mail.outreach, conversation, message_id)


def arrives(
    world: World,
    *,
    kind: AnswerKind = AnswerKind.ANSWER,
    body: str = "I was ill.",
    message: str = "m1",
    **marks: Any,
) -> bool:
    return record_reply(
        world.store,
        message=message,
        body=body,
        received_at=world.clock.now,
        kind=kind,
        marks=Marks(**({"conversation": "elsewhere", "mailbox": BOX} | marks)),
    )


def only(world: World) -> tuple[int, str, str]:
    """Return (case, kind, doubt) of the only recorded message."""
    (row,) = world.rows(replies)
    return row["case_id"], row["kind"], row["doubt"]


@pytest.mark.usefixtures("other")
def test_the_email_that_it_answers_counts_most(world: World, case: int) -> None:
    named = ("<somebody@else>", "<dana@exchange.example>")
    assert arrives(world, references=named, conversation="conversation-2", sender=DANA)
    assert only(world) == (case, "answer", "")


@pytest.mark.usefixtures("case")
def test_an_answer_from_an_address_that_nobody_knows_says_so(world: World) -> None:
    assert arrives(world, references=("<dana@exchange.example>",), sender="new@home.example")
    assert world.answers() == [f"{ELSEWHERE}\n\nI was ill."]


@pytest.mark.usefixtures("case")
def test_our_own_key_brings_a_bounce_home(world: World) -> None:
    (mail,) = world.rows(outreach)
    bounce = AnswerKind.BOUNCE
    assert arrives(
        world, key=world.mail_key(mail["id"]), sender="mailer-daemon@x.example", kind=bounce
    )
    assert world.mail(mail["id"]).status is OutreachStatus.BOUNCED
    assert not arrives(world, key="mail:999999", kind=bounce, message="m2")
    assert not arrives(world, key="mail:1; drop", kind=bounce, message="m3")
    # An earlier installation used the same mailbox and had an email with this number.
    assert not arrives(world, key=f"mail:{mail['id']}:0badc0de", kind=bounce, message="m4")


@pytest.mark.usefixtures("other")
def test_of_several_in_one_conversation_the_sender_s_own_email_is_answered(
    world: World, case: int
) -> None:
    with world.store.unit_of_work() as work:
        work.connection.execute(outreach.update().values(conversation="one for all"))
    assert arrives(world, conversation="one for all", sender=DANA)
    assert only(world) == (case, "answer", "")


@pytest.mark.parametrize("kind", [AnswerKind.ANSWER, AnswerKind.BOUNCE, AnswerKind.AUTOMATIC])
def test_where_several_may_be_meant_a_person_is_asked_and_no_words_are_kept(
    world: World, case: int, other: int, kind: AnswerKind
) -> None:
    both = ("<eli@exchange.example>", "<dana@exchange.example>")
    assert arrives(world, references=both, sender="dad@home.example", kind=kind)
    assert only(world)[1:] == ("doubtful", Doubt.SEVERAL)
    assert "ill" not in world.answers()[0]
    assert CaseStatus.RESPONDED not in {world.case(each).status for each in (case, other)}


@pytest.mark.parametrize(
    "marks", [{"references": ("<dana@exchange.example>",)}, {"conversation": "conversation-1"}]
)
def test_one_student_s_words_never_go_to_another_s_case(
    world: World, case: int, marks: dict[str, Any]
) -> None:
    assert arrives(world, sender=ELI, **marks)
    assert only(world) == (case, "doubtful", Doubt.SENDER)
    assert "ill" not in world.answers()[0]
    assert world.case(case).status is CaseStatus.IN_CONTACT


@pytest.mark.usefixtures("case")
def test_they_go_to_the_sender_s_own_case_as_a_proposal(world: World, other: int) -> None:
    assert arrives(world, references=("<dana@exchange.example>",), sender=ELI)
    assert only(world) == (other, "doubtful", Doubt.NO_REPLY)


def test_a_student_who_writes_anew_is_proposed_while_their_answer_is_waited_for(
    world: World, case: int
) -> None:
    assert not arrives(world, sender=DANA, mailbox="math@example.ac.uk")
    assert not arrives(world, sender=DANA, kind=AnswerKind.AUTOMATIC)
    assert not arrives(world, sender="stranger@home.example")
    assert arrives(world, sender=DANA.upper())
    assert only(world) == (case, "doubtful", Doubt.NO_REPLY)
    assert world.case(case).status is CaseStatus.IN_CONTACT

    assert arrives(world, references=("<dana@exchange.example>",), sender=DANA, message="m2")
    assert not arrives(world, sender=DANA, message="m3"), "nobody waits for an answer any more"
    world.clock.forward(days=60)
    assert not arrives(world, sender=DANA, message="m4")


def test_a_doubtful_reply_is_shown_as_doubtful_and_a_person_makes_it_an_answer(
    world: World, case: int
) -> None:
    arrives(world, conversation="conversation-1", kind=AnswerKind.DOUBTFUL, body="I am away.")
    assert only(world) == (case, "doubtful", Doubt.AUTOMATIC)
    assert world.case(case).status is CaseStatus.IN_CONTACT
    assert len(world.rows(notices, kind="doubtful")) == 1
    seen = show_case(world.store, world.by("bob"), case).view
    assert (seen.doubts, seen.answered_at) == ((Doubt.AUTOMATIC,), ())
    private = reveal_student(
        world.store, world.by("alice"), case, RevealPurpose.ANSWER_REQUEST
    ).private
    assert private is not None
    assert ([words for _, words in private.doubtful], private.answers) == (["I am away."], ())

    with pytest.raises(NotAllowed):
        read_doubtful(world.store, world.by("charlie"), case)
    read = read_doubtful(world.store, world.by("alice"), case)
    assert (read.doubt, read.words) == (Doubt.AUTOMATIC, "I am away.")
    decide_doubtful(world.store, world.by("alice"), case, read.id, is_answer=True)

    assert world.case(case).status is CaseStatus.RESPONDED
    assert only(world) == (case, "answer", Doubt.AUTOMATIC)
    with pytest.raises(NotPossibleNow):
        decide_doubtful(world.store, world.by("lena"), case, read.id, is_answer=False)
    with pytest.raises(InvalidInput):
        read_doubtful(world.store, world.by("alice"), case)
    acts = [row["action"] for row in world.rows(audit)]
    assert {"doubtful-reply", "read-doubtful", "decide-doubtful"} <= set(acts)


def test_what_is_none_of_the_case_s_loses_its_words(world: World, case: int) -> None:
    arrives(world, sender=DANA, body="A question about my transcript.")
    (row,) = world.rows(replies)
    decide_doubtful(world.store, world.by("alice"), case, row["id"], is_answer=False)

    assert only(world)[1] == "unrelated"
    assert world.answers() == [""]
    assert world.case(case).status is CaseStatus.IN_CONTACT
    assert not arrives(world, sender=DANA, body="A question about my transcript.")
