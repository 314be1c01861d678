"""Describe an exception without its text, which may quote a person."""

from __future__ import annotations

import re
import ssl

import httpx
from rq.timeouts import BaseTimeoutException

from store.rules.text.formatting import listed

GOES_THROUGH = (MemoryError, BaseTimeoutException)
"""Subclasses of ``Exception`` that concern the process rather than its work: out of memory, and
rq's time-out of a job. Handlers of ``Exception`` re-raise them first. Interrupts, cancellation and
exits are not an ``Exception`` anyway."""


_UNTRUSTED = "CERTIFICATE_VERIFY_FAILED"


class QueryInterrupted(BaseTimeoutException):
    """A signal interrupted a query: a job's time is over, or a person stopped the command."""


def place(error: BaseException) -> str:
    """Return the function and line that raised it, as ``_put:57``."""
    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    return f"{trace.tb_frame.f_code.co_name}:{trace.tb_lineno}" if trace else "unknown"


def plain_code(response: httpx.Response) -> str:
    """Return Microsoft's error code, such as ``ErrorItemNotFound``; '' unless it is a plain word.

    The message that comes with it may quote an address or sent data.
    """
    try:
        code = str(response.json()["error"]["code"])
    except (ValueError, LookupError, TypeError, RecursionError):
        return ""
    return code if re.fullmatch(r"[A-Za-z]{1,60}", code) else ""


def unreachable(service: str, error: BaseException, setting: str = "") -> str:
    """Write that a service cannot be reached, why, and what to check, without a full stop.

    ``setting`` is the setting with its address, if any.
    """
    if refuses_certificate(error):
        checks = ["the proxy", "this machine's clock"]
        kind = "its certificate is not accepted"
    else:
        checks, kind = ["the network"], type(error).__name__
    checks += [setting] if setting else []
    return f"{service} cannot be reached: {kind}; check {listed(checks)}"


def refuses_certificate(error: BaseException) -> bool:
    """Return whether a certificate was refused, which HTTP clients wrap in other errors."""
    found: BaseException | None = error
    for _ in range(10):  # an error may name itself as its cause
        if found is None:
            return False
        if isinstance(found, ssl.SSLCertVerificationError) or _UNTRUSTED in str(found):
            return True
        reason = getattr(found, "reason", None)
        is_inside = isinstance(reason, BaseException)
        found = reason if is_inside else found.__cause__ or found.__context__
    return False


def unforeseen(error: BaseException) -> str:
    """Return an unexpected error as a sentence: its type and place, and what to do."""
    return (
        f"Unexpected error: {type(error).__name__} in {place(error)}. "
        "Lantern tries again by itself. If it happens again, tell your Lantern administrator."
    )
