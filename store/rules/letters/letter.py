"""The kinds and languages of letters that a school may write."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

from store.rules.flag_rules.base import Limits


class Language(StrEnum):
    """A language that Lantern has letters in and can check."""

    ENGLISH = "en"
    WELSH = "cy"


def language_of(recorded: str) -> Language:
    """Choose the language for a tag such as ``cy`` or ``en-GB``; English for all others."""
    tag = recorded.casefold().partition("-")[0]
    return next((each for each in Language if each.value == tag), Language.ENGLISH)


class LetterKind(StrEnum):
    """The purpose of a letter. A first email on the ladder may say what was noticed."""

    UNIVERSITY_EMAIL = "university-email"
    PERSONAL_EMAIL = "personal-email"
    """Others may read that mailbox, so it does not say why (paragraph 15)."""
    ANSWER = "answer"
    """The student has written. It may go to a personal address, so it is as discreet."""
    WELFARE = "welfare"
    """A letter out of concern, by the welfare route. It mentions no data."""

    @property
    def label(self) -> str:
        """Return the name of the kind in a sentence."""
        return self.value.replace("-", " ")


DISCREET = frozenset({LetterKind.PERSONAL_EMAIL, LetterKind.ANSWER})
"""Letters that people in the student's home may read."""


@dataclass(frozen=True, slots=True)
class SchoolLetter:
    """A letter in a school's own words: a subject and paragraphs, with placeholders.

    A school may have several of a kind and language, each by its ``name``. The first one is
    suggested, and a colleague chooses another by its name.
    """

    kind: LetterKind
    subject: Annotated[str, Limits(1, 120)]
    text: Annotated[str, Limits(1, 2400)]
    language: Language = Language.ENGLISH
    name: Annotated[str, Limits(0, 40)] = ""
