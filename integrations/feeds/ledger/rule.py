"""The rule by which a day is built from all deliveries about it.

1. Of two deliveries that both speak for a day and a module, the newer one alone is believed. A
   delivery speaks for the modules that it has rows of anywhere; one that is said to be complete
   speaks for all modules of its source, or of the schools it names. So two faculties' files of the
   same day stand side by side, and a correction replaces what it corrects and nothing else.
2. Rows of days that a delivery does not speak for (far off, or sessions to come) are added to what
   older deliveries say, joined by identity: the same student, module, family and item is one fact.
3. The newer is the one that arrived later. Deliveries that arrived together, such as the files of
   one night, are joined by identity and none covers another, so the order in which they are read
   never matters.
4. A poll brings what is new at its source since the poll before. It makes its days known and covers
   no other delivery: its counts add up with those of other polls, and with those of files.
5. A delivery that waits or was withdrawn says nothing. Days from before there was a ledger are the
   oldest delivery of all.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from integrations.feeds.ledger.deliveries import Entry, State
from integrations.feeds.own_range import in_periods


@dataclass(frozen=True, slots=True)
class StandingRows:
    """The rows of a delivery that apply to a day: all except those on the modules ``without``.

    A newer delivery covers those modules. ``entry`` None: the day from before there was a ledger.
    """

    entry: Entry | None
    without: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class DaySaid:
    """The parts that make up a day, newest first; ``covered``: a delivery covers the day."""

    parts: tuple[StandingRows, ...]
    covered: bool


def said_of(entries: Sequence[Entry], day: dt.date, *, was_before: bool) -> DaySaid:
    """Apply the ledger's rule to the deliveries of one source. ``was_before``: see rule 5."""
    parts: list[StandingRows] = []
    known: frozenset[str] = frozenset()
    covered = False
    in_use = [each for each in entries if each.state is State.IN_USE]
    newest_first = sorted(in_use, key=lambda each: each.order, reverse=True)
    for _, together in groupby(newest_first, key=lambda each: each.arrived):
        spoken: frozenset[str] = known
        whole = False
        for entry in together:
            speaks = in_periods(day, entry.covered)
            if not speaks and day not in entry.added:
                continue
            if entry.modules is None or not entry.modules or not entry.modules <= known:
                parts.append(StandingRows(entry, known))
            covered |= speaks
            if speaks and not entry.polled:
                whole |= entry.modules is None
                spoken |= entry.modules or frozenset()
        if whole:
            return DaySaid(tuple(parts), covered)
        known = spoken
    if was_before:
        parts.append(StandingRows(None, known))
        covered = True
    return DaySaid(tuple(parts), covered)
