"""Keep other web sites out of a server that trusts everyone on this machine.

The sandbox has no passwords: anyone who reaches it may act as anyone. It is bound to loopback, so
the other pages in the same browser are what remains. They could reach it by a host name of their
own that resolves to 127.0.0.1, by sending a form here, or by showing it in a frame.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LOOPBACK = ["127.0.0.1", "localhost", "[::1]"]

_SECURITY_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    # Not "no-referrer": with that, browsers send "Origin: null" with our own forms too.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def sandbox_middleware() -> list[Middleware]:
    """List the middleware of every request to the sandbox, outermost first."""
    return [
        Middleware(SecurityHeaders),
        Middleware(TrustedHostMiddleware, allowed_hosts=LOOPBACK, www_redirect=False),
        Middleware(SameOriginPosts),
    ]


class SecurityHeaders:
    """Adds headers that restrict what a browser allows these pages."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update(_SECURITY_HEADERS)
                # Pages change with every click, and a back button must not show another person's.
                headers.setdefault("Cache-Control", "no-store")
            await send(message)

        await self.app(scope, receive, send_with_headers)


class SameOriginPosts:
    """Refuses a POST that another site's page made the browser send."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_post = scope["type"] == "http" and scope["method"] not in {"GET", "HEAD"}
        if is_post and not _is_same_origin(Headers(scope=scope)):
            sentence = "This form was sent from another site, so the sandbox refused it."
            await PlainTextResponse(sentence, status_code=403)(scope, receive, send)
        else:
            await self.app(scope, receive, send)


def _is_same_origin(headers: Headers) -> bool:
    """Check where the browser says a POST comes from; a script on this machine may say nothing."""
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site == "same-origin"
    origin = headers.get("origin")
    return origin is None or urlsplit(origin).netloc == headers.get("host")
