"""Letters to students as a school may write them: of which kind, in which language."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

from store.rules.flag_rules.base import Limits


class Language(StrEnum):
    """A language that Lantern has letters in, and in which it can check them."""

    ENGLISH = "en"
    WELSH = "cy"


def language_of(recorded: str) -> Language:
    """The language to write in, for a tag such as ``cy`` or ``en-GB``; English for all others."""
    tag = recorded.casefold().partition("-")[0]
    return next((each for each in Language if each.value == tag), Language.ENGLISH)


class LetterKind(StrEnum):
    """What a letter is for. A mail of the ladder's first kind may say what was seen."""

    UNIVERSITY_EMAIL = "university-email"
    PERSONAL_EMAIL = "personal-email"
    """Others may read that mailbox, so it says nothing of why (paragraph 15)."""
    ANSWER = "answer"
    """The student has written. It may go to a personal address, so it is as discreet."""
    WELFARE = "welfare"
    """Out of concern for the student, by the welfare route. It speaks of no data."""

    @property
    def label(self) -> str:
        """How it is called in a sentence."""
        return self.value.replace("-", " ")


DISCREET = frozenset({LetterKind.PERSONAL_EMAIL, LetterKind.ANSWER})
"""Letters that whoever shares the student's home may read."""


@dataclass(frozen=True, slots=True)
class SchoolLetter:
    """A letter in a school's own words: a subject and paragraphs, with placeholders."""

    kind: LetterKind
    subject: Annotated[str, Limits(1, 120)]
    text: Annotated[str, Limits(1, 2400)]
    language: Language = Language.ENGLISH
