"""A person decides whether an email was sent only after Lantern has searched; it searches on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from unittest.mock import patch

import pytest
import sqlalchemy as sa

from integrations.mail.interface import MailError
from store.actions.outreach import record_sending
from store.delivery.claims import LOOKED_FOR
from store.delivery.results import LOOKED_FOR_EVERY
from store.rules.model import CaseStatus, NoticeKind, OutboxKind, TroubleKind
from store.tables import notices, outbox, outreach, staff, troubles
from tests.worker.mail_service import Crash, MailService
from tests.worker.office import Office
from tests.worker.sending_office import either_office as office
from tests.worker.sending_office import service
from worker.jobs.outreach import send
from worker.jobs.outreach.send import AWAY_AT_MOST, UNKNOWN_AFTER, send_due
from worker.jobs.sweep import sweep

__all__ = ["office", "service"]

LOST = MailError("no answer", unknown=True)
REFUSED = MailError("there is a conflict")
AWAY = MailError("it cannot be reached", away=True)
LATER = MailError("too many requests", retry_after=dt.timedelta(hours=1))


def works(office: Office, minutes: float, step: float = 1) -> None:
    """Run the worker every ``step`` minutes."""
    for _ in range(round(minutes / step)):
        send_due(office.services)
        office.clock.forward(minutes=step)


def state(office: Office) -> tuple[str, str]:
    (row,) = office.world.rows(outbox, kind=OutboxKind.MAIL)
    mails = {mail["id"]: mail["status"] for mail in office.world.rows(outreach)}
    return row["state"], mails[row["outreach_id"]]


def may_have_left(office: Office, service: MailService, *, left: bool) -> str:
    """Lose the answer to sending an email, and return its key."""
    (key,) = office.has_approved_mails(1)
    service.faults[key, "send", "after" if left else "before"] = LOST
    send_due(office.services)
    assert state(office) == ("due", "approved")
    return key


def is_for_a_human(office: Office, service: MailService) -> None:
    """Let Lantern search without result until people are asked to look."""
    service.always["look"] = REFUSED
    works(office, 2 * UNKNOWN_AFTER / dt.timedelta(minutes=1))
    assert state(office) == ("unknown", "unknown")
    sweep(office.services)
    office.works()


def told(office: Office, kind: NoticeKind) -> set[str]:
    """Return the names of the colleagues who were told."""
    names = {row["id"]: row["name"].split()[0] for row in office.world.rows(staff)}
    return {names[row["staff_id"]] for row in office.world.rows(notices, kind=kind)}


def about_emails(office: Office) -> list[str]:
    """Return the open troubles of single emails and drafts, without those of the mailbox."""
    return [row["reason"] for row in office.world.rows(troubles) if "mail:" in row["key"]]


def no_worker(office: Office, _: MailService) -> None:
    """Let time pass without a running worker."""
    office.clock.forward(hours=5)


def no_way(office: Office, service: MailService) -> None:
    """Make the mail service unreachable, so that each search fails."""
    service.always["look"] = AWAY
    works(office, 5 * 60)


def no_turn(office: Office, service: MailService) -> None:
    """Have the mail service ask Lantern to come back later."""
    service.always["look"] = LATER
    works(office, 5 * 60)


def no_database(office: Office, _: MailService) -> None:
    """Make each search fail for a reason unrelated to the mail service."""
    with patch.object(send, "to_send", side_effect=ValueError):
        works(office, 5 * 60, step=5)


@pytest.mark.parametrize("kept_away", [no_worker, no_way, no_turn, no_database])
def test_time_in_which_nothing_was_looked_for_in_vain_leaves_nothing_to_a_human(
    office: Office, service: MailService, kept_away: Callable[[Office, MailService], None]
) -> None:
    key = may_have_left(office, service, left=True)
    kept_away(office, service)

    service.always["look"] = REFUSED
    works(office, 5)
    assert state(office) == ("due", "approved"), "one or two passing refusals"
    service.always.clear()
    works(office, 70)

    assert state(office) == ("sent", "sent")
    assert service.left == {key: 1}
    assert not told(office, NoticeKind.TROUBLE_OVER)


def test_a_service_that_is_away_for_two_days_is_for_a_human(
    office: Office, service: MailService
) -> None:
    may_have_left(office, service, left=True)
    service.always["look"] = LATER
    works(office, AWAY_AT_MOST / dt.timedelta(minutes=1), step=60)
    assert state(office) == ("due", "approved")
    works(office, 120, step=60)
    assert state(office) == ("unknown", "unknown")


def test_what_is_found_to_have_left_is_recorded_and_all_who_were_asked_are_told(
    office: Office, service: MailService
) -> None:
    key = may_have_left(office, service, left=True)
    is_for_a_human(office, service)
    assert told(office, NoticeKind.TROUBLE) == {"Lena", "Alice", "Sana"}
    assert "so Lantern does not send it again" in office.shown("direct:alice")

    service.always.clear()
    works(office, 16)
    office.works()

    assert state(office) == ("sent", "sent")
    assert service.left == {key: 1}
    (case,) = {row["case_id"] for row in office.world.rows(outreach)}
    assert office.world.case(case).status is CaseStatus.IN_CONTACT
    assert told(office, NoticeKind.TROUBLE_OVER) == {"Lena", "Alice", "Sana"}
    for name in ("lena", "alice", "sana"):
        assert record_sending.FOUND_SENT in office.shown(f"direct:{name}")
    assert about_emails(office) == []


def test_what_is_found_not_to_have_left_goes_back_to_its_author_and_leaves_no_draft(
    office: Office, service: MailService
) -> None:
    may_have_left(office, service, left=False)
    is_for_a_human(office, service)

    service.always.clear()
    works(office, 16)
    office.works()

    assert state(office) == ("cancelled", "cancelled")
    assert not service.left.total()
    assert service.drafts == {}
    assert told(office, NoticeKind.NOT_SENT) == {"Lena", "Alice", "Sana"}
    assert "Lantern has now found that it was not" in office.shown("direct:lena")
    again = [row for row in office.world.rows(outreach) if row["status"] == "draft"]
    assert len(again) == 1, "its author reads it again"
    assert about_emails(office) == []


def test_what_was_never_written_is_found_not_to_have_left(
    office: Office, service: MailService
) -> None:
    (key,) = office.has_approved_mails(1)
    service.faults[key, "draft", "before"] = LOST
    send_due(office.services)
    service.always["find"] = REFUSED
    works(office, 30)
    assert state(office) == ("unknown", "unknown")

    service.always.clear()
    works(office, 16)

    assert state(office) == ("cancelled", "cancelled")


def test_what_is_not_found_for_two_weeks_is_not_looked_for_any_more(
    office: Office, service: MailService
) -> None:
    may_have_left(office, service, left=True)
    is_for_a_human(office, service)
    asked = service.calls["look"]
    works(office, LOOKED_FOR / dt.timedelta(minutes=1) + 60, step=60)

    assert service.calls["look"] - asked <= LOOKED_FOR / LOOKED_FOR_EVERY
    asked = service.calls["look"]
    works(office, 60)
    assert service.calls["look"] == asked
    assert state(office) == ("unknown", "unknown")


@pytest.mark.parametrize(
    "where",
    ["worker.jobs.outreach.send.settle_unknown", "worker.jobs.outreach.settle_unknown.erase_draft"],
)
def test_a_worker_that_dies_over_it_leaves_no_draft_behind(
    office: Office, service: MailService, where: str
) -> None:
    may_have_left(office, service, left=False)
    is_for_a_human(office, service)
    service.always.clear()
    office.clock.forward(minutes=16)
    with patch(where, _dies), pytest.raises(Crash):
        send_due(office.services)

    office.clock.forward(minutes=3)
    sweep(office.services)
    office.works()
    sweep(office.services)

    assert state(office) == ("cancelled", "cancelled")
    assert service.drafts == {}
    assert not office.world.rows(troubles, kind=TroubleKind.DRAFT)


def _dies(*_: object) -> None:
    raise Crash


def test_an_email_that_is_cancelled_leaves_no_draft_though_its_worker_dies(
    office: Office, service: MailService
) -> None:
    (key,) = office.has_approved_mails(1)
    service.faults[key, "send", "before"] = REFUSED
    send_due(office.services)
    office.leaves("alice")
    office.clock.forward(minutes=3)
    with patch.object(send, "erase_draft", _dies), pytest.raises(Crash):
        send_due(office.services)
    assert state(office) == ("cancelled", "cancelled")
    assert len(service.drafts) == 1

    office.clock.forward(minutes=1)
    sweep(office.services)

    assert service.drafts == {}
    assert about_emails(office) == []


def test_a_draft_whose_answer_got_lost_goes_when_its_case_is_closed(
    office: Office, service: MailService
) -> None:
    ((key, case),) = office.has_approved_mails(1).items()
    service.faults[key, "draft", "after"] = LOST
    send_due(office.services)
    assert len(service.drafts) == 1
    dialog = office.dialog("lena", "close", case)
    office.submits("lena", dialog, outcome="data-error", note="")

    works(office, 5)

    assert state(office) == ("cancelled", "cancelled")
    assert service.drafts == {}


def test_where_only_the_answer_to_a_record_is_lost_people_read_what_was_recorded(
    office: Office, service: MailService
) -> None:
    """The email is for a person to decide, and not one of those that wait for the database."""
    may_have_left(office, service, left=True)
    record = record_sending.record_unknown

    def lost(*given: object) -> None:
        record(*given)  # type: ignore[arg-type]
        raise sa.exc.InterfaceError("COMMIT", {}, Exception("connection already closed"))

    with patch.object(record_sending, "record_unknown", lost):
        is_for_a_human(office, service)

    assert about_emails(office) == [record_sending.UNKNOWN]
