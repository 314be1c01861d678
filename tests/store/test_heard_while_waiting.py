"""An approved email waits for the morning, and its student is heard from before it is sent."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from store.actions.cases import close as closing
from store.actions.cases.use_welfare_route import use_welfare_route
from store.actions.outreach import record_sending, write_draft
from store.actions.outreach import send as sending
from store.actions.outreach.receive_reply import record_reply
from store.actions.students.record_message import record_message
from store.delivery import claims, results
from store.rules.model import AnswerKind, CaseStatus, OutboxKind, Outcome, OutreachStatus, Purpose
from store.rules.students.messages import ContactWay, Said, Saying
from store.tables import cases, notices
from store.tables import outbox as outbox_table
from tests.people import BODY, SUBJECT, finding
from tests.world import World

FIRST = "the first mail's conversation"
Heard = Callable[[World], object]


def answers(kind: AnswerKind = AnswerKind.ANSWER) -> Heard:
    return lambda world: record_reply(
        world.store,
        message="m1",
        conversation=FIRST,
        body="I was ill, I am back",
        received_at=world.clock.now,
        kind=kind,
    )


def says(kind: Saying, way: ContactWay | None = None) -> Heard:
    words = "Not so" if kind is Saying.WRONG else ""
    return lambda world: record_message(
        world.store, Said(world.student("dana"), kind, words, way), "k"
    )


def wrote(world: World, case: int) -> None:
    """Send a first email, which is not answered."""
    world.approved_mail(case)
    world.send(FIRST)
    world.clock.forward(days=5)


def waiting_mail(world: World, case: int) -> int:
    """Approve a second email late in the evening."""
    world.write_draft(case)
    world.clock.forward(hours=9)
    mail = world.approve(case).id
    assert claims.claim(world.store, OutboxKind.MAIL, "worker-1") is None, "it waits"
    return mail


def works(world: World) -> bool:
    """Have the worker look for emails once; return whether one may be sent."""
    row = claims.claim(world.store, OutboxKind.MAIL, "worker-1")
    return row is not None and sending.check_before_sending(world.store, row) is not None


HEARD: dict[str, tuple[Heard, str]] = {
    "an answer": (answers(), "the student has answered"),
    "fine": (says(Saying.FINE), "the student has answered"),
    "wrong": (says(Saying.WRONG), "the student has answered"),
    "talk": (says(Saying.TALK), "the student has answered"),
    "by phone": (says(Saying.CONTACT_BY, ContactWay.PHONE), "to be contacted by phone"),
    "opt-out": (says(Saying.OPT_OUT), "no more emails about engagement"),
}


@pytest.mark.parametrize("how", HEARD)
def test_it_is_cancelled_at_once_and_owner_and_approver_hear_why(world: World, how: str) -> None:
    case = world.open_case()
    wrote(world, case)
    mail = waiting_mail(world, case)
    world.woken.clear()
    heard, why = HEARD[how]
    heard(world)

    assert OutboxKind.MAIL in world.woken
    assert not works(world)
    kept = world.mail(mail)
    assert kept.status is OutreachStatus.CANCELLED
    told = world.rows(notices, kind="not-sent", about=mail)
    assert {row["staff_id"] for row in told} == {world.staff("alice"), world.case(case).owner}
    (row,) = world.rows(outbox_table, outreach_id=mail)
    assert (row["state"], why in row["trouble"]) == ("cancelled", True)
    assert world.case(case).status is CaseStatus.RESPONDED

    world.clock.forward(days=1)
    assert not works(world)


def test_what_no_student_wrote_stops_nothing(world: World) -> None:
    case = world.open_case()
    wrote(world, case)
    mail = waiting_mail(world, case)
    answers(AnswerKind.AUTOMATIC)(world)
    assert not works(world), "it still waits"
    assert world.mail(mail).status is OutreachStatus.APPROVED
    world.clock.forward(hours=14)
    assert works(world)


def test_an_email_is_written_again_when_the_one_before_it_came_back(world: World) -> None:
    """The old words would refer the student to an email that never arrived."""
    case = world.open_case()
    wrote(world, case)
    mail = waiting_mail(world, case)
    answers(AnswerKind.BOUNCE)(world)
    world.clock.forward(hours=14)
    assert not works(world)
    assert world.mail(mail).status is not OutreachStatus.APPROVED


def test_an_answer_to_a_mail_of_an_earlier_case_counts_as_well(world: World) -> None:
    case = world.open_case()
    wrote(world, case)
    closing.close_case(world.store, world.by("sana"), case, Outcome.RE_ENGAGED)
    world.screen(finding(world.student("dana"), "Essay"))
    later = world.rows(cases)[-1]["id"]
    assert later != case
    world.give_view(later)
    mail = waiting_mail(world, later)
    answers()(world)
    assert not works(world)
    assert world.mail(mail).status is OutreachStatus.CANCELLED


def test_a_mail_about_welfare_is_read_again_after_an_answer_and_not_after_a_wish(
    world: World,
) -> None:
    case = world.open_case()
    wrote(world, case)
    use_welfare_route(world.store, world.by("alice"), case, "A worrying voice message")
    world.clock.forward(hours=9)
    write_draft.save_draft(world.store, world.by("sana"), case, SUBJECT, BODY, Purpose.WELFARE)
    mail = world.approve(case).id
    says(Saying.OPT_OUT)(world)
    assert not works(world), "it waits"
    assert world.mail(mail).status is OutreachStatus.APPROVED

    answers()(world)
    assert not works(world)
    assert world.mail(mail).status is OutreachStatus.CANCELLED
    again = world.draft(case)
    assert (again.body, again.approver, again.purpose) == (BODY, None, Purpose.WELFARE)
    world.clock.forward(hours=14)
    world.approve(case)
    assert works(world)


def test_what_left_while_the_student_answered_an_earlier_mail_does_not_undo_that(
    world: World,
) -> None:
    case = world.open_case()
    wrote(world, case)
    world.write_draft(case)
    mail = world.approve(case)
    row = world.claim_mail()
    assert sending.check_before_sending(world.store, row)
    answers()(world)
    record_sending.record_sent(world.store, row, mail, "the second mail's")
    assert world.mail(mail.id).status is OutreachStatus.SENT
    assert world.case(case).status is CaseStatus.RESPONDED


def test_waiting_for_long_uses_up_no_attempts(world: World) -> None:
    case = world.open_case()
    world.approved_mail(case)
    row = world.claim_mail()
    for _ in range(3):
        with world.store.unit_of_work() as work:
            assert results.retry(work, row, sending.LOOK_AGAIN, "emails are stopped", tried=False)
        world.clock.forward(minutes=6)
        row = world.claim_mail()
    assert row.attempts == 1
