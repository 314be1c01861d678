"""Messages from a student, from a link in an email, their own page or a chat."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from store.rules.errors import InvalidInput
from store.rules.text.formatting import storable
from store.rules.text.limits import within

LONGEST = 2000
"""Characters of their own words."""

ROOM = ((10, dt.timedelta(hours=1)), (30, dt.timedelta(days=1)))
"""The most messages from one student in a period, on all ways together: each one notifies a
colleague."""


class Saying(StrEnum):
    """The kinds of messages from students."""

    FINE = "fine"
    WRONG = "wrong"
    CONTACT_BY = "contact-by"
    TALK = "talk"
    CIRCUMSTANCES = "circumstances"
    """The student's own account of what bears on their studies."""
    OPT_OUT = "opt-out"
    OPT_IN = "opt-in"
    ABSENCE = "absence"
    """A request to be absent, sent from the student's own page alone."""

    @property
    def label(self) -> str:
        """Return the message in the student's words."""
        return _IN_THEIR_WORDS[self]

    @property
    def told(self) -> str:
        """Return the predicate that follows “The student”, without quoting the student."""
        return _AS_TOLD[self]


class ContactWay(StrEnum):
    """A way in which a student wants to be contacted."""

    UNIVERSITY_EMAIL = "university-email"
    PERSONAL_EMAIL = "personal-email"
    PHONE = "phone"
    CHAT = "chat"

    @property
    def label(self) -> str:
        """Return the words that follow “by”, as in “contacted by …”."""
        return self.value.replace("-", " ")


_IN_THEIR_WORDS = {
    Saying.FINE: "I am fine",
    Saying.WRONG: "Something is wrong here",
    Saying.CONTACT_BY: "Please contact me another way",
    Saying.TALK: "I would like to talk",
    Saying.CIRCUMSTANCES: "What you should know about me",
    Saying.OPT_OUT: "Stop emails about engagement, please",
    Saying.OPT_IN: "You may write to me about engagement again",
    Saying.ABSENCE: "Please agree to an absence",
}

_AS_TOLD = {
    Saying.FINE: "said that they are fine",
    Saying.WRONG: "reported a mistake",
    Saying.CONTACT_BY: "said how they want to be contacted",
    Saying.TALK: "would like to talk",
    Saying.CIRCUMSTANCES: "told about their circumstances",
    Saying.OPT_OUT: "wants no more emails about engagement",
    Saying.OPT_IN: "may be written to about engagement again",
    Saying.ABSENCE: "asked for an absence to be agreed",
}

ASKS_FOR_AN_ANSWER = frozenset({Saying.WRONG, Saying.TALK, Saying.ABSENCE})
"""A colleague answers these. ``WRONG`` is a question about the data, on a case too, and ``ABSENCE``
waits for a decision; a student who wants to talk and has a case is answered there."""

PREFERENCES = frozenset({Saying.CONTACT_BY, Saying.OPT_OUT, Saying.OPT_IN})
"""Wishes for the future, which do not reopen a closed case."""


@dataclass(frozen=True, slots=True)
class Said:
    """A student's message. ``mail`` is the outreach whose link they followed, if any."""

    student: int
    kind: Saying
    words: str = ""
    way: ContactWay | None = None
    mail: int | None = None


def check_said(said: Said) -> Said:
    """Tidy the message, or raise ``InvalidInput`` with a sentence for the student."""
    words = storable(said.words).strip()
    within(words, LONGEST, "words")
    if said.kind is Saying.WRONG and not words:
        raise InvalidInput("Please say in a few words what is wrong.", field="words")
    if said.kind is Saying.CIRCUMSTANCES and not words:
        raise InvalidInput("Please say in a few words what we should know.", field="words")
    way = said.way if said.kind is Saying.CONTACT_BY else None
    if said.kind is Saying.CONTACT_BY and way is None and not words:
        raise InvalidInput("Please choose how you want to be contacted.", field="way")
    return Said(said.student, said.kind, words, way, said.mail)


def heard_again(times: Sequence[dt.datetime], now: dt.datetime) -> dt.datetime | None:
    """Return when this student may write again; None: now. ``times``, newest first."""
    until = max((times[most - 1] + span for most, span in ROOM if len(times) >= most), default=now)
    return until if until > now else None


_WAYS = (
    (ContactWay.PHONE, r"phone|telephone|mobile|call|ring"),
    (ContactWay.CHAT, r"chat|teams"),
    (ContactWay.PERSONAL_EMAIL, r"(?:personal|private|own|home) (?:e-?mail|mail|address)"),
    (ContactWay.UNIVERSITY_EMAIL, r"e-?mail|mail"),
)


def way_in(words: str) -> ContactWay | None:
    """Recognise a way of contact in text such as "phone in the afternoon"; None for none."""
    said = words.casefold()
    for way, pattern in _WAYS:
        if re.search(rf"\b(?:{pattern})\b", said):
            return way
    return None
