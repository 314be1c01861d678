"""Count what an erasure deletes, and give the figure by which an officer confirms it (§28)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from store.rules.privacy import RemnantKind
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

    ``figure`` is what an officer types to confirm: rows of the record itself / emails. It leaves
    out the rows that mere viewing adds: cards, messages to colleagues and access logs.
    """

    rows: int
    messages: int
    figure: str

    def __str__(self) -> str:
        return self.figure


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
    return Extent(sum(rows.values()), len(elsewhere), f"{record}/{emails}")
