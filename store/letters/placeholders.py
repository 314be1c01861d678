"""The placeholders of letters, and which kind of letter may use which."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields

from store.rules.letters.letter import LetterKind


@dataclass(frozen=True, slots=True)
class Placeholders:
    """The values of all placeholders: no other data about a person can get into an email."""

    given_name: str
    """The student's preferred given name."""
    writer: str
    school: str
    mailbox: str
    """The mailbox that answers arrive in."""
    writer_role: str = ""
    reasons: tuple[str, ...] = ()
    """The flags' reasons in words for students."""
    sources: str = ""
    """The sources of the reasons and their last known days, as a sentence."""
    signposts: tuple[str, ...] = ()
    """Services that help, each with where to find it."""
    earlier_mail: str = ""
    """The day of the last email to the university address that arrived; '' where none did."""

    urgent_help: str = ""
    """The numbers to call in danger and out of hours, as sentences from the school's policy."""

    def values(self) -> Mapping[str, str | tuple[str, ...]]:
        """Return the values, each on one line, so that data cannot begin a paragraph."""
        return {each.name: _tidy(getattr(self, each.name)) for each in fields(self)}


_WHO = frozenset({"given_name", "writer", "school", "mailbox"})

ALLOWED: Mapping[LetterKind, frozenset[str]] = {
    LetterKind.UNIVERSITY_EMAIL: frozenset(each.name for each in fields(Placeholders)),
    # Others may read a personal mailbox: that email must not disclose the concern (§15). A role
    # such as "student support officer" would.
    LetterKind.PERSONAL_EMAIL: _WHO | {"earlier_mail"},
    LetterKind.ANSWER: _WHO,
    LetterKind.WELFARE: _WHO | {"writer_role", "signposts", "urgent_help"},
}

EXAMPLE = Placeholders(
    given_name="Sam",
    writer="Alice Example",
    school="School of Examples",
    mailbox="support@example.ac.uk",
)
"""A student without any records: the text that a letter always has."""


def _tidy(value: str | tuple[str, ...]) -> str | tuple[str, ...]:
    if isinstance(value, tuple):
        return tuple(" ".join(each.split()) for each in value)
    return " ".join(value.split())
