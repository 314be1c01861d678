"""Sentence structures that mark a threat, or that rule one out."""

from __future__ import annotations

from store.rules.text.sentence_patterns import Fault, SentenceRule, any_of
from store.rules.text.tone import constructions_english as english
from store.rules.text.tone import constructions_welsh as welsh

RULES = tuple(
    SentenceRule(fault, any_of(patterns), firm=True)
    for fault, patterns in (
        (Fault.THREAT, (*english.THREATS, *welsh.THREATS)),
        (Fault.LABEL, (*english.LABELS, *welsh.LABELS)),
    )
)
"""Every construction that threatens; each is firm, whatever its sentence weighs."""

_REASSURING = any_of((*english.REASSURING, *welsh.REASSURING))


def reassures(sentence: str) -> bool:
    """Return whether a sentence, ``lowered``, has a structure that rules out a threat."""
    return _REASSURING.search(sentence) is not None
