"""What an erasure has to delete outside the database, and the result."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum


class RemnantKind(StrEnum):
    """The kind of place where something of a student is stored."""

    CARD = "card"
    DIGEST = "digest"
    PICTURE = "picture"
    """The picture of a card's chart."""
    PRIVATE = "private"
    """A message to one colleague or student."""
    REMARK = "remark"
    """What a colleague said below a card; most platforms let only them delete it."""
    MAIL = "mail"
    ANSWER = "answer"
    LAKE = "lake"

    @property
    def label(self) -> str:
        """Return the name in the receipt."""
        return _LABELS[self]


_LABELS = {
    RemnantKind.CARD: "Card",
    RemnantKind.DIGEST: "Digest",
    RemnantKind.PICTURE: "Picture of a chart",
    RemnantKind.PRIVATE: "Private message",
    RemnantKind.REMARK: "Reply of a colleague",
    RemnantKind.MAIL: "Email",
    RemnantKind.ANSWER: "Answer of the student",
    RemnantKind.LAKE: "Activity",
}


class RemnantState(StrEnum):
    """What became of a copy that has to be deleted. ``REDACTED``: the message is there, but empty.
    ``LEFT``: a person has to delete it.
    """

    WAITING = "waiting"
    GONE = "gone"
    REDACTED = "redacted"
    LEFT = "left"


@dataclass(frozen=True, slots=True)
class ExternalCopy:
    """One copy outside the database that has to be deleted. ``tenant`` is the school's mailbox
    where it is an email.
    """

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
