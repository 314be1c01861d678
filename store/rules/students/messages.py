"""What a student says for themselves, from a link in a mail, their own page or a chat."""

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
"""How often one student is heard within how long, wherever they say it: each time tells a
colleague."""


class Saying(StrEnum):
    """The kinds of what a student says."""

    FINE = "fine"
    WRONG = "wrong"
    CONTACT_BY = "contact-by"
    TALK = "talk"
    OPT_OUT = "opt-out"
    OPT_IN = "opt-in"

    @property
    def label(self) -> str:
        """As the student says it."""
        return _IN_THEIR_WORDS[self]

    @property
    def told(self) -> str:
        """How it goes on after “The student”, without any of their words."""
        return _AS_TOLD[self]


class ContactWay(StrEnum):
    """How a student wants to be reached."""

    UNIVERSITY_EMAIL = "university-email"
    PERSONAL_EMAIL = "personal-email"
    PHONE = "phone"
    CHAT = "chat"

    @property
    def label(self) -> str:
        """How it reads after “by”."""
        return self.value.replace("-", " ")


_IN_THEIR_WORDS = {
    Saying.FINE: "I am fine",
    Saying.WRONG: "Something is wrong here",
    Saying.CONTACT_BY: "Please contact me another way",
    Saying.TALK: "I would like to talk",
    Saying.OPT_OUT: "No more mail about engagement, please",
    Saying.OPT_IN: "You may write to me about engagement again",
}

_AS_TOLD = {
    Saying.FINE: "said that they are fine",
    Saying.WRONG: "said that something here is wrong",
    Saying.CONTACT_BY: "said how they want to be contacted",
    Saying.TALK: "would like to talk",
    Saying.OPT_OUT: "wants no more mail about engagement",
    Saying.OPT_IN: "may be written to about engagement again",
}

ASKS_FOR_AN_ANSWER = frozenset({Saying.WRONG, Saying.TALK})
"""A colleague answers these. ``WRONG`` is a question about the data, on a case too; who would like
to talk and has a case is answered there."""

PREFERENCES = frozenset({Saying.CONTACT_BY, Saying.OPT_OUT, Saying.OPT_IN})
"""Wishes for the future: they open no question again that was closed."""


@dataclass(frozen=True, slots=True)
class Said:
    """What a student said. ``mail`` is the outreach whose link they followed, where they did."""

    student: int
    kind: Saying
    words: str = ""
    way: ContactWay | None = None
    mail: int | None = None


def check_said(said: Said) -> Said:
    """The same, tidied; or ``InvalidInput`` with a sentence for the student."""
    words = storable(said.words).strip()
    within(words, LONGEST, "words")
    if said.kind is Saying.WRONG and not words:
        raise InvalidInput("Please say in a few words what is wrong.", field="words")
    way = said.way if said.kind is Saying.CONTACT_BY else None
    if said.kind is Saying.CONTACT_BY and way is None and not words:
        raise InvalidInput("Please choose how you want to be contacted.", field="way")
    return Said(said.student, said.kind, words, way, said.mail)


def heard_again(times: Sequence[dt.datetime], now: dt.datetime) -> dt.datetime | None:
    """When there is room for whoever spoke at these ``times``, the newest first; None: there is."""
    until = max((times[most - 1] + span for most, span in ROOM if len(times) >= most), default=now)
    return until if until > now else None


_WAYS = (
    (ContactWay.PHONE, r"phone|telephone|mobile|call|ring"),
    (ContactWay.CHAT, r"chat|teams"),
    (ContactWay.PERSONAL_EMAIL, r"(?:personal|private|own|home) (?:e-?mail|mail|address)"),
    (ContactWay.UNIVERSITY_EMAIL, r"e-?mail|mail"),
)


def way_in(words: str) -> ContactWay | None:
    """The way that somebody typed, such as "phone in the afternoon"; None: in their words alone."""
    said = words.casefold()
    for way, pattern in _WAYS:
        if re.search(rf"\b(?:{pattern})\b", said):
            return way
    return None
