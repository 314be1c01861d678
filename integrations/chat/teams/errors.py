"""Teams' errors as delivery errors. No text has an address, an id or Teams' own words."""

from __future__ import annotations

import datetime as dt

import httpx

from integrations.chat.interface import DeliveryError, LostMessage
from integrations.chat.teams.refusals import refusal_of
from integrations.error_summary import plain_code
from integrations.verdicts import Verdict, describe_next_step

AGAIN = frozenset({412, 429, 502, 503, 504})
"""Statuses that Microsoft asks to retry, with growing waits
(learn.microsoft.com/microsoftteams/platform/bots/how-to/rate-limit)."""

_IN_BETWEEN = frozenset({500, 502, 503, 504})
"""Statuses from a proxy, after which the message may have been posted."""

_AWAY = _IN_BETWEEN - {500}
"""Statuses of a service that is unavailable. A 500 may be about the message alone."""

_THROTTLED = dt.timedelta(seconds=30)
"""The pause after a 429 without ``Retry-After``."""
LOOK_AGAIN = dt.timedelta(minutes=5)
"""The time between checks whether a person has repaired it: an owner who removed the app from a
channel can add it again."""

_ELSEWHERE = frozenset({"ConversationNotFound", "InvalidConversation", "TenantNotFound"})
"""Codes of a 404 about the conversation rather than the message."""

_SENTENCES = {
    401: "Microsoft Teams does not accept Lantern's sign-in",
    403: "Lantern may not write in this conversation: check that the app is still installed there",
    404: "Microsoft Teams cannot find this conversation or message",
    413: "the message is larger than Microsoft Teams takes",
    429: "Microsoft Teams asked for fewer messages",
}


_GONE = "it is not tried again, since the message is gone"


class TeamsError(DeliveryError):
    """An error response from Teams, as a sentence for people."""

    def __init__(
        self,
        status: int,
        code: str,
        *,
        creates: bool = False,
        retry_after: dt.timedelta | None = None,
    ) -> None:
        sentence = _SENTENCES.get(status, "Microsoft Teams answered with an error")
        gone = status == 404 and not creates and code not in _ELSEWHERE
        refusal = refusal_of(status, code)
        is_fixed = status == 405 and not creates
        verdict = Verdict.FINAL if gone else refusal.verdict
        waits = verdict is Verdict.PERSON
        super().__init__(
            f"{sentence} ({status}{f' {code}' if code else ''}); "
            f"{_GONE if gone else describe_next_step(refusal)}",
            permanent=verdict is Verdict.FINAL,
            waits=waits,
            away=status in _AWAY,
            unknown=creates and status in _IN_BETWEEN,
            retry_after=retry_after
            or (_THROTTLED if status == 429 else LOOK_AGAIN if waits else None),
            throttled=status == 429,
            lost=LostMessage.GONE if gone else LostMessage.FIXED if is_fixed else None,
        )
        self.status = status


def error_of(
    response: httpx.Response, *, creates: bool, retry_after: dt.timedelta | None
) -> TeamsError:
    """Turn a response of Teams into an error. ``creates``: a retry could post a second message."""
    code = plain_code(response)
    return TeamsError(response.status_code, code, creates=creates, retry_after=retry_after)
