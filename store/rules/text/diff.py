"""The changes from one text to another, in short form."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest

_CONTEXT = 3
"""Words that are repeated on either side of a change, so that its place can be found."""


@dataclass(frozen=True, slots=True)
class Change:
    """One change: the old words and the new ones; '' for none."""

    was: str
    now: str

    def __str__(self) -> str:
        if not self.was:
            return f"New: “{self.now}”"
        if not self.now:
            return f"Left out: “{self.was}”"
        return f"Was: “{self.was}” Now: “{self.now}”"


def changes(before: str, after: str) -> list[Change]:
    """Return every place in which the texts differ, in order. Blank lines do not count."""
    old, new = _lines(before), _lines(after)
    found: list[Change] = []
    for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag != "equal":
            pairs = zip_longest(old[a:b], new[c:d], fillvalue="")
            found += [_words(was, now) for was, now in pairs]
    return found


def _lines(text: str) -> list[str]:
    return [" ".join(line.split()) for line in text.splitlines() if line.strip()]


def _words(was: str, now: str) -> Change:
    """Return the changed words of one line, with a few around them."""
    old, new = was.split(), now.split()
    start = sum(1 for _ in _same(old, new))
    room = min(len(old), len(new)) - start
    end = min(sum(1 for _ in _same(old[::-1], new[::-1])), room)
    return Change(_part(old, start, end), _part(new, start, end))


def _same(old: Sequence[str], new: Sequence[str]) -> Iterator[str]:
    """Yield the words that both begin with."""
    for one, other in zip(old, new, strict=False):
        if one != other:
            return
        yield one


def _part(words: Sequence[str], start: int, end: int) -> str:
    first, last = max(start - _CONTEXT, 0), min(len(words) - end + _CONTEXT, len(words))
    said = " ".join(words[first:last])
    return f"{'… ' if first else ''}{said}{' …' if last < len(words) else ''}"
