"""An approved email is sent exactly once, whatever happens between two steps."""

import datetime as dt
import threading
from itertools import product

import pytest

from integrations.mail.interface import MailError
from store.rules.model import CaseStatus
from store.tables import outreach, troubles
from tests.worker.mail_service import STEPS, Crash, MailService
from tests.worker.office import Office
from tests.worker.sending_office import attempts, either_office, office, service, states
from worker.jobs.outreach.send import UNKNOWN_AFTER, send_due
from worker.jobs.sweep import sweep

__all__ = ["either_office", "office", "service"]


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
        if step == "look":  # only an earlier attempt's draft is looked for
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
    """Each look shows that the last request had no effect, so no result is unknown or final."""
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
    """The first attempt may have sent it, and the missing draft afterwards does not prove
    otherwise."""
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
