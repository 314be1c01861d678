"""Find what a colleague's email leaves out of the school's letter, and the name it greets (§14).

An email without the question or the offer is refused. Other omissions are shown to its author and
its approver, who may have good reason for them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass

from store.rules.letters.letter import LetterKind
from store.rules.letters.requirements import ANSWER, ASKS, COMPLAIN, CORRECT, OFFERS, SEE
from store.rules.text.formatting import folded
from store.rules.text.sentence_patterns import lowered, sentences

_HAS_TO_OFFER = frozenset(
    {LetterKind.UNIVERSITY_EMAIL, LetterKind.PERSONAL_EMAIL, LetterKind.WELFARE}
)
"""Lantern's first word on something. An answer to a student may be as short as their own."""
_HAS_TO_ASK = frozenset({LetterKind.UNIVERSITY_EMAIL, LetterKind.WELFARE})

_OFFERING = re.compile(
    r"\b(?:(?:we|i|you) (?:can|could|may|might|would|will)|(?:we|i)'(?:d|ll)"
    r"|(?:would|could|can|shall|may) (?:you|we|i|it)|let(?: us| me|'s)|happy to|glad to|here"
    r"|anything|if you|gall(?:wn|af|wch|ai|em)|all(?:wn|af|wch|ai|em)|hoff(?:ech|ai)|os|unrhyw)\b"
)
_HELP = re.compile(
    r"\b(?:help\w*|support\w*|meet\w*|call|phone|ring|video|talk|chat|speak|plan|more time"
    r"|extension|adjustments?|services?|online|see you|come (?:by|in)|in touch|advice|listen"
    r"|for you|gymorth|cymorth|helpu|chefnog\w*|cefnog\w*|[cg]h?wrdd|galwad|alwad|ffonio|fideo"
    r"|siarad|sgwrs|[cg]h?ynllun|rhagor o amser|addasiadau|g?wasanaethau|ar-lein|mewn cysylltiad)\b"
)
_FROM_RECORDS = re.compile(r"\bfrom our records\b|\bo'n cofnodion\b")
_STOP = re.compile(
    r"\bnot to write\b|\bin another way\b|\brather (?:leave|not)\b|\bun arall\b|\bffordd arall\b"
    r"|\bbeidio ag ysgrifennu\b"
)

_GREETING = re.compile(
    r"(?:hello|hiya?|hey|dear|good (?:morning|afternoon|evening)|helo|annwyl|shw?mae|s'?mae"
    r"|bore da|prynhawn da)\s+(?P<who>[^,.!?:;\n]{1,80}?)\s*(?:[,.!?:;–—-]|$)",
    re.IGNORECASE,
)
_NO_NAMES = frozenset(
    {"there", "again", "you", "to", "and", "all", "student", "from", "eto", "chi"}
)


@dataclass(frozen=True, slots=True)
class Missing:
    """A part of the school's letter that a draft lacks, as a noun phrase."""

    part: str
    example: str = ""
    """The school's sentence for the part; given where a draft without the part is refused."""


def refused_without(kind: LetterKind | None, suggested: str, written: str) -> Iterator[Missing]:
    """Yield parts required of this kind that the school's letter has and this email lacks."""
    asks = max(filter(_asks, _split(suggested)), key=lambda each: "?" in each, default="")
    if asks and kind in _HAS_TO_ASK and not _asks(written) and "?" not in written:
        yield Missing("a question about how the student is, or for the reason", asks)
    offers = next(filter(_offers, _split(suggested)), "")
    if offers and kind in _HAS_TO_OFFER and not any(map(_offers, _split(written))):
        yield Missing("an offer of help", offers)


def left_out(suggested: str, written: str) -> list[str]:
    """List the parts of the school's letter that these words lack, in the letter's order."""
    parts = (
        ("the question about how the student is, or what the reason is", _asks),
        ("at least two options, such as to meet, to call or a plan", OFFERS.is_said_in),
        ("where the data comes from", _finds(_FROM_RECORDS)),
        ("how to answer", ANSWER.is_said_in),
        ("that the student may choose another way, or no more emails", _finds(_STOP)),
        ("how to see what is held", SEE.is_said_in),
        ("how to have something put right", CORRECT.is_said_in),
        ("how to complain", COMPLAIN.is_said_in),
    )
    return [part for part, has in parts if has(suggested) and not has(written)]


def strange_greeting(written: str, names: Collection[str]) -> str:
    """Return the greeted name if it is not one of ``names``, the student's; '' otherwise.

    Only the first words of the email are checked.
    """
    found = _GREETING.match(written.strip())
    if found is None:
        return ""
    known = {word for name in names for word in folded(name).split()} | _NO_NAMES
    greeted = folded(found["who"]).split()
    return "" if known.intersection(greeted) else found["who"]


def _asks(text: str) -> bool:
    return ASKS.is_said_in(text)


def _offers(sentence: str) -> bool:
    plain = lowered(sentence)
    return bool(_OFFERING.search(plain) and _HELP.search(plain))


def _finds(pattern: re.Pattern[str]) -> Callable[[str], bool]:
    return lambda text: pattern.search(lowered(text)) is not None


def _split(text: str) -> list[str]:
    return [
        " ".join(sentence.split()) for line in text.splitlines() for _, sentence in sentences(line)
    ]
