"""Decide whether a student has been in touch or been seen, and which contacts count for what.

Asked in one place: ``store.queries.contacts`` gathers the list of one student from every case and
every school, and each rule names its question. No rule looks for signs of a student by itself.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from store.rules.text.formatting import on_day


class ContactKind(StrEnum):
    """A kind of contact or activity of a student."""

    REPLY = "reply"
    """They answered an email, of any case. No bounce, automatic reply or colleague's email."""
    UNCHECKED = "unchecked"
    """A reply came that may be theirs. It is no contact until a colleague says that it is one."""
    MESSAGE = "message"
    """They said something for themselves: through a link, on their page or to Lantern in Teams."""
    WISH = "wish"
    """They said how, or whether, they want to be written to; also where they took it back."""
    CHAT = "chat"
    """They wrote to Lantern in Teams without saying anything for a colleague."""
    SIGN_IN = "sign-in"
    """They opened their own page. A link that was only fetched is none, and leaves no trace."""
    REACHED = "reached"
    """A colleague logged an attempt that reached them."""
    MEETING = "meeting"
    CALL = "call"
    """A colleague logged one. Where they logged that the student was not there, it is none."""
    REFERRAL = "referral"
    """They agreed to be referred to a service."""
    TRACES = "traces"
    """A colleague looked at log-ins or card swipes, for a stated purpose, and saw something."""
    ACTIVITY = "activity"
    """A source of activity shows them."""

    @property
    def says(self) -> str:
        """The contact as the beginning of a sentence, before “on Monday 9 November”."""
        return _SAYS[self]


class ContactQuestion(StrEnum):
    """The questions that rules ask of the list of contacts."""

    FITNESS = "fitness"
    """Was anything at all seen or heard? Then Fitness to Study is not recommended (§16)."""
    LADDER = "ladder"
    """Has the student been in touch, so that the contact ladder stops (§15)? The next email that
    Lantern drafts follows the ladder."""
    ANSWERED = "answered"
    """Has the student themself written or said something, so that it is an answer?"""
    WELFARE = "welfare"
    """Like ``ANSWERED`` without wishes about contact: a concern for welfare does not depend on
    them."""
    MET = "met"
    """Has a colleague been in touch with the student, so that what was written before is read
    again before it is sent?"""
    REACTION = "reaction"
    """Does something of the student wait for a colleague's reaction?"""
    ENGAGEMENT = "engagement"
    """Does it count as engagement in the family of meetings (§9)?"""


_K = ContactKind
_SPOKEN = frozenset({_K.REACHED, _K.MEETING, _K.CALL, _K.REFERRAL})
_WRITTEN = frozenset({_K.REPLY, _K.MESSAGE})

COUNTS: dict[ContactQuestion, frozenset[ContactKind]] = {
    ContactQuestion.FITNESS: frozenset(ContactKind),
    ContactQuestion.LADDER: _WRITTEN | {_K.WISH} | _SPOKEN,
    ContactQuestion.ANSWERED: _WRITTEN | {_K.WISH},
    ContactQuestion.WELFARE: _WRITTEN,
    ContactQuestion.MET: _SPOKEN,
    ContactQuestion.REACTION: _WRITTEN | {_K.WISH},
    # A reply is no attendance, and a call is no meeting.
    ContactQuestion.ENGAGEMENT: frozenset({_K.MEETING}),
}
"""The kinds that count for each question. Others do not count."""

_SAYS = {
    _K.REPLY: "The student answered",
    _K.UNCHECKED: "A reply to check came",
    _K.MESSAGE: "The student sent a message",
    _K.WISH: "The student said how they want to be contacted",
    _K.CHAT: "The student wrote to Lantern in Teams",
    _K.SIGN_IN: "The student opened their own page",
    _K.REACHED: "A colleague reached the student",
    _K.MEETING: "A colleague met the student",
    _K.CALL: "A colleague had a call with the student",
    _K.REFERRAL: "The student agreed to a referral",
    _K.TRACES: "A colleague saw traces of the student",
    _K.ACTIVITY: "A source of activity shows the student",
}


@dataclass(frozen=True, slots=True)
class Contact:
    """A contact with or activity of a student: its kind, time and source."""

    at: dt.datetime
    """UTC. A contact known only by its day is put at the day's end, but not after it was saved."""
    day: dt.date
    """The institution's day of ``at``."""
    kind: ContactKind
    where: str = ""
    """The case's reference, or the source of activity; '' where it has neither."""

    @property
    def sentence(self) -> str:
        """The contact as a sentence: ``The student answered on Monday 9 November.``"""
        if self.kind is ContactKind.ACTIVITY:
            return f"{self.where} shows the student on {on_day(self.day)}."
        return f"{self.kind.says} on {on_day(self.day)}."


def contacts_that_count(
    contacts: Iterable[Contact], question: ContactQuestion, since: dt.date | None = None
) -> tuple[Contact, ...]:
    """Return the contacts that answer the question, from the day ``since`` on, oldest first."""
    kinds = COUNTS[question]
    found = [
        each for each in contacts if each.kind in kinds and (since is None or each.day >= since)
    ]
    return tuple(sorted(found, key=lambda each: (each.at, each.kind)))


def newest_contact(
    contacts: Iterable[Contact], question: ContactQuestion, since: dt.date | None = None
) -> Contact | None:
    """Return the newest contact; None where there is none."""
    found = contacts_that_count(contacts, question, since)
    return found[-1] if found else None
