"""Proxies, sign-in pages and false certificates that answer in place of a service.

Lantern says so and waits, and trusts nothing in such an answer.
"""

from __future__ import annotations

import ssl
from collections.abc import Callable, Mapping
from typing import Any
from unittest.mock import patch
from urllib.error import URLError

import httpx
import pytest

from integrations.chat.interface import DeliveryError
from integrations.chat.slack.client import Client
from integrations.chat.slack.credentials import SlackAccount
from integrations.chat.slack.retry_after import Pauses
from integrations.chat.teams.connector import Connector
from integrations.fault_sentences import sentence
from integrations.mail.graph.client import GraphClient
from integrations.mail.graph.tokens import Tokens
from integrations.mail.interface import MailError
from integrations.mail.smtp.errors import unreachable_server
from integrations.microsoft.entra_codes import BY_NUMBER, USUAL
from tests.fakes.graph.entra import MsalRoute
from tests.fakes.slack.records import SIGNING_SECRET, TEAM, TOKEN
from tests.integrations.graph_post import URL, Sleeper, account
from tests.stores import FakeClock

HOST = "smba.trafficmanager.net"
PAGE = "<html><title>Sign in</title>Welcome back, dana@example.ac.uk</html>"
UNTRUSTED = "[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: self-signed certificate"


class Signed:
    def token(self) -> str:
        return "token"

    def renew(self, refused: str) -> None: ...


def hidden(_: httpx.Request) -> httpx.Response:
    """Raise the error as httpx does: its own type, with the original text."""
    raise httpx.ConnectError(UNTRUSTED)


def page(status: int) -> Callable[[httpx.Request], httpx.Response]:
    headers = {"Location": "https://login.example/"} if 300 <= status < 400 else {}
    return lambda _: httpx.Response(status, html=PAGE, headers=headers)


def broken(_: httpx.Request) -> httpx.Response:
    headers = {"Content-Encoding": "gzip"}
    return httpx.Response(200, headers=headers, stream=httpx.ByteStream(b"no gzip"))


ANSWERS: Mapping[str, tuple[Callable[[httpx.Request], httpx.Response], str]] = {
    "a redirect to a sign-in page": (page(302), "proxy or sign-in page"),
    "a redirect that keeps the method": (page(307), "proxy or sign-in page"),
    "a proxy that wants a password": (page(407), "proxy or sign-in page"),
    "a network that wants a sign-in": (page(511), "proxy or sign-in page"),
    "a sign-in page as if it were the answer": (page(200), "cannot read"),
    "half an answer": (lambda _: httpx.Response(200, content=b'{"id": "a'), "cannot read"),
    "an answer of brackets": (lambda _: httpx.Response(200, content=b"[" * 100_000), "cannot read"),
    "no gzip": (broken, "again by itself"),
    "another certificate": (hidden, "its certificate is not accepted"),
}


def graph_says(http: httpx.Client, clock: FakeClock) -> None:
    graph = GraphClient(URL, Signed(), now=clock, sleep=Sleeper(clock), http=http)  # type: ignore[arg-type]
    graph.post("lang@example.ac.uk", "messages", {"subject": "How are things?"})


def teams_says(http: httpx.Client, clock: FakeClock) -> None:
    teams = Connector((HOST,), Signed(), now=clock, sleep=Sleeper(clock), http=http)
    teams.ask("POST", f"https://{HOST}/emea", "v3/conversations/1/activities", json={})


@pytest.mark.parametrize("service", [graph_says, teams_says])
@pytest.mark.parametrize("answer", ANSWERS)
def test_what_answers_instead_is_named_and_nothing_is_final(
    service: Callable[[httpx.Client, FakeClock], None], answer: str
) -> None:
    respond, says = ANSWERS[answer]
    http = httpx.Client(transport=httpx.MockTransport(respond))

    with pytest.raises((MailError, DeliveryError)) as caught:
        service(http, FakeClock())

    assert says in sentence(caught.value)
    assert "dana" not in str(caught.value)
    assert isinstance(caught.value, MailError | DeliveryError)
    assert not caught.value.permanent


@pytest.mark.parametrize(
    ("error", "code", "unknown"),
    [
        (URLError(ssl.SSLCertVerificationError(1, UNTRUSTED)), "untrusted", False),
        (URLError(OSError(-2, "Name or service not known")), "unreachable", True),
        (RecursionError(), "unreachable", True),
    ],
)
def test_slack_too(error: Exception, code: str, unknown: bool) -> None:
    clock = FakeClock()
    known = SlackAccount((TEAM,), "https://slack.test/api/", TOKEN, SIGNING_SECRET)
    tokens: Any = type("Tokens", (), {"of": staticmethod(lambda *_: TOKEN)})()
    client = Client(known, tokens, Pauses(clock, Sleeper(clock)))
    with (
        patch.object(client._web, "api_call", side_effect=error),
        pytest.raises(DeliveryError) as caught,
    ):
        client.ask(TEAM, "chat.postMessage", creates=True, channel="C1")
    assert f"({code})" in str(caught.value)
    assert caught.value.unknown is unknown


def test_a_mail_server_and_the_sign_in_service_too() -> None:
    error = ssl.SSLCertVerificationError(1, UNTRUSTED)
    assert "certificate is not accepted" in str(unreachable_server("IMAP_HOST", error))
    http = httpx.Client(transport=httpx.MockTransport(hidden))
    with pytest.raises(MailError, match="certificate is not accepted"):
        Tokens(account(), MsalRoute(http, "https://graph.test")).token()


@pytest.mark.parametrize("number", [*BY_NUMBER, "AADSTS1"])
def test_a_refused_sign_in_in_the_middle_of_a_day_says_what_to_do(number: str) -> None:
    """Leads and operators can read it during the day, and not only at the start."""

    def refuse(request: httpx.Request) -> httpx.Response:
        if request.method == "GET":
            base = "https://graph.test/t/oauth2/v2.0"
            found = {"token_endpoint": f"{base}/token", "authorization_endpoint": f"{base}/a"}
            return httpx.Response(200, json={**found, "issuer": "https://graph.test/t/v2.0"})
        told = {"error": "invalid_client", "error_description": f"{number}: of Dana"}
        return httpx.Response(401, json=told)

    http = httpx.Client(transport=httpx.MockTransport(refuse))
    with pytest.raises(MailError) as caught:
        Tokens(account(), MsalRoute(http, "https://graph.test")).token()
    _, remedy = BY_NUMBER.get(number, ("", USUAL))
    assert remedy in str(caught.value)
    assert "Dana" not in str(caught.value)
    assert caught.value.waits
