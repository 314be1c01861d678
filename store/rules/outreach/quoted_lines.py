"""The lines of a reply, and our emails, reduced to what is compared: letters and digits."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field

_MARKS = (
    "> \t|»│＞\N{NO-BREAK SPACE}\N{ZERO WIDTH NO-BREAK SPACE}\N{ZERO WIDTH SPACE}\u2063\u200e\u200f"
)
_INITIALS = re.compile(r"[^\W\d_]{1,3}>(?=\s|\Z)")
"""The writer's, which some mail programs put before each line that they quote."""


@dataclass(slots=True)
class QuotedLine:
    """A line of a reply, and what is known of it."""

    text: str
    bare: str
    """The line without quotation marks (``>``)."""
    is_quoted: bool
    letters: str
    is_ours: bool = False
    is_cut: bool = False


@dataclass(slots=True)
class Ours:
    """Our emails in a case: subjects, bodies and links, reduced to letters and digits."""

    sent: Iterable[str]
    letters: str = field(init=False)
    lines: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        every = [letters_of(line) for text in self.sent for line in text.splitlines()]
        self.lines = frozenset(filter(None, every))
        self.letters = "".join(every)


def letters_of(line: str) -> str:
    """Return only the letters and digits, in lower case, without links."""
    words = " ".join(word.partition("http")[0] for word in line.split())
    plain = unicodedata.normalize("NFKC", words).casefold()
    return "".join(each for each in plain if each.isalnum())


def line_of(text: str) -> QuotedLine:
    """Turn a line of a reply into a ``Line``, of which nothing is decided yet."""
    bare = text.lstrip(_MARKS)
    if initials := _INITIALS.match(bare):
        bare = bare[initials.end() :].lstrip(_MARKS)
    marks = text[: len(text) - len(bare)]
    return QuotedLine(text, bare, bool(marks.strip()), letters_of(bare))
