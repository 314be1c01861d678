"""Limits on the length of people's texts: a form enforces them itself, a typed line does not."""

from __future__ import annotations

from store.rules.errors import InvalidInput

LONGEST_WORDS = 2000
"""Characters, where nothing less is said."""

LONGEST_ON_A_CARD = 200
"""For text that appears on a card for everyone in its channel."""


def within(text: str, longest: int = LONGEST_WORDS, field: str | None = None) -> str:
    """Return the text unchanged. Raises ``InvalidInput`` where it is longer than the limit."""
    if len(text) > longest:
        raise InvalidInput(f"Keep it below {longest} characters.", field=field)
    return text
