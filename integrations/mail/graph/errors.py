"""Graph's errors as mailer errors. No text has an address, an id or Graph's own words."""

from __future__ import annotations

import datetime as dt

import httpx

from integrations.error_summary import plain_code
from integrations.mail.graph.refusals import is_of_one_message, refusal_of
from integrations.mail.interface import MailError
from integrations.verdicts import Verdict, describe_next_step

ASK_AGAIN = dt.timedelta(minutes=5)
"""The time between checks whether a person has repaired it. A new permission takes up to two hours
to become effective in Exchange."""

NO_SENSE = (
    "Microsoft Graph sent a response that Lantern cannot read; Lantern checks again by itself. "
    "If this continues, check GRAPH_URL, and any proxy in between."
)

_SENTENCES = {
    401: "Microsoft Graph does not accept Lantern's sign-in",
    403: "Lantern may not use this mailbox",
    404: "Microsoft Graph cannot find this mailbox or message",
    412: "The mailbox was changed at the same time",
    423: "The mailbox is locked for a while",
    507: "The mailbox is full",
    429: "Microsoft Graph asked for fewer requests",
}


_OF_CODES = {
    "ErrorQuotaExceeded": "The mailbox is full",
    "ErrorSubmissionQuotaExceeded": "The mailbox has sent as much as it may in a day",
    "ErrorRecipientQuotaExceeded": "The mailbox has sent as much as it may in a day",
    "ErrorExceededMessageLimit": "The mailbox has sent as much as it may in a day",
}
"""Codes that say more than their status."""


class GraphError(MailError):
    """An error response from Graph, as a sentence for people."""

    def __init__(
        self,
        status: int,
        code: str,
        *,
        unknown: bool = False,
        retry_after: dt.timedelta | None = None,
    ) -> None:
        refusal = refusal_of(status, code)
        verdict = refusal.verdict
        waits = verdict is Verdict.PERSON
        is_of_mailbox = not is_of_one_message(status, code)
        sentence = _SENTENCES.get(status, "Microsoft Graph answered with an error")
        if status == 404 and is_of_mailbox:
            sentence = "Microsoft Graph knows no such mailbox"
        sentence = _OF_CODES.get(code, sentence)
        super().__init__(
            f"{sentence} ({status}{f' {code}' if code else ''}); {describe_next_step(refusal)}.",
            permanent=verdict is Verdict.FINAL,
            waits=waits,
            unknown=unknown,
            retry_after=retry_after or (ASK_AGAIN if waits else None),
        )
        self.away = is_of_mailbox
        self.status = status
        self.code = code


def error_of(
    response: httpx.Response, *, changes: bool, retry_after: dt.timedelta | None
) -> GraphError:
    """Turn a response of Graph into an error.

    ``changes``: the request may have had its effect, whatever a proxy answered.
    """
    unknown = changes and (response.status_code >= 500 or response.status_code == 408)
    return GraphError(
        response.status_code, plain_code(response), unknown=unknown, retry_after=retry_after
    )
