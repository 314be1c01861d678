"""Spelling variants of a word, so that a pattern need not list them all."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from store.rules.text.sentence_patterns import lowered

_MUTATIONS = {
    "c": "(?:c|g|ch|ngh)",
    "p": "(?:p|b|ph|mh)",
    "t": "(?:t|d|th|nh)",
    "g": "(?:ng|g|)",
    "b": "(?:b|f|m)",
    "d": "(?:dd|d|n)",
    "m": "(?:m|f)",
    "rh": "(?:rh|r)",
    "ll": "(?:ll|l)",
}


def mutated(pattern: str) -> str:
    """Expand a letter after ``~`` to its Welsh mutations: ``~cosb`` also finds *gosb*."""
    return re.sub(r"~(rh|ll|.)", lambda at: _MUTATIONS.get(at[1], f"h?{at[1]}"), pattern)


def plain(text: str) -> str:
    """Return the text in lower case without accents; every position stays the same."""
    return "".join(map(_unaccented, lowered(text)))


@lru_cache(maxsize=1024)
def _unaccented(sign: str) -> str:
    first = unicodedata.normalize("NFD", sign)[0]
    return first if first.isalpha() else sign


def as_read(text: str) -> str:
    """Return the text as a reader sees it, line by line.

    Invisible signs are left out. Letters of ordinary width stand for wide ones, and Latin letters
    for those of other alphabets that look like them in a word with Latin letters.
    """
    if text.isascii():
        return text
    seen = "".join(map(_visible, text))
    return _WORD.sub(
        lambda at: at[0].translate(_LATIN) if _HAS_LATIN.search(at[0]) else at[0], seen
    )


@lru_cache(maxsize=1024)
def _visible(sign: str) -> str:
    if unicodedata.category(sign) == "Cf":
        return ""
    usual = unicodedata.normalize("NFKC", sign)
    return usual if len(usual) == 1 else sign


_WORD = re.compile(r"[^\W\d_]+")
_HAS_LATIN = re.compile("[A-Za-z]")
_LATIN = str.maketrans(
    # Cyrillic, then capitals; Greek, then capitals; Armenian; a dotless i and a phonetic g.
    "\u0430\u0441\u0501\u0435\u04bb\u0456\u0458\u04cf\u043e\u0440\u051b\u0455\u0443\u0475\u051d\u0445"
    "\u0410\u0412\u0421\u0415\u041d\u0406\u0408\u041a\u041c\u041e\u0420\u0405\u0422\u0423\u0425"
    "\u03b1\u03b5\u03b9\u03ba\u03bd\u03bf\u03c1\u03c4\u03c5\u03c7"
    "\u0391\u0392\u0395\u0397\u0399\u039a\u039c\u039d\u039f\u03a1\u03a4\u03a5\u03a7"
    "\u0578\u0585\u057d\u0131\u0261",
    "acdehijlopqsyvwxABCEHIJKMOPSTYXaeikvoptuxABEHIKMNOPTYXnouig",
)
