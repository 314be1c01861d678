"""While a place refuses messages, waiting items use no attempts, and are sent once it recovers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import NoReturn

import httpx
import pytest

from integrations.chat.interface import DeliveryError
from integrations.chat.slack.errors import AWAY, SlackError
from integrations.chat.slack.refusals import REFUSALS
from integrations.chat.teams.errors import TeamsError
from integrations.mail.graph import refusals as graph
from integrations.mail.graph.errors import GraphError
from integrations.mail.smtp.errors import imap_error, smtp_error
from integrations.service_error import ServiceError
from integrations.verdicts import Verdict
from store.rules.model import OutboxKind, Platform
from store.tables import outbox, outreach, troubles
from tests.fakes.graph.routes import Refused
from tests.fakes.graph.service import FakeGraph
from tests.integrations.graph_post import BOX
from tests.worker.graph_office import graph_behind
from tests.worker.office import Office, office_in
from worker.jobs.outreach.send import send_due

WAITS = (OutboxKind.CARD, OutboxKind.NOTICE)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with office_in(tmp_path) as made:
        yield made


def entra(number: str) -> Callable[[FakeGraph], None]:
    def refuse(graph: FakeGraph) -> None:
        graph.entra.refusal = number
        graph.entra.revoke_all()

    return refuse


def login_away(graph: FakeGraph) -> None:
    graph.entra.is_away = True
    graph.entra.revoke_all()


def answers(status: int, headers: dict[str, str] | None = None) -> Callable[[FakeGraph], None]:
    def refuse(graph: FakeGraph) -> None:
        def instead(_: httpx.Request) -> NoReturn:
            raise Refused(status, "", headers or {})

        graph._answer = instead  # type: ignore[assignment,method-assign]

    return refuse


def network_away(graph: FakeGraph) -> None:
    def refuse(_: httpx.Request) -> NoReturn:
        raise httpx.ConnectError("refused")

    graph._answer = refuse  # type: ignore[assignment,method-assign]


MAIL_TROUBLES: dict[str, Callable[[FakeGraph], None]] = {
    "secret expired": entra("AADSTS7000222"),
    "consent revoked": entra("AADSTS65001"),
    "application gone": entra("AADSTS700016"),
    "tenant unknown": entra("AADSTS90002"),
    "sign-in out of order": entra("AADSTS90033"),
    "sign-in away": login_away,
    "network away": network_away,
    "out of order": answers(503),
    "throttled": answers(429, {"Retry-After": "600"}),
    "forbidden": lambda graph: graph.allowed.discard(BOX),
    "mailbox gone": lambda graph: graph.exist.discard(BOX),
}


@pytest.mark.parametrize("trouble", MAIL_TROUBLES)
def test_an_approved_email_waits_a_day_without_an_attempt(office: Office, trouble: str) -> None:
    keys = office.has_approved_mails(2)
    with graph_behind(office) as graph:
        answer = graph._answer
        MAIL_TROUBLES[trouble](graph)
        for _ in range(12):
            send_due(office.services)
            office.clock.forward(hours=2)
        rows = office.world.rows(outbox, kind=OutboxKind.MAIL)
        assert {(row["state"], row["attempts"]) for row in rows} == {("due", 0)}

        graph._answer = answer  # type: ignore[method-assign]
        graph.entra.refusal, graph.entra.is_away = "AADSTS7000215", False
        graph.exist.add(BOX)
        graph.allowed.add(BOX)
        for _ in range(2):
            send_due(office.services)
            office.clock.forward(minutes=15)
        assert len(graph.boxes.left) == len(keys)
    rows = office.world.rows(outbox, kind=OutboxKind.MAIL)
    assert {(row["state"], row["attempts"]) for row in rows} == {("sent", 1)}
    assert {row["status"] for row in office.world.rows(outreach)} == {"sent"}


CHAT_TROUBLES = {
    "removed": SlackError("account_inactive"),
    "secret refused": SlackError("invalid_auth"),
    "network away": SlackError("unreachable", unknown=True),
    "out of order": SlackError("service_unavailable", unknown=True),
    "throttled": SlackError("ratelimited"),
    "Teams forbidden": TeamsError(403, "BotNotInConversationRoster", creates=True),
    "Teams out of order": TeamsError(503, "", creates=True),
    "Teams throttled": TeamsError(429, "", creates=True),
    "Teams away": DeliveryError("Microsoft Teams cannot be reached", away=True),
}


class Closed:
    """The sandbox while it refuses messages."""

    def __init__(self, office: Office, error: DeliveryError) -> None:
        self.sandbox = office.services.workspaces[Platform.SANDBOX]
        self.error = error
        self.asked: list[dt.datetime] = []
        self._now = office.clock

    def __getattr__(self, name: str) -> object:
        return getattr(self.sandbox, name)

    def post(self, *_: object, **__: object) -> object:
        self.asked.append(self._now())
        raise self.error

    update = post


@pytest.mark.parametrize("trouble", CHAT_TROUBLES)
def test_a_card_and_a_notice_wait_without_an_attempt(office: Office, trouble: str) -> None:
    open_services = office.services
    closed = Closed(office, CHAT_TROUBLES[trouble])
    workspaces = {Platform.SANDBOX: closed}
    office.services = replace(open_services, workspaces=workspaces)  # type: ignore[arg-type]
    (case,) = office.has_approved_mails(1).values()
    office.types("lena", f"assign LANG-{case} to Bob")
    for _ in range(24):
        for kind in WAITS:
            office.services.queue.enqueue("deliver", kind=kind)
        office.works()
        office.clock.forward(minutes=5)
    waiting = [row for row in office.world.rows(outbox) if row["kind"] in WAITS]
    waiting = [row for row in waiting if row["state"] == "due"]
    assert waiting
    assert {row["attempts"] for row in waiting} == {0}
    assert len(closed.asked) > 2


@pytest.mark.parametrize(
    ("pause", "told"), [(dt.timedelta(seconds=30), []), (dt.timedelta(hours=3), ["channel"])]
)
@pytest.mark.parametrize("kind", [SlackError, TeamsError])
def test_people_are_told_of_a_long_rate_limit_until_it_is_over(
    office: Office, kind: type[DeliveryError], pause: dt.timedelta, told: list[str]
) -> None:
    open_services = office.services
    error = (
        SlackError("ratelimited", retry_after=pause)
        if kind is SlackError
        else TeamsError(429, "", creates=True, retry_after=pause)
    )
    workspaces = {Platform.SANDBOX: Closed(office, error)}
    office.services = replace(open_services, workspaces=workspaces)  # type: ignore[arg-type]
    office.has_approved_mails(1)
    office.services.queue.enqueue("deliver", kind=OutboxKind.CARD)
    office.works()
    assert [row["kind"] for row in office.world.rows(troubles)] == told

    office.services = open_services
    office.clock.forward(hours=4)
    office.services.queue.enqueue("deliver", kind=OutboxKind.CARD)
    office.works()
    assert {row["state"] for row in office.world.rows(outbox, kind=OutboxKind.CARD)} == {"sent"}
    assert office.world.rows(troubles) == []


def test_the_pause_grows_with_the_time_waited(office: Office) -> None:
    office.has_approved_mails(1)
    with graph_behind(office) as graph:
        network_away(graph)
        pauses = []
        for _ in range(9):
            send_due(office.services)
            (row,) = office.world.rows(outbox, kind=OutboxKind.MAIL)
            pauses.append(int((row["not_before"] - office.clock()).total_seconds()))
            office.clock.forward(seconds=pauses[-1] + 1)
    assert pauses == sorted(pauses)
    assert pauses[0] < 10
    assert pauses[-1] == 120


def test_only_what_the_item_itself_may_cause_uses_an_attempt() -> None:
    """Every row of every table of refusals."""
    errors: list[tuple[ServiceError, Verdict]] = [
        (SlackError(code), row.verdict) for code, row in REFUSALS.items()
    ]
    errors += [(GraphError(400, code), row.verdict) for code, row in graph.BY_CODE.items()]
    errors += [(GraphError(status, ""), row.verdict) for status, row in graph.BY_STATUS.items()]
    errors += [(TeamsError(status, ""), Verdict.PERSON) for status in (401, 403, 407, 511)]
    errors += [(smtp_error(535, b"5.7.8 no", away=True), Verdict.PERSON)]
    errors += [(smtp_error(421, b"4.3.2 later"), Verdict.PERSON), (imap_error(b""), Verdict.PERSON)]
    assert not [
        str(error)
        for error, verdict in errors
        if verdict is Verdict.PERSON and error.uses_an_attempt
    ]
    assert not [code for code in AWAY if SlackError(code).uses_an_attempt]
    assert GraphError(500, "ErrorInternalServerError").uses_an_attempt
    assert SlackError("internal_error").uses_an_attempt


@pytest.mark.parametrize("trouble", ["network away", "out of order", "throttled", "forbidden"])
def test_after_the_repair_the_emails_leave_in_their_order(office: Office, trouble: str) -> None:
    """The emails wait through the trouble, and few of them are tried before the repair."""
    keys = list(office.has_approved_mails(7))
    with graph_behind(office) as graph:
        answer = graph._answer
        MAIL_TROUBLES[trouble](graph)
        for seconds in (1, 3, 7, 20, 40, 70, 130, 130, 130, 130, 50):
            send_due(office.services)
            office.clock.forward(seconds=seconds)
        graph._answer = answer  # type: ignore[method-assign]
        graph.allowed.add(BOX)
        for _ in range(20):
            send_due(office.services)
            office.clock.forward(seconds=45)
    assert [each.key for each in graph.boxes.left] == keys


def test_emails_that_a_mailbox_refuses_by_themselves_stop_no_others(office: Office) -> None:
    keys = list(office.has_approved_mails(5))
    with graph_behind(office) as graph:
        act = graph._act

        def refuse(kind: str, mailbox: str, ref: str, request: httpx.Request) -> object:
            if any(key.encode() in request.content for key in keys[:2]):
                raise Refused(503, "ServiceUnavailable")
            return act(kind, mailbox, ref, request)

        graph._act = refuse  # type: ignore[method-assign,assignment]
        for _ in range(8):
            send_due(office.services)
            office.clock.forward(minutes=3)
        assert [each.key for each in graph.boxes.left] == keys[2:]
