"""Students who sign in: Lantern and Entra over real HTTP, and browsers that keep cookies."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx

from bot.app import create_app
from bot.sandbox.shutdown import Stopping
from integrations.sign_in import SignIn, SignInAccount
from store.rules.students.sign_in import CALLBACK
from tests.browser.serving import serving
from tests.fakes.entra_sign_in import OIDC, ROOT, SignInService
from tests.fakes.graph.entra import AUTHORITY, CLIENT, SECRET, TENANT, MsalRoute
from tests.worker.office import Office, office_in

Files = dict[str, tuple[str, bytes]]
"""Name and content of a file by field."""

SERVER = "https://lantern.example.ac.uk"
DANA = {"oid": "oid-dana", "sub": "sub-dana", "preferred_username": "Dana@students.example.ac.uk"}
ELI = {"oid": "oid-eli", "sub": "sub-eli", "preferred_username": "eli@students.example.ac.uk"}


@dataclass
class Place:
    """The servers for sign-in: Lantern with all its students, and Entra."""

    office: Office
    service: SignInService
    lantern: str
    entra: str

    def browser(self) -> Browser:
        """Open a new browser without cookies."""
        return Browser(self)


@dataclass
class Browser:
    """A browser that follows redirects between the two and keeps Lantern's cookies."""

    place: Place
    cookies: dict[str, str] = field(default_factory=dict)
    set_cookies: list[str] = field(default_factory=list)
    """Every cookie as it was set."""
    went: list[str] = field(default_factory=list)
    """Every address of either server that was requested."""

    def get(self, path: str) -> httpx.Response:
        """Open a page and follow its redirects."""
        return self._ask("GET", path, None)

    def post(self, path: str, headers: dict[str, str] | None = None, **form: str) -> httpx.Response:
        """Send a form as a page of Lantern's own would, unless ``headers`` say otherwise."""
        own = {"Sec-Fetch-Site": "same-origin"}
        return self._ask("POST", path, form, own if headers is None else headers)

    def signs_in(self, person: dict[str, Any]) -> httpx.Response:
        """Sign in as this person at the service's page, and return the last page."""
        self.place.service.person = person
        return self.get("/me/sign-in")

    def presses(self, page: str, do: str, **fields: str) -> httpx.Response:
        """Press a button of a page as it was read."""
        form = {"do": do, "key": uuid4().hex, "csrf": csrf_of(page)} | fields
        return self._ask("POST", "/me", form, {"Sec-Fetch-Site": "same-origin"})

    def asks_for_absence(
        self, page: str, fields: dict[str, str], document: bytes | None = None
    ) -> httpx.Response:
        """Send the absence form of a page as it was read, with a document."""
        form = {"do": "absence", "key": uuid4().hex, "csrf": csrf_of(page)} | fields
        # Browsers also send the field of a document that was not chosen.
        files = {"document": ("note.pdf", document) if document is not None else ("", b"")}
        headers = {"Sec-Fetch-Site": "same-origin"}
        return self._ask("POST", "/me/absence", form, headers, files)

    def _ask(
        self,
        method: str,
        path: str,
        form: dict[str, str] | None,
        headers: dict[str, str] | None = None,
        files: Files | None = None,
    ) -> httpx.Response:
        address = f"{SERVER}{path}"
        for _ in range(10):
            self.went.append(address)
            answer = self._once(method, address, form, headers, files)
            if not answer.is_redirect:
                return answer
            method, form, headers, files = "GET", None, None, None
            address = str(httpx.URL(address).join(answer.headers["location"]))
        raise AssertionError("it leads round and round")

    def _once(
        self,
        method: str,
        address: str,
        form: dict[str, str] | None,
        headers: dict[str, str] | None,
        files: Files | None = None,
    ) -> httpx.Response:
        is_ours = address.startswith(SERVER)
        there = address.replace(SERVER, self.place.lantern)
        there = there.replace(AUTHORITY, f"{self.place.entra}/entra")
        sent = dict(headers or {})
        if is_ours and self.cookies:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        answer = httpx.request(method, there, data=form, files=files, headers=sent, timeout=30)
        for line in answer.headers.get_list("set-cookie") if is_ours else ():
            self.set_cookies.append(line)
            for name, morsel in SimpleCookie(line).items():
                self.cookies.pop(name, None)
                if morsel["max-age"] != "0":
                    self.cookies[name] = morsel.value
        return answer


def csrf_of(page: str) -> str:
    """Return the token that ties the page's forms to its session; '' where it has no form."""
    found = re.search(r'name="csrf" value="([^"]+)"', page)
    return html.unescape(found[1]) if found else ""


def account(*, is_entra: bool = True) -> SignInAccount:
    """Return Lantern's account as the service knows it."""
    tenant = TENANT if is_entra else ""
    return SignInAccount(
        ROOT if is_entra else OIDC, CLIENT, tenant, f"{SERVER}{CALLBACK}", secret=SECRET
    )


@contextmanager
def sign_in_place(home: Path, *, is_entra: bool = True) -> Iterator[Place]:
    """Start Lantern and the service, each at a port of its own."""
    with office_in(home) as office:
        service = SignInService(office.clock, f"{SERVER}{CALLBACK}")
        with serving(service.app, Stopping()) as entra, httpx.Client() as http:
            sign_in = SignIn(account(is_entra=is_entra), MsalRoute(http, entra))
            services = replace(office.services, sign_in=sign_in)
            with serving(create_app(services), Stopping()) as lantern:
                yield Place(office, service, lantern, entra)
