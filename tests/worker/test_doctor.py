"""``lantern doctor graph`` proves what Lantern may and may not do, and sends only on request."""

from collections.abc import Iterator

import httpx
import pytest

from integrations.mail.graph.mailer import GraphMailer
from integrations.mail.graph.tokens import Tokens
from integrations.settings import WrongSetting
from store.rules.errors import InvalidInput
from tests.fakes.graph.entra import MsalRoute
from tests.fakes.graph.service import FakeGraph
from tests.integrations.graph_post import BOX, OUTSIDE, account
from tests.worker.graph_office import MATH, graph_behind
from tests.worker.office import Office
from worker.doctor.graph import examine_graph

TESTER = "tester@example.ac.uk"


@pytest.fixture
def graph(office: Office) -> Iterator[FakeGraph]:
    with graph_behind(office) as made:
        yield made


def lines(office: Office, **asked: str) -> list[str]:
    return [str(found) for found in examine_graph(office.services, **asked)]


def test_a_right_set_up_is_fine_in_every_line_and_nothing_is_sent(
    office: Office, graph: FakeGraph
) -> None:
    assert lines(office, stranger=OUTSIDE) == [
        "ok   signs in",
        "ok   LANG: reads its mailbox",
        "ok   LANG: writes and deletes a draft",
        "ok   MATH: reads its mailbox",
        "ok   MATH: writes and deletes a draft",
        "ok   cannot read a mailbox that is not a school's",
    ]
    assert graph.boxes.left == []
    assert graph.boxes.messages == {}, "and nothing lies about"


def test_a_tenant_wide_permission_is_found(office: Office, graph: FakeGraph) -> None:
    graph.allowed.add(OUTSIDE)

    last = lines(office, stranger=OUTSIDE)[-1]

    assert last.startswith("FAIL cannot read a mailbox")
    assert "Remove the tenant-wide Mail permissions" in last


@pytest.mark.usefixtures("graph")
def test_what_was_not_tried_is_not_called_fine(office: Office) -> None:
    assert lines(office)[-1].startswith("?    cannot read a mailbox")
    assert lines(office, stranger="nobody@example.ac.uk")[-1].startswith(
        "?    cannot read a mailbox"
    )


def test_a_schools_mailbox_that_is_refused_is_named_by_the_schools_code(
    office: Office, graph: FakeGraph
) -> None:
    graph.allowed.remove(MATH)

    found = lines(office)

    assert found[3].startswith("FAIL MATH: reads its mailbox: Lantern may not use this mailbox")
    assert MATH not in "".join(found)


def test_without_a_token_nothing_else_is_tried(office: Office, graph: FakeGraph) -> None:
    assert isinstance(office.services.mailer, GraphMailer)
    http = httpx.Client(transport=httpx.MockTransport(graph.respond))
    wrong = Tokens(account(secret="wrong"), MsalRoute(http, "https://graph.test"))
    office.services.mailer.client._tokens = wrong

    (only,) = lines(office)

    assert only.startswith("FAIL signs in: The sign-in service refused Lantern")


@pytest.mark.parametrize(("school", "sender"), [("", BOX), ("MATH", MATH)])
def test_one_mail_is_sent_when_asked_for(
    office: Office, graph: FakeGraph, school: str, sender: str
) -> None:
    assert lines(office, to=TESTER, school=school)[-1] == "ok   sends a test email"

    (left,) = graph.boxes.left
    assert (left.mailbox, left.recipients) == (sender, [TESTER])
    assert "test email from Lantern" in left.content


@pytest.mark.usefixtures("graph")
def test_what_makes_no_sense_is_refused(office: Office) -> None:
    with pytest.raises(InvalidInput):
        lines(office, to=TESTER, school="HIST")
    with pytest.raises(InvalidInput):
        lines(office, stranger=BOX)


def test_without_graph_it_says_what_is_missing(office: Office) -> None:
    with pytest.raises(WrongSetting, match="GRAPH_TENANT_ID is missing"):
        lines(office)
