"""A letter to a student as it is composed, and how long it may be."""

from __future__ import annotations

from dataclasses import dataclass

from store.rules.letters.letter import Language, LetterKind
from store.rules.model import Purpose, Rung

LONGEST_SUBJECT = 150
LONGEST_BODY = 3000
"""Characters: the least that any platform's form accepts, so that every email can be edited."""


@dataclass(frozen=True, slots=True)
class Letter:
    """An email as composed, before it is saved as a draft."""

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
    """The kind of letter it was based on; None where a colleague only edits a draft."""
    own_words: bool = False
    """Whether it was based on the school's own letter."""
    left_out: tuple[str, ...] = ()
    """Parts of the school's letter that a colleague's draft does not have."""
    before: str = ""
    """The colleague's words of the draft that this new letter replaces."""
    choices: tuple[str, ...] = ()
    """The names of the school's letters for this step; '' is one without a name."""
    chosen: int | None = None
    """Which of them it was based on; None where a colleague only edits a draft."""

    @property
    def text(self) -> str:
        """Return the subject and the words, as one text."""
        return f"{self.subject}\n{self.body}"
