"""Decide whether an answer gets an automatic reply (§13, §25; RFC 3834). Pure."""

from __future__ import annotations

import datetime as dt
import re

from store.rules.model import AnswerKind
from store.rules.policies.policy import SchoolPolicy

NEWEST = dt.timedelta(days=2)
"""An answer that was read later than this gets no automatic reply any more: a colleague is next."""

LATEST = dt.timedelta(hours=12)
"""A reply that could not be sent for so long is of no use any more."""

_MESSAGE_ID = re.compile(r"<[\x21-\x3b\x3d\x3f-\x7e]{1,198}>")


def gets_reply(
    policy: SchoolPolicy,
    kind: AnswerKind,
    *,
    is_urgent: bool,
    received_at: dt.datetime,
    now: dt.datetime,
) -> bool:
    """Say whether a message gets an automatic reply.

    A person's message that a colleague is asked to read at once, or that arrived outside working
    hours. Never one by a machine, or one that may be (RFC 3834, section 2), and none where the
    policy names no contact out of hours or has turned it off.
    """
    if kind is not AnswerKind.ANSWER or not policy.urgent.replies_at_once:
        return False
    if now - received_at > NEWEST:
        return False
    return is_urgent or policy.calendar.is_quiet(received_at)


def thread_of(sent: str | None, message: str) -> tuple[str, ...]:
    """Return the ids that a reply names as its thread, oldest first: of our email ``sent``, and of
    the answer, as far as the mail service's name ``message`` for it holds one.
    """
    ours = _MESSAGE_ID.fullmatch(sent or "")
    theirs = _MESSAGE_ID.search(message)
    return tuple(found.group() for found in (ours, theirs) if found)
