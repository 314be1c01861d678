"""Changes since the approval, or while an email waits, are checked before it is sent."""

import datetime as dt

import pytest
import sqlalchemy as sa

from integrations.mail.interface import MailError
from store.rules.model import CaseStatus, OutreachStatus
from store.tables import outreach, staff
from tests.worker.mail_service import Crash, MailService
from tests.worker.office import Office
from tests.worker.sending_office import attempts, closes, either_office, office, service, states
from worker.jobs.outreach.send import send_due

__all__ = ["either_office", "office", "service"]


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
