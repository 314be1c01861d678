"""The public interfaces: the command line, and a browser on the sandbox and student pages."""

from __future__ import annotations

import asyncio
import io
import os
import sys
from collections.abc import Mapping
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from typing import Any
from unittest.mock import patch

import httpx
from starlette.types import ASGIApp

from worker.cli.main import main
from worker.demo.browser import Element, Form, NotThere, read_page

ORIGIN = "http://127.0.0.1:8765"


@dataclass(frozen=True)
class Printed:
    """The output and exit code of a command."""

    out: str
    err: str
    code: int

    @property
    def text(self) -> str:
        """Return all output on one line."""
        return " ".join(f"{self.out} {self.err}".split())


def command_line(environment: Mapping[str, str], *words: object) -> Printed:
    """Run ``lantern <words>`` in this process, since starting another takes a second."""
    out, err, code = io.StringIO(), io.StringIO(), 0
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "TZ")}
    with (
        patch.dict(os.environ, {**kept, **environment}, clear=True),
        patch.object(sys, "argv", ["lantern", *map(str, words)]),
        redirect_stdout(out),
        redirect_stderr(err),
    ):
        try:
            main()
        except SystemExit as ended:
            code = ended.code if isinstance(ended.code, int) else 1
    return Printed(out.getvalue(), err.getvalue(), code)


@dataclass
class Tab:
    """A browser tab: it keeps cookies, follows redirects, and shows one page at a time."""

    app: ASGIApp
    address: str = "/sandbox"
    page: Element = field(default_factory=lambda: Element("page"))
    status: int = 0
    _cookies: httpx.Cookies = field(default_factory=httpx.Cookies)

    def get(self, path: str) -> Element:
        """Load a page."""
        return asyncio.run(self._asks("GET", path))

    def send(self, form: Form, answers: Mapping[str, str] | None = None, **names: str) -> Element:
        """Fill in a form, by the labels of ``answers`` or the fields' ``names``, and send it."""
        values = form.filled_in(answers or {})
        for name, value in names.items():
            key = f"field.{name}" if f"field.{name}" in values else name
            if key not in values:
                raise NotThere(f"the form has no field {name}, only {sorted(values)}")
            values[key] = value
        return self.post(form.address or self.address, values)

    def press(self, path: str, *words: str, number: str = "") -> Element:
        """Load a page and press the first button with one of these words, in any case; without
        words the first button. ``number`` is the student number that the page asks for."""
        page = self.get(path)
        for form in page.all("form"):
            for button in form.all("button"):
                if not words or any(word.casefold() in button.text.casefold() for word in words):
                    self.address = path
                    known = {"number": number} if number else {}
                    return self.send(Form(form, button), None, **known)
        raise NotThere(f"no button says {' or '.join(words)}: {page.text[:300]}")

    def post(self, path: str, values: Mapping[str, str], *, follow: bool = True) -> Element:
        """Send any values, as a page of the application itself would."""
        own = {"Origin": ORIGIN, "Sec-Fetch-Site": "same-origin"}
        return asyncio.run(self._asks("POST", path, follow, data=dict(values), headers=own))

    async def _asks(self, method: str, path: str, follow: bool = True, **sent: Any) -> Element:
        # The application answers an exception with a page, so it is returned as that page.
        transport = httpx.ASGITransport(self.app, raise_app_exceptions=False)
        async with httpx.AsyncClient(
            transport=transport, base_url=ORIGIN, cookies=self._cookies, follow_redirects=follow
        ) as client:
            response = await client.request(method, path, **sent)
            self._cookies = client.cookies
        self.status, self.address = response.status_code, response.url.path
        if response.is_server_error:
            raise NotThere(f"the server answered {response.status_code} at {response.url.path}")
        self.page = read_page(response.text)
        return self.page
