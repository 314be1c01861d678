"""Find which of a day's new flags are held as a surge, and which a deadline explains."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping

from store.rules.flag_rules.arrivals import HELD_FOR
from store.rules.flag_rules.evidence import Finding
from store.rules.flags.capacity import ModuleSurge, Room, surges
from store.rules.model import MarkerFamily

Flag = tuple[int, str]
"""A student, and the key of one of their flags."""


def in_question(raised: Iterable[Finding], day: dt.date, room: Room) -> list[Finding]:
    """Return the new flags that count in a surge: all of them, or those no deadline explains.

    A deadline explains all new flags of a student with missed work: the others only add to it.
    """
    raised = list(raised)
    if room.holds_missed_work:
        return raised
    explained = {each.student for each in raised if is_explained(each, day)}
    return [each for each in raised if each.student not in explained]


def is_explained(finding: Finding, day: dt.date) -> bool:
    """Return whether the data behind a finding was checked already, against the class's own.

    Work is missing only where as much of the class's work has arrived as usual (``arrivals``), so
    many at once are what a deadline does. Later than ``HELD_FOR`` nothing checks it, so it counts.
    """
    due = finding.measured.get("due")
    if finding.family is not MarkerFamily.SUBMISSIONS or due is None:
        return False
    return day - dt.date.fromisoformat(str(due)) <= HELD_FOR


def modules_about(
    raised: Iterable[Finding], modules_of: Mapping[int, Collection[str]]
) -> dict[Flag, frozenset[str]]:
    """Map each flag to its module; to all its student's modules where it is about none alone."""
    return {
        (each.student, each.key): frozenset(
            {each.module} if each.module else modules_of.get(each.student, ())
        )
        for each in raised
    }


def surging(
    about: Mapping[Flag, frozenset[str]], cohorts: Mapping[str, int], room: Room
) -> Iterator[tuple[ModuleSurge, list[Flag]]]:
    """Yield each surge, the largest share first, with all flags about its module.

    A flag about several modules comes with each of them: it is held with the first.
    """
    flagged: dict[int, set[str]] = {}
    for (student, _), those in about.items():
        flagged.setdefault(student, set()).update(those)
    for surge in surges(flagged, cohorts, room):
        yield surge, [flag for flag, those in about.items() if surge.module in those]
