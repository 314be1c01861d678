"""Students sign in with a certified OpenID provider (npm oidc-provider), in real browsers.

Both servers use TLS, which cookies that begin with ``__Host-`` and msal require.
"""

from __future__ import annotations

import datetime as dt
import ipaddress
import socket
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
import pytest
import uvicorn
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from bot.app import create_app
from integrations.sign_in import SignIn, SignInAccount
from store.rules.students.sign_in import CALLBACK, SKEW
from store.tables import audit, student_accounts, student_sessions
from tests.browser.conftest import ARGUMENTS, PATIENCE, chromium
from tests.counterparts.npm import HERE, install, program
from tests.servers import free_port
from tests.worker.office import Office, office_in

LANTERN, PROVIDER = "https://lantern.example.ac.uk", "https://login.example.ac.uk"
ACCOUNT = SignInAccount(
    f"{PROVIDER}/oidc",
    "lantern",
    "",
    f"{LANTERN}{CALLBACK}",
    secret="an invented secret of some length",
)
COOKIE = "__Host-lantern-me"


@dataclass
class Campus:
    """Lantern, the provider, and a browser that reaches both by their host names."""

    office: Office
    browser: Browser

    def computer(self) -> BrowserContext:
        """Return a new browser context, without cookies."""
        context = self.browser.new_context(ignore_https_errors=True)
        context.set_default_timeout(PATIENCE)
        return context

    def refusals(self) -> list[str]:
        found = self.office.world.rows(audit)
        return [row["details"]["reason"] for row in found if row["action"] == "sign-in-refused"]


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("tls")
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "example.ac.uk")])
    now = dt.datetime.now(dt.UTC)
    names: list[x509.GeneralName] = [x509.DNSName(urlsplit(LANTERN).hostname or "")]
    names += [x509.DNSName(urlsplit(PROVIDER).hostname or "")]
    names += [x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .sign(key, hashes.SHA256())
    )
    cert, private = folder / "cert.pem", folder / "key.pem"
    cert.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return cert, private


@pytest.fixture(scope="module")
def provider(certificate: tuple[Path, Path]) -> Iterator[int]:
    """Start the provider, and yield its port."""
    install()
    port = free_port()
    command = [program("node"), "oidc.mjs", str(port), *map(str, certificate)]
    with subprocess.Popen(command, cwd=HERE, stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout
        while "ready" not in (line := running.stdout.readline()):
            assert line, "the provider did not start"
        yield port
        running.terminate()


class _Http:
    """An HTTP client for msal that reaches the provider at its port."""

    def __init__(self, http: httpx.Client, port: int) -> None:
        self._http, self._there = http, f"https://127.0.0.1:{port}"

    def get(self, url: str, **kwargs: Any) -> httpx.Response:
        return self._http.get(url.replace(PROVIDER, self._there), headers=kwargs.get("headers"))

    def post(self, url: str, **kwargs: Any) -> httpx.Response:
        there = url.replace(PROVIDER, self._there)
        return self._http.post(there, headers=kwargs.get("headers"), data=kwargs.get("data"))

    def close(self) -> None:
        self._http.close()


@pytest.fixture(scope="module")
def shared(
    certificate: tuple[Path, Path], provider: int, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Campus]:
    cert, key = certificate
    home = tmp_path_factory.mktemp("oidc") / "home"
    with (
        office_in(home) as office,
        httpx.Client(verify=False) as http,  # noqa: S501 -- the certificate is self-signed
        socket.create_server(("127.0.0.1", 0)) as listener,
        sync_playwright() as playwright,
    ):
        services = replace(office.services, sign_in=SignIn(ACCOUNT, _Http(http, provider)))
        config = uvicorn.Config(
            create_app(services), log_config=None, ssl_certfile=cert, ssl_keyfile=key
        )
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        where = {LANTERN: listener.getsockname()[1], PROVIDER: provider}
        rules = ",".join(
            f"MAP {urlsplit(name).hostname}:443 127.0.0.1:{port}" for name, port in where.items()
        )
        arguments = [*ARGUMENTS, f"--host-resolver-rules={rules}"]
        browser = playwright.chromium.launch(executable_path=chromium(), args=arguments)
        yield Campus(office, browser)
        browser.close()
        server.should_exit = True
        thread.join()


@pytest.fixture
def campus(shared: Campus) -> Campus:
    """Provide the shared servers, with the real time and no one signed in or known."""
    shared.office.clock.now = dt.datetime.now(dt.UTC)
    with shared.office.world.store.database.write() as connection:
        for table in (student_sessions, student_accounts):
            connection.execute(table.delete())
    return shared


def signs_in(page: Page, who: str) -> None:
    page.goto(f"{LANTERN}/me")
    page.get_by_role("link", name="Sign in with your university account").click()
    page.get_by_label("Account").fill(who)
    page.get_by_role("button", name="Go").click()


def is_in(page: Page) -> bool:
    page.goto(f"{LANTERN}/me")
    return page.get_by_role("button", name="Sign out").count() == 1


def test_a_student_signs_in_and_out(campus: Campus) -> None:
    computer = campus.computer()
    page = computer.new_page()
    signs_in(page, "dana")
    expect(page).to_have_url(f"{LANTERN}/me")
    expect(page.get_by_text("French for beginners").first).to_be_visible()
    (cookie,) = (each for each in computer.cookies(LANTERN) if each["name"] == COOKIE)
    assert (cookie["httpOnly"], cookie["secure"], cookie["sameSite"]) == (True, True, "Lax")
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("status")).to_contain_text("You are signed out")
    assert not is_in(page)


def test_two_students_on_one_computer_each_see_their_own(campus: Campus) -> None:
    """The provider still knows the first student, but asks again who is signing in."""
    page, adviser = campus.computer().new_page(), "Your adviser is Alice Adviser."
    signs_in(page, "dana")
    expect(page.get_by_text(adviser)).to_be_visible()
    page.get_by_role("button", name="Sign out").click()
    signs_in(page, "eli")
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    expect(page.get_by_text(adviser)).to_have_count(0)
    assert len(campus.office.world.rows(student_accounts)) == 2


@pytest.mark.parametrize("who", ["guest", "stranger"])
def test_an_address_that_no_one_verified_or_knows_opens_nothing(campus: Campus, who: str) -> None:
    page = campus.computer().new_page()
    signs_in(page, who)
    expect(page.get_by_role("heading", level=1)).to_have_text("You are not signed in")
    expect(page.get_by_text("no student record here has your address")).to_be_visible()
    assert campus.refusals()[-1] == "unknown"
    assert not is_in(page)


def test_a_student_who_cancels_is_told_so(campus: Campus) -> None:
    page = campus.computer().new_page()
    page.goto(f"{LANTERN}/me/sign-in")
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_text("You stopped before you were signed in.")).to_be_visible()
    assert campus.refusals()[-1] == "cancelled"


def test_a_code_is_good_once_and_in_one_browser(campus: Campus) -> None:
    page, thief = campus.computer().new_page(), campus.computer().new_page()
    went: list[str] = []
    page.on("request", lambda request: went.append(request.url))
    signs_in(page, "dana")
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    (callback,) = {each for each in went if CALLBACK in each}
    for again in (thief, page):
        again.goto(callback)
        expect(again.get_by_text("was used before. Start again.")).to_be_visible()
    assert not is_in(thief)


def test_a_code_of_another_issuer_opens_nothing(campus: Campus) -> None:
    """The same provider's other tenant answers a sign-in that was begun here."""
    page = campus.computer().new_page()
    page.goto(f"{LANTERN}/me")
    begun: list[str] = []
    page.on("request", lambda request: begun.append(request.url))
    page.goto(f"{LANTERN}/me/sign-in")
    asked = next(each for each in begun if each.startswith(f"{PROVIDER}/oidc/auth"))
    query = {name: values[0] for name, values in parse_qs(urlsplit(asked).query).items()}
    page.goto(f"{PROVIDER}/other/auth?{urlencode(query)}")
    page.get_by_label("Account").fill("dana")
    page.get_by_role("button", name="Go").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("You are not signed in")
    assert campus.refusals()[-1] == "broken"
    assert not is_in(page)


def test_a_stolen_cookie_ends_with_the_session(campus: Campus) -> None:
    computer, thief = campus.computer(), campus.computer()
    page, theirs = computer.new_page(), thief.new_page()
    signs_in(page, "dana")
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    assert COOKIE not in page.evaluate("() => document.cookie")
    (cookie,) = (each for each in computer.cookies(LANTERN) if each["name"] == COOKIE)
    thief.add_cookies([{"name": COOKIE, "value": cookie["value"], "url": LANTERN}])
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("status")).to_contain_text("You are signed out")
    assert not is_in(theirs)


@pytest.mark.parametrize("ahead", [1, -1])
def test_clocks_may_be_minutes_apart_and_no_more(campus: Campus, ahead: int) -> None:
    clock, now = campus.office.clock, campus.office.clock.now
    clock.now = now + ahead * (SKEW - dt.timedelta(minutes=1))
    page = campus.computer().new_page()
    signs_in(page, "dana")
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    # A token of the provider is valid for an hour.
    late = dt.timedelta(hours=1) if ahead > 0 else dt.timedelta(0)
    clock.now = now + ahead * (SKEW + dt.timedelta(minutes=1) + late)
    page = campus.computer().new_page()
    signs_in(page, "eli")
    expect(page.get_by_text("The time in the sign-in was wrong.")).to_be_visible()
    assert campus.refusals()[-1] == "clock"
