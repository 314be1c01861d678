"""Sentences that threaten, or that no one writes who threatens, by how they are built.

Their patterns are compiled when the first email is checked, so that loading a module costs nothing.
"""

from __future__ import annotations

import re
from functools import lru_cache

from store.rules.text import constructions_english as english
from store.rules.text import constructions_welsh as welsh
from store.rules.text.sentence_patterns import Fault, SentenceRule, any_of


@lru_cache(maxsize=1)
def rules() -> tuple[SentenceRule, ...]:
    """Every construction that threatens; each is firm, whatever its sentence weighs."""
    return tuple(
        SentenceRule(fault, any_of(patterns), firm=True)
        for fault, patterns in (
            (Fault.THREAT, (*english.THREATS, *welsh.THREATS)),
            (Fault.LABEL, (*english.LABELS, *welsh.LABELS)),
        )
    )


@lru_cache(maxsize=1)
def reassuring() -> re.Pattern[str]:
    """What no one writes who threatens."""
    return any_of((*english.REASSURING, *welsh.REASSURING))


def reassures(sentence: str) -> bool:
    """Whether a sentence, ``lowered``, says what no one writes who threatens."""
    return reassuring().search(sentence) is not None
