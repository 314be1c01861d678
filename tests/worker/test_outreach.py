"""Approved mail leaves exactly once, whatever happens between two steps."""

import datetime as dt
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from itertools import product
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.interaction import Reply
from integrations.mail.interface import MailError
from store.rules.model import CaseStatus, OutreachStatus
from store.tables import outbox, outreach, staff, troubles
from tests.worker.mail_service import STEPS, Crash, MailService
from tests.worker.office import Office, office_in
from worker.jobs.outreach.send import UNKNOWN_AFTER, send_due
from worker.jobs.sweep import sweep


@pytest.fixture
def service() -> MailService:
    return MailService()


@pytest.fixture
def office(tmp_path: Path, service: MailService) -> Iterator[Office]:
    """On SQLite, with the mail service in memory."""
    with office_in(tmp_path) as made:
        made.services = replace(made.services, mailer=service)
        yield made


@pytest.fixture
def either_office(
    tmp_path: Path, migrated_database_url: str, service: MailService
) -> Iterator[Office]:
    """The same, once on each database."""
    with office_in(tmp_path, migrated_database_url) as made:
        made.services = replace(made.services, mailer=service)
        yield made


def attempts(office: Office, number: int, minutes: float = 3) -> None:
    """A worker that is started again whenever it died; each time the old lease has run out."""
    for _ in range(number):
        with suppress(Crash):
            send_due(office.services)
        office.clock.forward(minutes=minutes)


def states(office: Office) -> set[tuple[str, str]]:
    """(outbox state, outreach status) of every mail."""
    mails = {row["id"]: row["status"] for row in office.world.rows(outreach)}
    return {
        (row["state"], mails[row["outreach_id"]]) for row in office.world.rows(outbox, kind="mail")
    }


@pytest.mark.parametrize(
    "fault",
    [Crash(), MailError("busy"), MailError("no answer", unknown=True)],
    ids=["crash", "error", "lost-answer"],
)
def test_one_fault_at_any_step_and_still_exactly_one_mail_leaves(
    office: Office, service: MailService, fault: BaseException
) -> None:
    points = list(product(STEPS, ("before", "after")))
    keys = office.has_approved_mails(len(points))
    for key, (step, when) in zip(keys, points, strict=True):
        service.faults[key, step, when] = fault
        if step == "look":  # only a draft of an earlier attempt is looked at
            service.faults[key, "send", "before"] = MailError("busy")

    attempts(office, len(points) + 4)

    assert service.faults == {}, "every fault has happened"
    assert service.left == dict.fromkeys(keys, 1)
    assert len(service.drafts) == len(keys), "and no second draft lies in the mailbox"
    assert states(office) == {("sent", "sent")}
    for case in keys.values():
        assert office.world.case(case).status is CaseStatus.IN_CONTACT


def test_a_service_that_takes_nothing_and_shows_so_keeps_a_mail_waiting(
    office: Office, service: MailService
) -> None:
    """Each look shows that the last request had no effect: nothing is unknown or final."""
    (key,) = office.has_approved_mails(1)
    service.always["send"] = MailError("no answer", unknown=True)

    attempts(office, 40)

    assert states(office) == {("due", "approved")}
    service.always.clear()
    attempts(office, 6)
    assert states(office) == {("sent", "sent")}
    assert service.left == {key: 1}


def test_what_no_one_can_see_is_given_up_for_a_human_who_is_told_and_never_sent_again(
    office: Office, service: MailService
) -> None:
    (key,) = office.has_approved_mails(1)
    service.faults[key, "send", "before"] = MailError("no answer", unknown=True)
    attempts(office, 1)
    service.always["look"] = MailError("it cannot be seen", unknown=True)

    attempts(office, 2 * UNKNOWN_AFTER // dt.timedelta(minutes=1), minutes=1)

    assert states(office) == {("unknown", "unknown")}
    assert service.left[key] == 0
    office.works()
    assert "It is unknown whether the email was sent" in office.shown()
    for name in ("lena", "alice", "sana"):
        assert "so Lantern does not send it again" in office.shown(f"direct:{name}")
    sweep(office.services)
    (mail,) = (row["id"] for row in office.world.rows(outreach))
    assert f"mail:{mail}" in {each["key"] for each in office.world.rows(troubles)}


def test_a_mail_that_the_service_refuses_for_good_is_cancelled_at_once(
    office: Office, service: MailService
) -> None:
    office.has_approved_mails(1)
    service.always["draft"] = MailError("no such mailbox", permanent=True)

    attempts(office, 3)

    assert service.calls["draft"] == 1
    assert states(office) == {("cancelled", "cancelled")}


def test_a_refusal_after_a_lost_answer_is_unknown_and_not_called_unsent(
    office: Office, service: MailService
) -> None:
    """The first attempt may have sent it; that its draft is gone afterwards proves nothing."""
    (key,) = office.has_approved_mails(1)
    service.faults[key, "send", "after"] = MailError("no answer", unknown=True)
    attempts(office, 1)
    service.always["look"] = MailError("there is no such draft", permanent=True)

    attempts(office, 3)

    assert states(office) == {("unknown", "unknown")}
    assert service.left == {key: 1}


def test_the_service_says_when_to_try_again(office: Office, service: MailService) -> None:
    (key,) = office.has_approved_mails(1)
    wait = dt.timedelta(minutes=5)
    service.faults[key, "draft", "before"] = MailError("too many", retry_after=wait)

    send_due(office.services)
    office.clock.forward(minutes=4, seconds=59)
    send_due(office.services)
    assert service.calls["draft"] == 1
    office.clock.forward(seconds=1)
    send_due(office.services)

    assert service.left == {key: 1}


def test_two_workers_at_once_send_each_mail_once(
    either_office: Office, service: MailService
) -> None:
    office = either_office
    keys = office.has_approved_mails(8)
    workers = [threading.Thread(target=send_due, args=[office.services]) for _ in range(3)]
    for each in workers:
        each.start()
    for each in workers:
        each.join()

    assert service.left == dict.fromkeys(keys, 1)
    assert states(office) == {("sent", "sent")}


@pytest.mark.parametrize("step", ["draft", "send"])
def test_a_worker_kept_waiting_until_another_took_over_asks_nothing_more(
    either_office: Office, service: MailService, step: str
) -> None:
    office = either_office
    (key,) = office.has_approved_mails(1)
    service.in_the_queue[step] = lambda: attempts(office, 2)
    office.clock.forward(minutes=3)

    attempts(office, 1)

    assert service.left == {key: 1}
    assert len(service.drafts) == 1
    assert states(office) == {("sent", "sent")}


def test_what_left_before_a_crash_counts_as_sent_though_the_case_was_closed_since(
    either_office: Office, service: MailService
) -> None:
    office = either_office
    ((key, case),) = office.has_approved_mails(1).items()
    service.faults[key, "send", "after"] = Crash()
    attempts(office, 1)
    closes(office, case)

    attempts(office, 1)

    assert service.left == {key: 1}
    assert states(office) == {("sent", "sent")}
    assert office.world.case(case).status is CaseStatus.CLOSED


def test_a_mail_that_had_not_left_before_a_crash_stays_when_the_case_is_closed(
    office: Office, service: MailService
) -> None:
    ((key, case),) = office.has_approved_mails(1).items()
    service.faults[key, "send", "before"] = Crash()
    attempts(office, 1)
    closes(office, case)

    attempts(office, 2)

    assert service.left[key] == 0
    assert states(office) == {("cancelled", "cancelled")}
    assert service.drafts == {}, "nor does it lie among the mailbox's drafts"


def test_a_mail_that_only_waits_keeps_its_draft(office: Office, service: MailService) -> None:
    (key,) = office.has_approved_mails(1)
    service.faults[key, "send", "before"] = MailError("busy")
    attempts(office, 1)
    office.types("lena", "stop-mail The templates are being looked at")

    attempts(office, 2)

    assert list(service.drafts.values()) == [key]
    office.types("lena", "start-mail")
    attempts(office, 3)
    assert service.left == {key: 1}
    assert service.calls["draft"] == 1


def test_an_approver_who_has_left_since_no_longer_sends(
    office: Office, service: MailService
) -> None:
    office.has_approved_mails(1)
    office.leaves("alice")

    attempts(office, 1)

    assert service.calls == {}
    assert states(office) == {("cancelled", "cancelled")}


@pytest.mark.parametrize(
    "changed", [{"body": "Pay 100 pounds"}, {"recipient": "mallory@example.com"}, {"subject": "!"}]
)
def test_a_text_that_is_not_what_was_approved_never_leaves(
    office: Office, service: MailService, changed: dict[str, str]
) -> None:
    office.has_approved_mails(1)
    with office.world.store.unit_of_work() as work:
        work.connection.execute(sa.update(outreach).values(**changed))

    attempts(office, 1)

    assert service.calls == {}
    assert states(office) == {("cancelled", "cancelled")}


def test_quiet_hours_that_began_after_the_approval_hold_the_mail_until_they_end(
    office: Office, service: MailService
) -> None:
    (key,) = office.has_approved_mails(1)
    office.clock.forward(days=2, hours=8)  # Friday, 18:30 in London

    send_due(office.services)
    office.clock.forward(days=2)
    send_due(office.services)

    assert service.calls == {}, "neither in the evening nor on Sunday"
    office.clock.now = dt.datetime(2025, 10, 27, 8, 0, tzinfo=dt.UTC)
    send_due(office.services)
    assert service.left == {key: 1}


def test_the_mail_is_what_was_approved_from_the_school_in_the_drafters_name(
    office: Office, service: MailService
) -> None:
    (key,) = office.has_approved_mails(1)
    send_due(office.services)

    mail = service.mails[key]
    (row,) = office.world.rows(outreach)
    assert (mail.mailbox, mail.recipient, mail.subject, mail.body) == (
        row["sender"],
        row["recipient"],
        row["subject"],
        row["body"],
    )
    assert row["status"] == OutreachStatus.SENT
    (sana,) = office.world.rows(staff, id=row["drafter_id"])
    assert mail.sender_name == sana["name"] == "Sana Support"


def closes(office: Office, case: int) -> None:
    dialog = office.dialog("lena", "close", case)
    assert office.submits("lena", dialog, outcome="data-error", note="") == Reply()
