"""Lines in the thread of a case's card: one for each event that needs a person.

A line names the case by its reference and says what happened, never the student or their words.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from enum import StrEnum

from store.rules.access.permissions import Action
from store.rules.model import NoticeKind

YIELDS_FOR = dt.timedelta(minutes=1)
"""How much later than the line a private message about the same event may be sent."""


class LineKind(StrEnum):
    """The event that a line is about."""

    ANSWERED = "answered"
    SAID = "said"
    BOUNCED = "bounced"
    DOUBTFUL = "doubtful"
    """A message came that may be an answer."""
    DRAFTED = "drafted"
    """A draft waits for another colleague to read it."""
    ASSIGNED = "assigned"
    ALERT = "alert"
    """A contributing school alerted the home school."""
    NOT_SENT = "not-sent"

    @property
    def needs(self) -> Action:
        """Return the permission that the addressee of this line needs."""
        return _NEEDS.get(self, Action.SEE)

    @property
    def notice(self) -> NoticeKind | None:
        """Return the kind of private message for the same event, which has the same key."""
        return _NOTICES.get(self)


_NEEDS: Mapping[LineKind, Action] = {
    LineKind.DOUBTFUL: Action.REVEAL,
    LineKind.DRAFTED: Action.APPROVE,
    LineKind.ASSIGNED: Action.TAKE,
    LineKind.ALERT: Action.ACKNOWLEDGE,
}

_NOTICES: Mapping[LineKind, NoticeKind] = {
    LineKind.ANSWERED: NoticeKind.ANSWERED,
    LineKind.SAID: NoticeKind.SAID,
    LineKind.BOUNCED: NoticeKind.BOUNCED,
    LineKind.DOUBTFUL: NoticeKind.DOUBTFUL,
    LineKind.ASSIGNED: NoticeKind.ASSIGNED,
    LineKind.ALERT: NoticeKind.ALERT,
    LineKind.NOT_SENT: NoticeKind.NOT_SENT,
}

_SAYS: Mapping[LineKind, str] = {
    LineKind.ANSWERED: "the student of {case} has answered.",
    LineKind.SAID: "the student of {case} {detail}.",
    LineKind.BOUNCED: "the email of {case} bounced: it has not reached the student. The contact "
    "ladder shows the next step.",
    LineKind.DOUBTFUL: "a message for {case} may be an answer from the student. Read it and decide "
    "with Check reply.",
    LineKind.DRAFTED: "an email of {case} is waiting for another colleague to read and approve it.",
    LineKind.ASSIGNED: "{case} is assigned to you.",
    LineKind.ALERT: "another school has alerted yours about {case}. Acknowledge it.",
    LineKind.NOT_SENT: "the approved email of {case} was not sent: {detail}.",
}


def write_notice(kind: LineKind, reference: str, detail: str = "") -> str:
    """Write the line, to follow a name.

    ``detail`` is what the student did, or why an email was not sent; it names no person.
    """
    return _SAYS[kind].format(case=reference, detail=detail.rstrip("."))


def first_needed(
    people: Iterable[tuple[int, int]], able: Iterable[int], spared: Iterable[int]
) -> tuple[int, int] | None:
    """Choose the first (person, today's cover) whose cover is ``able`` and not ``spared``.

    ``people`` are in order of preference; a present person is their own cover. Those who caused the
    event, or are named in an open complaint, are spared.
    """
    free = set(able) - set(spared)
    return next(((meant, acting) for meant, acting in people if acting in free), None)
