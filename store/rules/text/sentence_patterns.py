"""Patterns over one sentence: the words searched for, words required beside them, and exceptions.

They have a readable notation: a space is any white space, a space with a question mark is optional,
and ``…`` is up to six words. Every gap is bounded, so that the time grows only with the length of a
text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property


class Fault(StrEnum):
    """What is wrong with words in an email to a student."""

    THREAT = "threat"
    DEMAND = "demand"
    LABEL = "label"
    PROMISE = "promise"

    @property
    def instead(self) -> str:
        """Advice to the author on what to write instead."""
        return _INSTEAD[self]


_INSTEAD = {
    Fault.THREAT: "leave out what might follow, and say which help there is",
    Fault.DEMAND: "ask, as in “could you …, when it suits you?”",
    Fault.LABEL: "say what was seen, and ask how the student is",
    Fault.PROMISE: "say what you can do, and leave out how it will end",
}

_GAP = r"(?:[^\w.!?;]+[\w'-]+){0,6}?[^\w.!?;]+"


class Pattern:
    """A pattern in this module's notation, compiled when first used.

    Compiling all of them takes half a second, and most processes never check a text.
    """

    def __init__(self, written: Callable[[], str]) -> None:
        self._written = written

    @cached_property
    def ready(self) -> re.Pattern[str]:
        """The compiled regular expression, which matches whole words."""
        plain = self._written().replace(" … ", _GAP).replace(" ?", r"\s*").replace(" ", r"\s+")
        # Without IGNORECASE, which is ten times as slow over so many alternatives: texts come
        # ``lowered``.
        return re.compile(rf"(?<![\w'])(?:{plain})(?!\w)")

    def finditer(self, text: str) -> Iterator[re.Match[str]]:
        """Find every match in the text."""
        return self.ready.finditer(text)

    def search(self, text: str, start: int = 0, end: int | None = None) -> re.Match[str] | None:
        """Find the first match in the text, or None."""
        return self.ready.search(text, start, len(text) if end is None else end)

    def sub(self, instead: str, text: str) -> str:
        """Replace every match in the text."""
        return self.ready.sub(instead, text)


def compiled(pattern: str) -> Pattern:
    """Return a pattern in this module's notation, compiled when first used."""
    return Pattern(lambda: pattern)


def lowered(text: str) -> str:
    """Return the text in lower case with plain apostrophes; every position stays the same."""
    small = (low if len(low := sign.lower()) == 1 else sign for sign in text)
    return "".join(small).replace("\u2019", "'").replace("\u2018", "'")


def any_of(patterns: Iterable[str]) -> Pattern:
    """Join the patterns into one that finds any of them."""
    return compiled("|".join(patterns))


@dataclass(frozen=True, slots=True)
class SentenceRule:
    """Words that are a fault in a sentence that matches all ``needs`` and not ``unless``."""

    fault: Fault
    words: Pattern | re.Pattern[str]
    needs: tuple[Pattern | re.Pattern[str], ...] = ()
    unless: Pattern | None = None
    firm: bool = False
    """Whether the words are a fault however low the weight of the whole sentence."""

    def find(self, sentence: str) -> Iterator[re.Match[str]]:
        """Find each place in the sentence where this rule applies."""
        found = list(self.words.finditer(sentence))
        if not found or not all(each.search(sentence) for each in self.needs):
            return
        if self.unless is None or not self.unless.search(sentence):
            yield from found


_ENDS = re.compile(r"(?<![.!?;])[.!?;]+(?=\s|$|[\"'”)])|\n\s*(?:\n|[-*•])")


def sentences(text: str) -> Iterator[tuple[int, str]]:
    """Return each sentence and where it begins. A line break alone does not end one."""
    start = 0
    for end in _ENDS.finditer(text):
        yield start, text[start : end.end()]
        start = end.end()
    yield start, text[start:]
