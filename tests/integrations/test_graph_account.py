"""Lantern's account for Graph: complete, partial or not set; each way of signing in."""

import threading
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from integrations import bootstrap
from integrations.mail.folder import FolderMailer
from integrations.mail.graph.credentials import account_of
from integrations.mail.graph.mailer import GraphMailer
from integrations.mail.graph.tokens import Tokens
from integrations.mail.interface import MailError
from integrations.settings import Settings, WrongSetting, load_settings
from tests.fakes.graph.entra import CLIENT, SECRET, TENANT, MsalRoute, certificate
from tests.fakes.graph.service import FakeGraph
from tests.integrations.graph_post import account
from tests.stores import FakeClock

ACCOUNT = {"graph_tenant_id": TENANT, "graph_client_id": CLIENT}


@pytest.fixture(autouse=True)
def _no_graph_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for field in Settings.model_fields.values():
        monkeypatch.delenv(str(field.validation_alias), raising=False)


@pytest.fixture
def pem(tmp_path: Path) -> Path:
    path = tmp_path / "lantern.pem"
    path.write_text(certificate())
    return path


# -- Settings ------------------------------------------------------------------------------------


def test_without_settings_mail_goes_to_the_folder(tmp_path: Path) -> None:
    settings = load_settings(home=tmp_path)
    assert account_of(settings) is None

    services = bootstrap.build(settings)

    assert isinstance(services.mailer, FolderMailer)
    services.close()


def test_with_settings_mail_goes_through_graph(tmp_path: Path) -> None:
    services = bootstrap.build(load_settings(home=tmp_path, graph_client_secret=SECRET, **ACCOUNT))

    assert isinstance(services.mailer, GraphMailer)
    services.close()


@pytest.mark.parametrize(
    ("given", "missing"),
    [
        ({"graph_tenant_id": TENANT}, "GRAPH_CLIENT_ID"),
        ({"graph_client_id": CLIENT}, "GRAPH_TENANT_ID"),
        ({"graph_client_secret": SECRET}, "GRAPH_TENANT_ID"),
        (ACCOUNT, r"GRAPH_CERTIFICATE \(or GRAPH_CLIENT_SECRET\)"),
    ],
)
def test_half_an_account_stops_the_start_with_what_is_missing(
    tmp_path: Path, given: dict[str, str], missing: str
) -> None:
    with pytest.raises(WrongSetting, match=f"^The setting {missing} is missing: ") as caught:
        bootstrap.build(load_settings(home=tmp_path, **given))

    assert SECRET not in str(caught.value)


def test_a_certificate_is_preferred_to_a_secret(tmp_path: Path, pem: Path) -> None:
    settings = load_settings(
        home=tmp_path, graph_certificate=pem, graph_client_secret=SECRET, **ACCOUNT
    )

    who = account_of(settings)
    assert who
    assert (bool(who.certificate), who.secret) == (True, "")
    assert "PRIVATE KEY" not in repr(who)
    assert SECRET not in repr(account())


@pytest.mark.parametrize("content", [None, "no key", "-----BEGIN CERTIFICATE-----"])
def test_a_certificate_that_cannot_be_used_stops_the_start(
    tmp_path: Path, content: str | None
) -> None:
    path = tmp_path / "x.pem"
    if content:
        path.write_text(content)

    with pytest.raises(WrongSetting, match="GRAPH_CERTIFICATE cannot be used"):
        account_of(load_settings(home=tmp_path, graph_certificate=path, **ACCOUNT))


def test_a_managed_identity_needs_nothing_else_and_stands_alone(tmp_path: Path) -> None:
    who = account_of(load_settings(home=tmp_path, graph_managed_identity="system"))
    assert who
    assert who.managed == "system"
    assert who.resource == "https://graph.microsoft.com"

    with pytest.raises(WrongSetting, match="cannot be combined with"):
        account_of(
            load_settings(
                home=tmp_path, graph_managed_identity="system", graph_client_secret=SECRET
            )
        )


# -- Tokens --------------------------------------------------------------------------------------


def entra(pem: str = "") -> tuple[FakeGraph, MsalRoute]:
    graph = FakeGraph(FakeClock(), pem=pem)
    http = httpx.Client(transport=httpx.MockTransport(graph.respond))
    return graph, MsalRoute(http, "https://graph.test")


def test_a_certificate_signs_in_and_many_threads_share_one_token() -> None:
    graph, route = entra(certificate())
    tokens = Tokens(account(secret="", certificate=certificate()), route)
    threads = [threading.Thread(target=tokens.token) for _ in range(8)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()

    assert graph.entra.knows(f"Bearer {tokens.token()}")
    assert len(graph.entra.issued) == 1


def test_another_threads_newer_token_is_not_thrown_away() -> None:
    graph, route = entra()
    tokens = Tokens(account(), route)
    old = tokens.token()
    for _ in range(3):
        tokens.renew(old)
        tokens.token()

    assert len(graph.entra.issued) == 2


@pytest.mark.parametrize("certificate_is", ["unknown", "absent"])
def test_who_is_not_known_gets_a_code_and_no_words(certificate_is: str) -> None:
    _, route = entra()
    who = (
        account(secret="", certificate=certificate())
        if certificate_is == "unknown"
        else account(secret="wrong")
    )
    with pytest.raises(MailError) as caught:
        Tokens(who, route).token()

    assert str(caught.value) == (
        "The sign-in service refused Lantern: invalid_client (AADSTS7000215); the client secret "
        "does not belong to this application; copy its value, not its ID."
    )
    assert not caught.value.permanent


def test_a_sign_in_service_out_of_reach_is_a_passing_error() -> None:
    def unreachable(_: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("no route")

    http = httpx.Client(transport=httpx.MockTransport(unreachable))
    with pytest.raises(MailError, match="cannot be reached") as caught:
        Tokens(account(), MsalRoute(http, "https://graph.test")).token()

    assert not caught.value.permanent


class Machine:
    """The address at which a machine requests its own token."""

    def __init__(self) -> None:
        self.asked: list[object] = []

    def get(self, url: str, **kwargs: object) -> httpx.Response:
        self.asked.append(kwargs.get("params"))
        token = {"access_token": "mine", "expires_in": "3600", "resource": "R"}
        return httpx.Response(200, json=token, request=httpx.Request("GET", url))

    post = get

    def close(self) -> None:
        """Do nothing: there is nothing to release."""


def test_a_managed_identity_asks_the_machine_it_runs_on() -> None:
    machine = Machine()
    who = replace(account(secret=""), managed="system")

    assert Tokens(who, machine).token() == "mine"
    assert "https://graph.test" in str(machine.asked)
