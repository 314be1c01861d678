"""Teams' refusals as delivery errors. No text holds an address, an id or Teams' own words."""

from __future__ import annotations

import datetime as dt

import httpx

from integrations.chat.interface import DeliveryError
from integrations.error_summary import plain_code

AGAIN = frozenset({412, 429, 502, 503, 504})
"""What Microsoft asks to be tried again, with growing waits
(learn.microsoft.com/microsoftteams/platform/bots/how-to/rate-limit)."""

_IN_BETWEEN = frozenset({500, 502, 503, 504})
"""Answers of something on the way, after which a message may stand there all the same."""

_PASSING = frozenset({401, 403, 408, 412, 429})

_WAITS = {403: dt.timedelta(minutes=5), 429: dt.timedelta(seconds=30)}
"""After a refusal that does not say how long. An owner who took the app out of a channel (403) can
put it back."""

_SENTENCES = {
    401: "Microsoft Teams does not accept Lantern's sign-in",
    403: "Lantern may not write in this conversation; is the app still installed there?",
    404: "Microsoft Teams knows no such conversation or message",
    413: "the message is larger than Microsoft Teams takes",
    429: "Microsoft Teams asked for fewer messages",
}


class TeamsError(DeliveryError):
    """An answer of Teams' that is not what was asked for."""

    def __init__(
        self,
        status: int,
        code: str,
        *,
        unknown: bool = False,
        retry_after: dt.timedelta | None = None,
    ) -> None:
        sentence = _SENTENCES.get(status, "Microsoft Teams answered with an error")
        super().__init__(
            f"{sentence} ({status}{f' {code}' if code else ''})",
            permanent=400 <= status < 500 and status not in _PASSING,
            unknown=unknown,
            retry_after=retry_after or _WAITS.get(status),
            throttled=status == 429,
            gone=status == 404,
        )
        self.status = status


def error_of(
    response: httpx.Response, *, creates: bool, retry_after: dt.timedelta | None
) -> TeamsError:
    """The error that this answer is. ``creates``: asking again could leave a second message."""
    status = response.status_code
    return TeamsError(
        status,
        plain_code(response),
        unknown=creates and status in _IN_BETWEEN,
        retry_after=retry_after,
    )
