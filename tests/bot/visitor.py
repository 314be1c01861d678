"""A client in place of a browser: sends requests to an application and keeps the cookies."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping

import httpx
from starlette.types import ASGIApp

ORIGIN = "http://127.0.0.1:8000"


class Visitor:
    """A synchronous client of one application, without a socket. Redirects are not followed."""

    def __init__(self, app: ASGIApp) -> None:
        # An exception is returned as the page with which the application answers it.
        self._transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        self.cookies = httpx.Cookies()

    def get(self, path: str, headers: Mapping[str, str] | None = None) -> httpx.Response:
        """Load a page."""
        return asyncio.run(self._send("GET", path, None, headers))

    def post(
        self,
        path: str,
        form: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> httpx.Response:
        """Send a form, as a page of the application itself would unless ``headers`` are given."""
        own = {"Origin": ORIGIN, "Sec-Fetch-Site": "same-origin"}
        return asyncio.run(self._send("POST", path, form, own if headers is None else headers))

    def request(self, method: str, path: str) -> httpx.Response:
        """Send any other request, without a form."""
        return asyncio.run(self._send(method, path, None, None))

    async def _send(
        self,
        method: str,
        path: str,
        form: Mapping[str, str] | None,
        headers: Mapping[str, str] | None,
    ) -> httpx.Response:
        async with httpx.AsyncClient(
            transport=self._transport, base_url=ORIGIN, cookies=self.cookies
        ) as client:
            response = await client.request(method, path, data=form, headers=headers)
            self.cookies = client.cookies
            return response


def forms(html: str, action: str) -> list[dict[str, str]]:
    """Return the hidden and text inputs of every form with this address, in order."""
    found = re.findall(rf'<form[^>]* action="{action}"[^>]*>(.*?)</form>', html, re.DOTALL)
    fields = r'<input type="(?:hidden|text)" name="([^"]+)" value="([^"]*)"'
    return [dict(re.findall(fields, form)) for form in found]
