"""A letter to a student as it is composed, and how long it may be."""

from __future__ import annotations

from dataclasses import dataclass

from store.rules.letters.letter import Language, LetterKind
from store.rules.model import Purpose, Rung

LONGEST_SUBJECT = 150
LONGEST_BODY = 3000
"""Characters: what the narrowest platform's form can take, so every email can be edited."""


@dataclass(frozen=True, slots=True)
class Letter:
    """An email before it is a draft."""

    rung: Rung
    sender: str
    recipient: str
    subject: str
    body: str
    purpose: Purpose = Purpose.ENGAGEMENT
    returned: str = ""
    """Why an approver sent the draft back."""
    language: Language = Language.ENGLISH
    kind: LetterKind | None = None
    """The words that it began with; None where a draft is only put in other words."""
    own_words: bool = False
    """Whether they were the school's own."""
    left_out: tuple[str, ...] = ()
    """Parts of the school's letter that a colleague's draft does not have."""
    before: str = ""
    """A colleague's words of a draft in whose place this was written afresh."""

    @property
    def text(self) -> str:
        """Return the subject and the words, as one text."""
        return f"{self.subject}\n{self.body}"
