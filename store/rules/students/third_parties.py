"""Remove other people from the data that a student is given about themselves (§28).

Names, numbers and addresses are removed as whole words, ignoring case. Statements about a person
who is not named can only be found by a reader, so an officer checks every text.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

SHORTEST = 3
"""Characters: a shorter name would remove ordinary words from a text."""

_WORD = re.compile(r"[^\s,;:!?()\[\]{}<>\"“”]+")
_EDGES = ".'’‘-"
"""Characters that may surround a name without being part of it."""


class TakenOut(NamedTuple):
    """Words of a text that name another person, and what stands in their place."""

    words: str
    instead: str


class ThirdParties:
    """Other people's names and addresses, each with its replacement."""

    def __init__(self, named: Mapping[str, str]) -> None:
        """``named`` maps a name, number or address to a text such as ``another student``."""
        self._instead = {
            " ".join(name.casefold().split()): said
            for name, said in named.items()
            if len(name) >= SHORTEST
        }
        self._longest = max((name.count(" ") + 1 for name in self._instead), default=0)

    def taken_out(self, text: str) -> tuple[str, tuple[TakenOut, ...]]:
        """Return the text without other people, and what was taken out, in order.

        The time grows with the text, not with the number of people.
        """
        words = [_span(match) for match in _WORD.finditer(text)]
        plain, found, done, at = "", [], 0, 0
        while at < len(words):
            for length in range(min(self._longest, len(words) - at), 0, -1):
                first, last = words[at][0], words[at + length - 1][1]
                said = self._instead.get(" ".join(text[first:last].casefold().split()))
                if said is not None:
                    plain += f"{text[done:first]}[{said}]"
                    found.append(TakenOut(text[first:last], said))
                    done, at = last, at + length
                    break
            else:
                at += 1
        return plain + text[done:], tuple(found)


def _span(match: re.Match[str]) -> tuple[int, int]:
    """Return where a word is, without the signs beside it and a possessive ending."""
    word = match[0].rstrip(_EDGES)
    for ending in ("'s", "’s"):
        word = word.removesuffix(ending)
    first = match.start() + len(match[0]) - len(match[0].lstrip(_EDGES))
    return first, max(first, match.start() + len(word))
