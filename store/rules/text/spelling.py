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
