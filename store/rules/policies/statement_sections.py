"""The statement's parts: sections, and the ways in which a student sees their own data."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Section:
    """A heading, the paragraphs below it, and a list."""

    heading: str
    paragraphs: tuple[str, ...] = ()
    points: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Statement:
    """The statement for students about a policy, section by section."""

    title: str
    sections: tuple[Section, ...]

    def sentences(self) -> Iterator[str]:
        """Yield every sentence of the statement, without the headings."""
        for section in self.sections:
            yield from section.paragraphs
            yield from section.points


@dataclass(frozen=True, slots=True)
class Ways:
    """The ways in which a student of this installation sees what is held about them."""

    own_page: bool = False
    """Whether a link under each email leads to a page of their own."""
    sign_in: str = ""
    """The address at which they sign in to that page; '' where they do not."""
    teams: bool = False
    """Whether they can ask Lantern in Teams."""
    deletes: bool = False
    """Whether data past the retention periods is deleted, because they are approved."""
    compares_groups: bool = False
    """Whether groups of students are compared, since the university supplied them."""
    activity_months: int | None = None
    """Months for which activity is kept, the longest of all schools; None: for ever."""


def capital(text: str) -> str:
    """Return the text with its first letter in upper case."""
    return text[:1].upper() + text[1:]
