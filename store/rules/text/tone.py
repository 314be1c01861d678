"""Words that a supportive mail does without, and how to find them (§14, §15, §17)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from store.rules.errors import InvalidInput
from store.rules.text import tone_terms as word_lists


@dataclass(frozen=True, slots=True)
class Found:
    """A word that was looked for, as it stands in the text. Lines count from 1."""

    line: int
    word: str


def _any_of(*patterns: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(patterns)})\b", re.IGNORECASE)


_PUNITIVE = _any_of(*word_lists.PUNITIVE, *word_lists.PUNITIVE_WELSH)
_LABELLING = _any_of(*word_lists.LABELLING, *word_lists.LABELLING_WELSH)
_TELLING = _any_of(*word_lists.TELLING, *word_lists.TELLING_WELSH)


def punitive_words(text: str, *, quoting: Iterable[str] = ()) -> list[Found]:
    """Words that threaten, demand or label.

    ``quoting`` are names and titles that the text repeats and did not choose, such as the title
    of an assessment; they are not looked at.
    """
    return _find(_PUNITIVE, text, quoting)


def labelling_words(text: str, *, quoting: Iterable[str] = ()) -> list[Found]:
    """The same, and names for a kind of person: what a mail and a reason do without."""
    quotes = tuple(quoting)
    found = punitive_words(text, quoting=quotes) + _find(_LABELLING, text, quotes)
    return sorted(found, key=lambda each: each.line)


def telling_words(text: str, *, quoting: Iterable[str] = ()) -> list[Found]:
    """Words that would tell whoever reads a personal mailbox what the mail is about."""
    return _find(_TELLING, text, quoting)


def check_supportive(text: str, *, quoting: Iterable[str] = (), field: str = "body") -> None:
    """Let it pass, or raise ``InvalidInput`` with every such word and its line."""
    if found := labelling_words(text, quoting=quoting):
        raise InvalidInput(
            f"A mail to a student offers help and asks; please say this differently: "
            f"{_places(found)}.",
            field=field,
        )


def check_discreet(text: str, *, quoting: Iterable[str] = (), field: str = "body") -> None:
    """The same for a personal address: others may read it, so the mail says nothing of why."""
    if found := telling_words(text, quoting=quoting):
        raise InvalidInput(
            "A personal address may be read by others, so this mail cannot say what it is about; "
            f"please leave this out: {_places(found)}.",
            field=field,
        )


def _find(pattern: re.Pattern[str], text: str, quoting: Iterable[str]) -> list[Found]:
    for quote in sorted(filter(None, quoting), key=len, reverse=True):
        # Blanks keep the lines where they are.
        text = re.sub(rf"(?<!\w){re.escape(quote)}(?!\w)", " ", text)
    return [
        Found(text.count("\n", 0, match.start()) + 1, " ".join(match.group().split()))
        for match in pattern.finditer(text)
    ]


def _places(found: Iterable[Found]) -> str:
    return ", ".join(f"“{each.word}” in line {each.line}" for each in found)
