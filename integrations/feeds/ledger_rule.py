"""The rule by which a day is built from all deliveries about it.

1. If two deliveries cover a day and a module, only the newer one counts. A delivery covers the
   modules that it has rows on anywhere; one declared as complete covers all modules of its source,
   or of the schools it names. So two faculties' files of the same day coexist, and a correction
   replaces only what it corrects.
2. Rows on days that a delivery does not cover (far off, or future sessions) are added to older
   deliveries' rows, joined by identity: the same student, module, family and item is one fact.
3. The newer delivery is the one that arrived later. Deliveries that arrived together, such as the
   files of one night, are joined by identity and none replaces another, so that the order in which
   they are read never matters.
4. A waiting or withdrawn delivery is ignored. Days from before there was a ledger count as the
   oldest delivery of all.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from integrations.feeds.ledger import Entry, State
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
    """Apply the rule to the deliveries of one source. ``was_before``: see rule 4."""
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
            if speaks:
                covered = True
                whole |= entry.modules is None
                spoken |= entry.modules or frozenset()
        if whole:
            return DaySaid(tuple(parts), covered)
        known = spoken
    if was_before:
        parts.append(StandingRows(None, known))
        covered = True
    return DaySaid(tuple(parts), covered)
