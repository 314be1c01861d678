"""Headers that every response has, from a page, a health check or an endpoint of a platform."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

EVERYWHERE: Mapping[str, str] = {
    "Content-Security-Policy": "default-src 'none'; base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
"""What a response has unless it says otherwise, as pages do that show styles and images."""
ONLY_TLS = "max-age=31536000; includeSubDomains"
"""For a year a browser asks this host, and hosts below it, over TLS alone (ASVS 5.0, 3.4.1)."""


class SecureResponses:
    """Middleware that adds the headers. ``is_tls``: whether people reach this server over TLS."""

    def __init__(self, app: ASGIApp, *, is_tls: bool) -> None:
        self._app = app
        self._headers = dict(EVERYWHERE)
        if is_tls:
            self._headers["Strict-Transport-Security"] = ONLY_TLS

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and complete the headers of its response."""

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, send_with_headers)
