"""Match students of a delivery with known ones, to find people under a new number.

One person must not have two histories, and inactivity under an unused number means nothing. A map
(``identifiers.csv``) or the same name and university address make two numbers one person. The same
address under another name is a question for the engagement lead.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from store.rules.schools import IdentifierEntry, IdentifierKind, StudentEntry


@dataclass(frozen=True, slots=True)
class KnownAddress:
    """A known student by their university address."""

    number: str
    name: str


@dataclass(frozen=True, slots=True)
class Sorted:
    """The students to load, pairs of (old number, new number), and open questions."""

    students: tuple[StudentEntry, ...]
    renumbered: tuple[tuple[str, str], ...]
    questions: tuple[tuple[str, str], ...]
    """(known number, number in the delivery) of rows left out until a person decides."""


@dataclass(slots=True)
class _Sorting:
    students: list[StudentEntry] = field(default_factory=list)
    renumbered: list[tuple[str, str]] = field(default_factory=list)
    questions: list[tuple[str, str]] = field(default_factory=list)


def full_name(given: str, family: str) -> str:
    """Return a full name, normalised for comparing."""
    return " ".join(f"{given} {family}".casefold().split())


def sort_students(
    entries: Sequence[StudentEntry],
    known: Collection[str],
    mailboxes: Mapping[str, KnownAddress],
    identifiers: Sequence[IdentifierEntry],
) -> Sorted:
    """Tell new students from known ones under a new number.

    ``mailboxes`` maps lower-case addresses; ``identifiers`` are those of the same delivery.
    """
    delivered = {entry.number for entry in entries}
    mapped = _mapped(identifiers)
    sorting = _Sorting()
    for entry in entries:
        other = mailboxes.get(entry.university_email.casefold())
        old = next((each for each in mapped.get(entry.number, ()) if each in known), None)
        if entry.number in known:
            sorting.students.append(entry)
        elif old is not None and old not in delivered:
            sorting.renumbered.append((old, entry.number))
            sorting.students.append(entry)
        elif other is None or not entry.university_email:
            sorting.students.append(entry)
        elif other.number not in delivered and other.name == full_name(
            entry.given_name, entry.family_name
        ):
            sorting.renumbered.append((other.number, entry.number))
            sorting.students.append(entry)
        else:
            sorting.questions.append((other.number, entry.number))
    return Sorted(tuple(sorting.students), tuple(sorting.renumbered), tuple(sorting.questions))


def _mapped(identifiers: Sequence[IdentifierEntry]) -> dict[str, list[str]]:
    """Map each number to the numbers mapped to the same person, in either direction."""
    found: dict[str, list[str]] = {}
    for each in identifiers:
        if each.kind in (IdentifierKind.STUDENT_NUMBER, IdentifierKind.SIS_NUMBER):
            found.setdefault(each.number, []).append(each.value)
            found.setdefault(each.value, []).append(each.number)
    return found
