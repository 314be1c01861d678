"""Remove other people from the data that a student is given about themselves (§28).

Full names, numbers and addresses are removed as whole words, ignoring case; so is every address and
telephone number in what people wrote. A part of a name may be an ordinary word, and a person may be
meant without a name: only a reader can tell, so an officer checks every text.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import NamedTuple

SHORTEST = 3
"""Characters: a shorter name would remove ordinary words from a text."""

_WORD = re.compile(r"[^\s,;:!?()\[\]{}<>\"“”]+")
_EDGES = ".'’‘-"
"""Characters that may surround a name without being part of it."""


_ADDRESS = re.compile(r"[\w.+'-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")
_PHONE = re.compile(r"(?<![\w/.-])(?:\+\d{1,3}|0)(?:[ ()/-]{0,2}\d){8,13}(?![\w/-])")
AN_ADDRESS, A_PHONE_NUMBER = "an email address", "a telephone number"


class TakenOut(NamedTuple):
    """Words of a text that name another person, and what stands in their place."""

    words: str
    instead: str


class ThirdParties:
    """Other people's names and addresses, each with its replacement."""

    def __init__(
        self, named: Mapping[str, str], own: Collection[str] = (), near: Collection[str] = ()
    ) -> None:
        """``named`` maps a name, number or address to a text such as ``another student``.

        ``own`` are the student's own name and addresses. ``near`` are full names of people that
        colleagues may call by a part of their name.
        """
        self.own = frozenset(each.casefold() for each in own)
        mine = {part for each in self.own for part in each.split()}
        parts = {part for name in near for part in name.casefold().split()}
        self._parts = {each for each in parts - mine if len(each) >= SHORTEST}
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

    def perhaps_in(self, text: str) -> tuple[str, ...]:
        """Return the words of a text that begin with a capital and are a part of a name."""
        words = (text[first:last] for first, last in map(_span, _WORD.finditer(text)))
        called = (each for each in words if each[:1].isupper())
        return tuple(each for each in called if each.casefold() in self._parts)


def contacts_taken_out(text: str, own: Collection[str]) -> tuple[str, tuple[TakenOut, ...]]:
    """Return a text without email addresses and telephone numbers, except the student's ``own``,
    and what was taken out."""
    found: list[TakenOut] = []

    def instead(match: re.Match[str], said: str) -> str:
        if match[0].casefold() in own:
            return match[0]
        found.append(TakenOut(match[0], said))
        return f"[{said}]"

    plain = _ADDRESS.sub(lambda match: instead(match, AN_ADDRESS), text)
    plain = _PHONE.sub(lambda match: instead(match, A_PHONE_NUMBER), plain)
    return plain, tuple(found)


def _span(match: re.Match[str]) -> tuple[int, int]:
    """Return where a word is, without the signs beside it and a possessive ending."""
    word = match[0].rstrip(_EDGES)
    for ending in ("'s", "’s"):
        word = word.removesuffix(ending)
    first = match.start() + len(match[0]) - len(match[0].lstrip(_EDGES))
    return first, max(first, match.start() + len(word))
