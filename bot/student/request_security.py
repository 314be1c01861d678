"""Protect a student's page: nothing is stored, framed, or sent from another site.

There is no cookie, so another site's form would have to know the link, which is the secret.
"""

from __future__ import annotations

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src data:; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    # The address is the key to the page.
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Robots-Tag": "noindex, nofollow",
    "Cache-Control": "no-store",
}


class Sealed:
    """Adds the headers, and refuses a form that another site's page made the browser send."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(_HEADERS)
            await send(message)

        if scope["type"] == "http" and scope["method"] == "POST" and _is_foreign(scope):
            sentence = "This form was sent from another site. Use the link in the email."
            await PlainTextResponse(sentence, status_code=403)(scope, receive, send_with_headers)
        else:
            await self.app(scope, receive, send_with_headers)


def _is_foreign(scope: Scope) -> bool:
    """Check the fetch metadata: without a referrer, browsers give our forms no origin either."""
    return Headers(scope=scope).get("sec-fetch-site", "same-origin") != "same-origin"
