"""Detect that a student may want to complain, so that the reader is told how to record it.

The result is not stored and decides nothing: a person reads the words (§27).
"""

from __future__ import annotations

import re

_ENGLISH = r"complain(?:s|ed|ing|ts?)?|grievances?|(?:treated|treating) (?:me )?unfairly"
_WELSH = r"(?:c|g|ch|ngh)[wŵ]yn(?:o|ion|af)|(?:c|ch|ngh)[wŵ]yn|gŵyn|annheg"
_SAID = re.compile(rf"\b(?:{_ENGLISH}|{_WELSH})\b", re.IGNORECASE)
_NOT = re.compile(
    r"\b(?:not|\w+n't|no|nothing to|never|without|cant|cannot) "
    r"(?:a |any |to |want to )*complain\w*",
    re.IGNORECASE,
)


def may_complain(words: str) -> bool:
    """Return whether a student's words mention complaining, in English or Welsh."""
    return _SAID.search(_NOT.sub(" ", words.replace("’", "'"))) is not None
