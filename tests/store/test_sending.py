"""The worker's checks before an email is sent, and what it records afterwards."""

import datetime as dt

import pytest
import sqlalchemy as sa

from store.actions.cases import close as closing
from store.actions.outreach import record_sending
from store.actions.outreach import send as sending
from store.delivery import claims, results
from store.delivery.claims import LEASE, OutboxRow
from store.rules.cases.case import Outreach
from store.rules.model import CaseStatus, OutboxKind, OutboxState, Outcome, OutreachStatus
from store.tables import audit, outbox, outreach
from tests.people import MORNING
from tests.world import World


@pytest.fixture(autouse=True)
def case(world: World) -> int:
    """Create a case with an approved email that is due now."""
    return world.begins_with(has_an_approved_mail)


def has_an_approved_mail(world: World) -> int:
    case = world.open_case()
    world.approved_mail(case)
    return case


def mail_row(world: World) -> dict[str, object]:
    (row,) = world.rows(outbox, kind=OutboxKind.MAIL)
    return row


def mail_status(world: World) -> str:
    (row,) = world.rows(outreach)
    return str(row["status"])


def close(world: World, case: int) -> None:
    closing.close_case(world.store, world.by("lena"), case, Outcome.RE_ENGAGED)


def held_back(world: World, reason: str) -> None:
    """Check that the claimed email is not sent and that the reason is visible to all."""
    row = world.claim_mail()

    assert sending.check_before_sending(world.store, row) is None

    assert (mail_row(world)["state"], mail_row(world)["trouble"]) == (OutboxState.CANCELLED, reason)
    assert mail_status(world) == OutreachStatus.CANCELLED
    entry = world.rows(audit)[-1]
    assert (entry["action"], entry["details"]["reason"]) == ("not-sent", reason)
    world.clock.forward(days=5)
    assert claims.claim(world.store, OutboxKind.MAIL, "worker-2") is None


def test_an_approved_mail_may_leave_as_it_was_approved(world: World) -> None:
    approved = sending.check_before_sending(world.store, world.claim_mail())

    assert approved is not None
    assert approved.sender_name == "Sana Support"
    assert approved.outreach.recipient == "dana@students.example.ac.uk"
    assert approved.outreach.body_hash == approved.outreach.opened_hash
    assert mail_row(world)["state"] == OutboxState.SENDING


@pytest.mark.parametrize(
    "change",
    [
        {"recipient": "charlie@elsewhere.example"},
        {"body": "Hello Dana, you are expelled."},
        {"subject": "Something else"},
        {"sender": "somebody@example.ac.uk"},
        {"body_hash": "0" * 64},
        {"status": OutreachStatus.DRAFT},
        {"approver_id": None},
    ],
    ids=lambda change: next(iter(change)),
)
def test_what_is_not_what_was_approved_stays(world: World, change: dict[str, object]) -> None:
    with world.store.database.write() as connection:
        connection.execute(sa.update(outreach).values(change))

    held_back(world, "the email is not what was approved")


def test_a_mail_that_was_claimed_before_its_case_was_closed_stays(world: World, case: int) -> None:
    row = world.claim_mail()
    close(world, case)

    assert sending.check_before_sending(world.store, row) is None

    assert mail_row(world)["state"] == OutboxState.CANCELLED
    assert mail_status(world) == OutreachStatus.CANCELLED


def test_in_quiet_hours_it_waits_until_they_end(world: World) -> None:
    world.clock.now = dt.datetime(2025, 10, 24, 19, 0, tzinfo=dt.UTC)  # Friday evening

    assert sending.check_before_sending(world.store, world.claim_mail()) is None

    row = mail_row(world)
    monday = dt.datetime(2025, 10, 27, 8, 0, tzinfo=dt.UTC)
    assert (row["state"], row["not_before"]) == (OutboxState.DUE, monday)
    assert mail_status(world) == OutreachStatus.APPROVED
    assert OutboxKind.MAIL not in claims.due_kinds(world.store)
    world.clock.now = monday
    assert world.send().status is OutreachStatus.SENT


def test_a_sent_mail_moves_its_case_on(world: World, case: int) -> None:
    sent = world.send(conversation="conversation-7")

    assert sent.status is OutreachStatus.SENT
    (row,) = world.rows(outreach)
    assert (row["conversation"], row["sent_at"]) == ("conversation-7", MORNING)
    assert world.case(case).status is CaseStatus.IN_CONTACT
    assert mail_row(world)["state"] == OutboxState.SENT
    assert world.rows(audit)[-1]["details"]["approver"] == world.staff("alice")


def test_a_mail_that_left_while_its_case_was_closed_has_left(world: World, case: int) -> None:
    row, mail = handed_over(world)
    close(world, case)

    record_sending.record_sent(world.store, row, mail, "conversation-1")

    assert mail_status(world) == OutreachStatus.SENT
    assert world.case(case).status is CaseStatus.CLOSED


def handed_over(world: World) -> tuple[OutboxRow, Outreach]:
    row = world.claim_mail()
    approved = sending.check_before_sending(world.store, row)
    assert approved
    return row, approved.outreach


def test_a_sent_mail_is_recorded_once(world: World) -> None:
    row, mail = handed_over(world)
    record_sending.record_sent(world.store, row, mail, "conversation-1")
    before = world.dump()

    record_sending.record_sent(world.store, row, mail, "conversation-2")
    record_sending.record_unknown(world.store, row, mail, "no answer")
    record_sending.record_refused(world.store, row, mail, "no such mailbox")

    assert world.dump() == before


def test_whoever_took_over_records_it(world: World) -> None:
    late, mail = handed_over(world)
    world.clock.now += LEASE + dt.timedelta(seconds=1)
    row, same = handed_over(world)
    record_sending.record_unknown(world.store, late, mail, "the first worker woke up")
    assert mail_status(world) == OutreachStatus.APPROVED

    record_sending.record_sent(world.store, row, same, "conversation-1")

    assert mail_status(world) == OutreachStatus.SENT


def test_when_nobody_can_tell_a_human_looks_and_it_is_never_sent_again(
    world: World, case: int
) -> None:
    row, mail = handed_over(world)

    record_sending.record_unknown(world.store, row, mail, "no answer")

    assert (mail_row(world)["state"], mail_row(world)["trouble"]) == (
        OutboxState.UNKNOWN,
        "no answer",
    )
    assert mail_status(world) == OutreachStatus.UNKNOWN
    assert world.case(case).status is CaseStatus.DISCUSSING, "nobody knows of any contact"
    assert world.rows(audit)[-1]["action"] == "sending-unknown"
    world.clock.forward(days=5)
    again = claims.claim(world.store, OutboxKind.MAIL, "worker-2")
    assert again
    assert again.is_for_a_human, "it is only looked for"


def test_not_knowing_is_recorded_even_when_the_case_was_closed_meanwhile(
    world: World, case: int
) -> None:
    row, mail = handed_over(world)
    close(world, case)

    record_sending.record_unknown(world.store, row, mail, "no answer")

    assert mail_row(world)["state"] == OutboxState.UNKNOWN
    assert mail_status(world) == OutreachStatus.UNKNOWN


def test_a_mail_that_the_service_will_not_take_is_cancelled(world: World, case: int) -> None:
    row, mail = handed_over(world)
    close(world, case)

    record_sending.record_refused(world.store, row, mail, "no such mailbox")

    assert mail_row(world)["trouble"] == "no such mailbox"
    assert mail_status(world) == OutreachStatus.CANCELLED


def test_closing_does_not_hide_a_mail_that_may_have_left_already(world: World, case: int) -> None:
    """The email was handed over and the response was lost, so it waits for a second look."""
    row, mail = handed_over(world)
    results.remember_draft(world.store, row, "draft-1")
    with world.store.unit_of_work() as work:
        results.retry(work, row, dt.timedelta(seconds=1), "no answer")
    close(world, case)
    world.clock.forward(seconds=2)

    again = world.claim_mail()

    assert again.provider_ref == "draft-1"
    record_sending.record_sent(world.store, again, mail, "conversation-1")
    assert mail_status(world) == OutreachStatus.SENT
