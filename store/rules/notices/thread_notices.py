"""Lines in the thread of a case's card: one for each thing that needs a person.

A line names the case by its reference and says what happened, never whose it is nor their words.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from enum import StrEnum

from store.rules.access.permissions import Action
from store.rules.model import NoticeKind

YIELDS_FOR = dt.timedelta(minutes=1)
"""How much later than the line the private message of the same occasion may go, if at all."""


class LineKind(StrEnum):
    """What a line is about."""

    ANSWERED = "answered"
    SAID = "said"
    BOUNCED = "bounced"
    DOUBTFUL = "doubtful"
    """A message came that may be an answer."""
    DRAFTED = "drafted"
    """A draft waits for another colleague's reading."""
    ASSIGNED = "assigned"
    ALERT = "alert"
    """A contributing school alerted the home school."""
    NOT_SENT = "not-sent"

    @property
    def needs(self) -> Action:
        """What the person who is needed must be allowed to do."""
        return _NEEDS.get(self, Action.SEE)

    @property
    def notice(self) -> NoticeKind | None:
        """The private message of the same occasion, which has the same key."""
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
    LineKind.BOUNCED: "the mail of {case} came back, so it has not reached the student. The "
    "contact ladder says what comes next.",
    LineKind.DOUBTFUL: "a message for {case} may be an answer from the student. Read it and decide "
    "with Check reply.",
    LineKind.DRAFTED: "a mail of {case} waits for another colleague to read and approve it.",
    LineKind.ASSIGNED: "{case} is with you now.",
    LineKind.ALERT: "another school has alerted yours about {case}. Please acknowledge it.",
    LineKind.NOT_SENT: "the approved mail of {case} was not sent: {detail}.",
}


def sentence(kind: LineKind, reference: str, detail: str = "") -> str:
    """What the line says, to go on after a name. ``detail`` is what a saying is, or why a mail
    was not sent; neither names anybody."""
    return _SAYS[kind].format(case=reference, detail=detail.rstrip("."))


def first_needed(
    people: Iterable[tuple[int, int]], able: Iterable[int], spared: Iterable[int]
) -> tuple[int, int] | None:
    """(person meant, who acts for them today) of the first who is able and is not spared.

    ``people`` come in the order in which they are needed. Whoever did it themselves is spared, and
    so is whoever an open complaint is about.
    """
    free = set(able) - set(spared)
    return next(((meant, acting) for meant, acting in people if acting in free), None)
