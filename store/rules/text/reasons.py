"""Check that a reason is in a person's own words, wherever Lantern asks why."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from store.rules.errors import InvalidInput
from store.rules.text.limits import LONGEST_WORDS, within

LEAST_WORDS = 3
"""The fewest different words. A click is not a discussion, nor is one word three times (§13)."""

PASTED_FROM = 3
"""Cases on which one colleague gave the same reason, before the lead is shown it."""

_LETTERS_A_WORD = 2
"""In scripts without spaces, two letters stand for a word."""

_RUN = 3
"""Consecutive words that a reason shares with the card: from there on they are the card's."""

# What chat programs put in place of what was typed: emoji by name, links and mentions. And what is
# a number with its ending, such as 1st or 10am.
_NO_WORDS = re.compile(
    r":[\w+'-]+:|<[@#!][^<>\s]*>|https?://\S+|(?<!\w)@\w+|&(?:amp|lt|gt|nbsp);"
    r"|\b[0-9]{1,9}[^\W\d_]{1,2}\b"
)
_UNSPACED = re.compile(
    "["
    "\u0e00-\u0eff"  # Thai, Lao
    "\u1000-\u109f"  # Burmese
    "\u1780-\u17ff"  # Khmer
    "\u3041-\u30ff\u31f0-\u31ff"  # Hiragana, Katakana
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"  # Han
    "]"
)
_ROWS_OF_KEYS = (
    *("qwertyuiop", "asdfghjkl", "zxcvbnm"),
    *("qwertzuiop", "yxcvbnm"),
    *("qsdfghjklm", "wxcvbn"),
)
"""Rows of English, German and French keyboards. The upper row of a French one has names in it."""
_KEYS_IN_A_ROW = 4
_COLUMNS_OF_KEYS = (
    *("qaz", "wsx", "edc", "rfv", "tgb", "yhn", "ujm"),
    *("zaq", "xsw", "cde", "vfr", "bgt", "nhy", "mju"),
    *("qwe", "zxc", "rty", "fgh", "vbn", "uio", "jkl", "yxc", "ewq", "cxz", "lkj", "hgf"),
    *("abc", "def", "ghi", "xyz"),
)
"""Three keys down or along a keyboard, either way, and letters of the alphabet in their order.
``asd`` and ``dsa`` are not among them: a condition, and the Disabled Students' Allowance."""
_PLACEHOLDERS = (
    *("lorem", "ipsum", "amet", "bla", "blah", "haha", "hehe", "hihi", "hoho", "hmm", "umm"),
    *("tba", "tbc", "tbd"),
)
"""What stands where a reason is still to come."""
_WORDS_OF_KEYS = frozenset({"wert", "trew"})
"""German and old English; Welsh. No rule about vowels: real words of many languages have none."""
_FILLERS = frozenset("\u115f\u1160\u3164\uffa0")
"""Letters by Unicode's table that show as nothing."""


def check_reason(
    reason: str,
    *,
    field: str = "reason",
    asks: str = "Give your reason",
    longest: int = LONGEST_WORDS,
    own: Iterable[str] = (),
    keeps_lines: bool = False,
) -> str:
    """Return the reason, tidied.

    Args:
        reason: as it was typed.
        field: the input that it came from.
        asks: how the refusal begins: what the person is asked to say.
        longest: the most characters allowed.
        own: the texts on the person's screen. Copied from there, they are not a reason.
        keeps_lines: whether line breaks stay.

    Raises:
        InvalidInput: it is not words, it is the card's own text, or it is too long.
    """
    tidy = reason.strip() if keeps_lines else " ".join(reason.split())
    within(tidy, longest, field)
    said = words_in(tidy)
    if _weight(said) < LEAST_WORDS:
        raise InvalidInput(
            f"{asks} in a few words: at least {LEAST_WORDS} different ones. Emoji, symbols, "
            "single letters and rows of keys do not count.",
            field=field,
        )
    if _weight(_without(said, own)) < LEAST_WORDS:
        raise InvalidInput(
            f"{asks} in your own words. This repeats what is already on the card.",
            field=field,
        )
    return tidy


@dataclass(frozen=True, slots=True)
class Pasted:
    """One colleague's reason, given in the same words on several cases, by their references."""

    author: str
    cases: tuple[str, ...]


def pasted(given: Iterable[tuple[str, str, str]]) -> tuple[Pasted, ...]:
    """Find reasons pasted on several cases, among ``(author, case, reason)`` in the order given.

    Differences of case, accents, punctuation and digits do not count. Nothing is refused, since the
    same may be true of several students: the lead asks about it.
    """
    found: dict[tuple[str, tuple[str, ...]], dict[str, None]] = {}
    for author, case, reason in given:
        found.setdefault((author, tuple(words_in(reason))), {})[case] = None
    return tuple(
        Pasted(author, tuple(cases))
        for (author, _), cases in found.items()
        if len(cases) >= PASTED_FROM
    )


def words_in(text: str) -> list[str]:
    """Return the words of a text, folded, in order; each letter of an unspaced script is one."""
    plain = unicodedata.normalize("NFKD", _NO_WORDS.sub(" ", text)).casefold()
    kept = []
    for sign in plain:
        kind = unicodedata.category(sign)
        unspaced = _UNSPACED.match(sign)
        if kind == "Cf" or sign in "'\u2019" or "\u0300" <= sign <= "\u036f":
            continue  # accents, joiners and apostrophes are inside a word
        if unspaced:
            kept.append(f" {sign} " if kind[0] == "L" else "")
        elif kind[0] in "LM" and sign not in _FILLERS:
            kept.append(sign)
        else:
            kept.append(" ")
    return [word for word in "".join(kept).split() if _is_word(word)]


def _is_word(word: str) -> bool:
    """Return whether it has two different letters, not of one row of keys; or is of an unspaced
    script.
    """
    is_said = len(set(word)) > 1 and word not in _PLACEHOLDERS and not _is_of_keys(word)
    return bool(_UNSPACED.match(word)) or is_said


def _is_of_keys(word: str) -> bool:
    """Return whether it was typed along a row of the keyboard, four keys or more, or
    down columns.
    """
    if word in _COLUMNS_OF_KEYS:
        return True
    is_long = len(word) >= _KEYS_IN_A_ROW and word not in _WORDS_OF_KEYS
    return is_long and any(word in row or word[::-1] in row for row in _ROWS_OF_KEYS)


def _weight(words: Sequence[str]) -> int:
    """Count the different words; two letters of an unspaced script count as one."""
    spaced = {word for word in words if not _UNSPACED.match(word)}
    letters = [word for word in words if _UNSPACED.match(word)]
    return len(spaced) + min(len(letters) // _LETTERS_A_WORD, len(set(letters)))


def _without(said: Sequence[str], own: Iterable[str]) -> list[str]:
    """Return the words that are not part of a run which one of these texts has too."""
    runs = {run for text in own for run in _runs(words_in(text))}
    taken = {at + step for at, run in enumerate(_runs(said)) if run in runs for step in range(_RUN)}
    return [word for at, word in enumerate(said) if at not in taken]


def _runs(words: Sequence[str]) -> list[tuple[str, ...]]:
    return [tuple(words[at : at + _RUN]) for at in range(len(words) - _RUN + 1)]
