"""Count what an erasure deletes, and give the figure by which an officer confirms it (§28)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from store.rules.privacy import RemnantKind
from store.rules.text.formatting import counted
from store.tables import (
    direct_cases,
    exports,
    line_posts,
    notices,
    outbox,
    reveals,
    thread_lines,
    troubles,
    waiting,
)


@dataclass(frozen=True, slots=True)
class Extent:
    """How much is deleted: rows of tables, and messages and emails elsewhere.

    ``record`` and ``emails`` are the part that an officer confirms: it leaves out what mere viewing
    adds, such as cards, messages to colleagues and access logs.
    """

    rows: int
    messages: int
    record: int
    emails: int

    def __str__(self) -> str:
        """Return the figure that an officer types to confirm."""
        return f"{self.record}/{self.emails}"

    @property
    def words(self) -> str:
        """Return a sentence's object: ``66 rows and 29 messages or files, ...``."""
        return (
            f"{counted(self.rows, 'row')} and "
            f"{counted(self.messages, 'message or file', 'messages or files')}; "
            f"{counted(self.record, 'row')} and {counted(self.emails, 'email')} of these are the "
            "student's own record, the others copies and logs"
        )


_OF_LOOKS = frozenset(
    each.name
    for each in (
        direct_cases,
        exports,
        line_posts,
        notices,
        outbox,
        reveals,
        thread_lines,
        troubles,
        waiting,
    )
)
"""Tables with a row for each look, message and card, and none of the student's own record."""
_EMAILS = frozenset((RemnantKind.MAIL, RemnantKind.ANSWER))


def extent_of(rows: Mapping[str, int], elsewhere: Sequence[RemnantKind]) -> Extent:
    """Add up the rows of each table, by its name, and the copies ``elsewhere``."""
    record = sum(number for name, number in rows.items() if name not in _OF_LOOKS)
    emails = sum(kind in _EMAILS for kind in elsewhere)
    return Extent(sum(rows.values()), len(elsewhere), record, emails)
