"""Keep one enrolment for each student and module of a delivery."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

from store.rules.schools import EnrolmentEntry


def one_for_each_module(entries: Sequence[EnrolmentEntry]) -> tuple[EnrolmentEntry, ...]:
    """Keep one enrolment for each module: the open one, else the last; adjacent ones are joined."""
    found: dict[tuple[str, str], EnrolmentEntry] = {}
    for entry in sorted(entries, key=_by_time):
        before = found.get((entry.number, entry.module))
        ends = before.ends if before else None
        touches = ends is not None and ends + dt.timedelta(days=1) >= entry.starts
        is_one = before is not None and touches and before.starts < entry.starts
        found[entry.number, entry.module] = replace(
            entry,
            starts=before.starts if before and is_one else entry.starts,
            has_died=entry.has_died or (before is not None and before.has_died),
        )
    return tuple(found.values())


def _by_time(entry: EnrolmentEntry) -> tuple[bool, dt.date, dt.date]:
    is_open = entry.ends is None and not entry.is_over
    return is_open, entry.ends or entry.starts, entry.starts
