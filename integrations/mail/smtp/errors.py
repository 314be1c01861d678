"""Mail servers' errors as mailer errors. No text has an address or a server's own words."""

from __future__ import annotations

import datetime as dt
import re

from integrations import error_summary
from integrations.mail.interface import MailError
from integrations.mail.smtp.refusals import imap_refusal, smtp_refusal
from integrations.verdicts import Refusal, Verdict, describe_next_step

ASK_AGAIN = dt.timedelta(minutes=5)
"""The time between checks whether a person has repaired it."""

_ENHANCED = re.compile(rb"\A\s*([245]\.\d{1,3}\.\d{1,3})(?:\s|\Z)")
_IMAP_CODE = re.compile(rb"\[([A-Z]{2,40})[\] ]")
_OF_SIGN_IN = frozenset({432, 454, 530, 534, 535, 538})
"""Replies to AUTH, or for want of it (RFC 4954, section 6)."""


def smtp_error(
    code: int, text: bytes, *, of_recipient: bool = False, away: bool = False
) -> MailError:
    """Return the error of a refusal. The email was certainly not accepted.

    ``away``: it is not about this email, since the server would accept none.
    """
    if code < 400:
        return MailError("The mail server's reply cannot be read.", away=True)
    found = _ENHANCED.match(text)
    enhanced = found[1].decode() if found else ""
    refusal = smtp_refusal(code, enhanced, of_recipient=of_recipient)
    said = f"{code}{f' {enhanced}' if enhanced else ''}"
    refused = "the sign-in" if code in _OF_SIGN_IN else "the email"
    return _error(f"The mail server refused {refused} ({said})", refusal, away=away or code == 421)


def imap_error(answer: object) -> MailError:
    """Return the error of a failed command. ``answer`` is the response or the exception."""
    raw = answer if isinstance(answer, bytes) else str(answer).encode("ascii", "replace")
    found = _IMAP_CODE.search(raw)
    code = found[1].decode() if found else ""
    said = f"The mail server refused to open or change the mailbox{f' ({code})' if code else ''}"
    return _error(said, imap_refusal(code), away=True)


def unreachable_server(name: str, error: Exception) -> MailError:
    """Return the error of a server that cannot be reached, or closed before it did anything."""
    said = error_summary.unreachable(f"The mail server of {name}", error, name)
    return MailError(f"{said}. Lantern tries again by itself.", away=True)


def _error(sentence: str, refusal: Refusal, *, away: bool) -> MailError:
    waits = refusal.verdict is Verdict.PERSON
    error = MailError(
        f"{sentence}; {describe_next_step(refusal)}.",
        permanent=refusal.verdict is Verdict.FINAL,
        waits=waits,
        retry_after=ASK_AGAIN if waits else None,
    )
    error.away = away
    return error
