"""Whether a message was written by a person. Only then is it an answer.

By what mail servers say of themselves: RFC 3834 (``Auto-Submitted``), RFC 3464 (delivery
reports), and Exchange's message classes and ``X-Auto-Response-Suppress``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from store.rules.model import AnswerKind

_AUTOMATIC_CLASSES = ("report.", "ipm.note.rules.")
"""Reports (read, delayed, delivered) and what rules send, such as an absence notice."""

_SAY_AUTOMATIC = ("x-auto-response-suppress", "x-autoreply", "x-autorespond")
_FAILED = re.compile(r"^action:\s*failed", re.IGNORECASE | re.MULTILINE)


def kind_of(headers: Mapping[str, str], *, message_class: str = "", report: str = "") -> AnswerKind:
    """What kind of message has these headers (names in small letters).

    ``message_class`` is Exchange's, ``report`` the machine-readable part of a delivery report;
    each is empty where there is none.
    """
    exchange = message_class.casefold()
    if exchange.startswith("report.") and exchange.endswith(".ndr"):
        return AnswerKind.BOUNCE
    if _is_delivery_report(headers) and _FAILED.search(report):
        return AnswerKind.BOUNCE
    if exchange.startswith(_AUTOMATIC_CLASSES) or _says_automatic(headers):
        return AnswerKind.AUTOMATIC
    return AnswerKind.ANSWER


def _is_delivery_report(headers: Mapping[str, str]) -> bool:
    content = headers.get("content-type", "").casefold()
    return content.startswith("multipart/report") and "delivery-status" in content


def _says_automatic(headers: Mapping[str, str]) -> bool:
    submitted = headers.get("auto-submitted", "no").strip().casefold()
    if submitted.partition(";")[0].strip() != "no" or _is_delivery_report(headers):
        return True
    if headers.get("precedence", "").strip().casefold() == "auto_reply":
        return True
    return any(name in headers for name in _SAY_AUTOMATIC)
