"""Decide whether an answer gets an automatic reply (§13, §25; RFC 3834). Pure."""

from __future__ import annotations

import datetime as dt
import re

from store.rules.model import AnswerKind
from store.rules.policies.policy import SchoolPolicy

NEWEST = dt.timedelta(days=2)
"""An answer fetched later than this gets no automatic reply: a colleague reads it next."""

LATEST = dt.timedelta(hours=12)
"""A reply that could not be sent for this long is no longer useful."""

_MESSAGE_ID = re.compile(r"<[\x21-\x3b\x3d\x3f-\x7e]{1,198}>")


def gets_reply(
    policy: SchoolPolicy,
    kind: AnswerKind,
    *,
    is_urgent: bool,
    received_at: dt.datetime,
    now: dt.datetime,
) -> bool:
    """Return whether a message gets an automatic reply.

    It does if a person wrote it, and it is urgent or arrived outside working hours. Messages that
    are or may be automatic never get one (RFC 3834, section 2), nor do any where the policy names
    no contact out of hours or has turned automatic replies off.
    """
    if kind is not AnswerKind.ANSWER or not policy.urgent.replies_at_once:
        return False
    if now - received_at > NEWEST:
        return False
    return is_urgent or policy.calendar.is_quiet(received_at)


def thread_of(sent: str | None, message: str) -> tuple[str, ...]:
    """Return the Message-IDs of a reply's thread, oldest first: our email's and the answer's.

    ``sent`` is our email's id; ``message`` is the mail service's id of the answer, which may
    contain its Message-ID.
    """
    ours = _MESSAGE_ID.fullmatch(sent or "")
    theirs = _MESSAGE_ID.search(message)
    return tuple(found.group() for found in (ours, theirs) if found)
