"""Graph's refusals as the mailer's errors. No text holds an address, an id or Graph's own words."""

from __future__ import annotations

import datetime as dt

import httpx

from integrations.error_summary import plain_code
from integrations.mail.interface import MailError

_PASSING = frozenset({401, 403, 408, 409, 423, 425, 429})
"""Refusals that say nothing about the mail. 403 is one of them: an administrator who took a
permission away gives it back, and the mail is no worse for it."""

ASK_AGAIN = dt.timedelta(minutes=5)
"""After a 403. Exchange itself takes up to two hours until a grant is in force."""

_SENTENCES = {
    401: "Microsoft Graph does not accept Lantern's sign-in",
    403: "Lantern may not use this mailbox",
    404: "Microsoft Graph knows no such mailbox or message",
    429: "Microsoft Graph asked for fewer requests",
}


class GraphError(MailError):
    """An answer of Graph's that is not what was asked for."""

    def __init__(
        self,
        status: int,
        code: str,
        *,
        unknown: bool = False,
        retry_after: dt.timedelta | None = None,
    ) -> None:
        sentence = _SENTENCES.get(status, "Microsoft Graph answered with an error")
        super().__init__(
            f"{sentence} ({status}{f' {code}' if code else ''}).",
            permanent=400 <= status < 500 and status not in _PASSING,
            unknown=unknown,
            retry_after=retry_after or (ASK_AGAIN if status == 403 else None),
        )
        self.status = status
        self.code = code


def error_of(
    response: httpx.Response, *, changes: bool, retry_after: dt.timedelta | None
) -> GraphError:
    """The error that this answer is.

    ``changes``: the request may have had its effect, whatever a server in between answered.
    """
    unknown = changes and (response.status_code >= 500 or response.status_code == 408)
    return GraphError(
        response.status_code, plain_code(response), unknown=unknown, retry_after=retry_after
    )
