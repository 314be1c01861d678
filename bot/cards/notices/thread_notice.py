"""A line in the thread of a case's card: one sentence, and the colleague who needs to act."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Line:
    """Plain text, as in a card.

    ``name`` is the colleague who needs to act, '' for no one in particular. ``account`` is the
    platform's id to mention them by; '' names them without notifying them.
    """

    sentence: str
    name: str = ""
    account: str = ""

    @property
    def summary(self) -> str:
        """Return the whole line as plain text."""
        if self.name:
            return f"{self.name}: {self.sentence}"
        return self.sentence[:1].upper() + self.sentence[1:]
