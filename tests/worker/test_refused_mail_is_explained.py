"""Graph or Entra refuses for a day: the log and the lead each get one message with the repair.

``lantern doctor`` says the same and reports no other fault.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from integrations.mail.graph import refusals as graph
from integrations.mail.graph.errors import GraphError
from integrations.verdicts import Verdict
from store.rules.model import OutboxKind
from tests.fakes.graph.service import FakeGraph
from tests.integrations.graph_post import BOX
from tests.worker.graph_office import graph_behind
from tests.worker.office import Office, office_in
from tests.worker.test_waiting_uses_no_attempt import MAIL_TROUBLES
from worker.doctor.checks import list_troubles
from worker.doctor.outside import check_outbox
from worker.jobs.outreach.send import send_due
from worker.jobs.sweep import sweep

CODES = {
    "missing": (404, "ErrorNonExistentMailbox"),
    "moved": (404, "MailboxNotEnabledForRESTAPI"),
    "invalid": (404, "ErrorInvalidUser"),
    "forbidden": (403, "ErrorAccessDenied"),
}
WHERE = {
    "secret expired": "make a new one in Entra",
    "consent revoked": "API permissions, and choose Grant admin consent",
    "application gone": "copy its client ID",
    "tenant unknown": "check its id",
    "sign-in out of order": "Lantern tries again by itself",
    "sign-in away": "GRAPH_AUTHORITY",
    "network away": "GRAPH_URL",
    "out of order": "Lantern tries again by itself",
    "throttled": "asked for fewer requests",
    "forbidden": "RBAC for Applications",
    "mailbox gone": "outreach.mailbox of the school's policy",
}
"""The fault at Microsoft → the sentence's words about it."""


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with office_in(tmp_path) as made:
        yield made


@pytest.fixture
def fake(office: Office) -> Iterator[FakeGraph]:
    with graph_behind(office) as made:
        yield made


@pytest.mark.parametrize("trouble", WHERE)
def test_it_is_said_once_everywhere_and_names_the_place_to_act(
    office: Office, fake: FakeGraph, trouble: str
) -> None:
    office.has_approved_mails(2)
    MAIL_TROUBLES[trouble](fake)
    with capture_logs() as logged:
        for _ in range(12):
            sweep(office.services)
            send_due(office.services)
            office.works()
            office.clock.forward(minutes=20)
    lines = [each for each in logged if each["event"] == "mail not sent" and "reason" in each]
    lines = [each for each in lines if each["log_level"] != "debug"]
    assert len(lines) == 1, lines
    told = [str(each.payload) for each in office.messages("direct:lena")]
    told = [each for each in told if "Approved emails of your school wait" in each]
    assert len(told) == 1
    (found,) = [each.sentence for each in list_troubles(office.services)]
    assert WHERE[trouble] in found
    assert WHERE[trouble] in lines[0]["reason"]
    for text in (*told, found, repr(lines)):
        assert BOX not in text

    (outbox,) = [each for each in check_outbox(office.services) if OutboxKind.MAIL in each.sentence]
    assert outbox.is_fine is None
    assert "2 wait" in outbox.sentence
    assert "processes" not in outbox.sentence


def test_mail_that_no_process_takes_is_still_blamed_on_the_processes(office: Office) -> None:
    office.has_approved_mails(1)
    office.clock.forward(minutes=30)
    found = [each for each in check_outbox(office.services) if "mail" in each.sentence]
    assert [each.is_fine for each in found] == [False]
    assert "See the processes" in found[0].sentence


@pytest.mark.parametrize("code", sorted(graph.BY_CODE))
def test_each_error_that_waits_for_a_person_says_where_to_act(code: str) -> None:
    if graph.BY_CODE[code].verdict is not Verdict.PERSON:
        return
    said = str(GraphError(403, code))
    assert any(each in said for each in ("outreach.mailbox", "Entra", "day's limit")), said


@pytest.mark.parametrize("trouble", CODES)
def test_a_mailbox_that_is_refused_is_named_by_its_setting(trouble: str) -> None:
    said = str(GraphError(*CODES[trouble]))
    assert "outreach.mailbox of the school's policy" in said
    assert "Exchange" in said
    assert "or message" not in said
