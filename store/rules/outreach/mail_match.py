"""Match an incoming message to the email of ours that it answers, by marks in a fixed order.

1. The messages that it answers (``In-Reply-To``, ``References``), or our own key on it.
2. The conversation; if it has emails to several students, also the sender.
3. The sender's address, if that student has an unanswered email: only a proposal.

A student's words never go to another student's case: where the marks disagree, a colleague is
asked. Source of the first: RFC 5322, section 3.6.4.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from store.rules.model import AnswerKind, Doubt
from store.rules.text.formatting import storable


@dataclass(frozen=True, slots=True)
class Marks:
    """The marks of an incoming message; each is empty where the message has none.

    ``references`` are the Message-IDs that it answers, oldest first; ``key`` is the key that our
    email carried; ``mailbox`` is where it arrived.
    """

    conversation: str = ""
    references: tuple[str, ...] = ()
    key: str = ""
    sender: str = ""
    mailbox: str = ""
    is_unproven: bool = False
    """Whether the mail server found that the sender did not send it."""

    def storable(self) -> Marks:
        """Return them as a query takes them, since a message from outside may hold anything."""
        return replace(
            self,
            conversation=storable(self.conversation),
            references=tuple(map(storable, self.references)),
            key=storable(self.key),
            sender=storable(self.sender),
            mailbox=storable(self.mailbox),
        )


@dataclass(frozen=True, slots=True)
class MatchCandidate:
    """An email of ours that a mark names, and its student."""

    mail: int
    case: int
    student: int


@dataclass(frozen=True, slots=True)
class MatchedMail:
    """The emails of ours that an incoming message's marks refer to, the best match last."""

    answered: Sequence[MatchCandidate] = ()
    conversation: Sequence[MatchCandidate] = ()
    asked: Sequence[MatchCandidate] = ()
    """Emails to the sender that wait for an answer."""
    senders: Collection[int] = ()
    """The students with this address in the roster."""


@dataclass(frozen=True, slots=True)
class Match:
    """The email that a message answers.

    ``doubt``: a colleague decides whether it does. ``hides_words``: its text is not shown on the
    case, since it may be another student's.
    """

    mail: MatchCandidate
    doubt: Doubt | None = None
    hides_words: bool = False


def match_of(found: MatchedMail, kind: AnswerKind) -> Match | None:
    """Decide which email a message answers; None where it answers none of ours."""
    named = found.answered or found.conversation
    if not named:
        return _proposed(found, kind)
    students = {each.student for each in named}
    if len(students) > 1:
        named = [each for each in named if each.student in found.senders]
        if len({each.student for each in named}) != 1:
            newest = max(found.answered or found.conversation, key=lambda each: each.mail)
            return Match(newest, Doubt.SEVERAL, hides_words=True)
    elif found.senders and not students & set(found.senders):
        # Another student's address: their words go to their own case, or to none.
        own = _proposed(found, AnswerKind.ANSWER)
        return own or Match(named[-1], Doubt.SENDER, hides_words=True)
    return Match(named[-1], Doubt.AUTOMATIC if kind is AnswerKind.DOUBTFUL else None)


def _proposed(found: MatchedMail, kind: AnswerKind) -> Match | None:
    is_from_a_person = kind in (AnswerKind.ANSWER, AnswerKind.DOUBTFUL)
    if not is_from_a_person or len({each.student for each in found.asked}) != 1:
        return None
    return Match(found.asked[-1], Doubt.NO_REPLY)
