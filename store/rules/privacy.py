"""What an erasure has to reach outside the tables, and what became of it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum


class RemnantKind(StrEnum):
    """Where something of a student lies."""

    CARD = "card"
    DIGEST = "digest"
    PRIVATE = "private"
    """A message to one colleague or student."""
    REMARK = "remark"
    """What a colleague said below a card; most platforms let only them delete it."""
    MAIL = "mail"
    ANSWER = "answer"
    LAKE = "lake"

    @property
    def label(self) -> str:
        """How it reads in the receipt."""
        return _LABELS[self]


_LABELS = {
    RemnantKind.CARD: "Card",
    RemnantKind.DIGEST: "Digest",
    RemnantKind.PRIVATE: "Private message",
    RemnantKind.REMARK: "Reply of a colleague",
    RemnantKind.MAIL: "Mail",
    RemnantKind.ANSWER: "Answer of the student",
    RemnantKind.LAKE: "Activity",
}


class RemnantState(StrEnum):
    """``REDACTED``: the message stands, with nothing in it. ``LEFT``: somebody has to delete it."""

    WAITING = "waiting"
    GONE = "gone"
    REDACTED = "redacted"
    LEFT = "left"


@dataclass(frozen=True, slots=True)
class Remnant:
    """One of these things. ``tenant`` is the school's mailbox where it is a mail."""

    id: int
    erasure: int
    school: int
    kind: RemnantKind
    platform: str
    tenant: str
    channel: str
    message: str
    posted_at: dt.datetime | None
    state: RemnantState
    trouble: str = ""
