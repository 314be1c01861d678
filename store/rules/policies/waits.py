"""How long students waited for a case in a replay, and its description."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import ceil

from store.rules.text.formatting import counted


@dataclass(frozen=True, slots=True)
class Waits:
    """How long students waited in a replay, at one daily limit."""

    a_day: int
    median: int | None
    """Days from the first flag to the case; None: no case was opened."""
    ninth: int | None
    """Nine of ten cases were open within so many days."""
    never: int
    """Students who were flagged and got no case."""


def waits_of(
    a_day: int, waited: Iterable[Mapping[int, int]], flagged: Iterable[Iterable[int]]
) -> Waits:
    """Sum up a replay. ``waited`` maps, for each day, the students who got a case to their wait;
    ``flagged`` has those with flags and no case."""
    each_day = list(waited)
    days = sorted(wait for those in each_day for wait in those.values())
    taken = {student for those in each_day for student in those}
    never = {student for those in flagged for student in those} - taken
    return Waits(a_day, _of_ten(days, 5), _of_ten(days, 9), len(never))


def _of_ten(ordered: Sequence[int], part: int) -> int | None:
    return ordered[ceil(len(ordered) * part / 10) - 1] if ordered else None


def describe_waits(now: Waits, more: Waits) -> Iterator[str]:
    """Yield a sentence on the waits at this limit and at a larger one; none without any wait."""
    if not now.never and not now.ninth:
        return
    yield f"{_waited(now)}. {_waited(more)}."


def _waited(waits: Waits) -> str:
    if waits.median is None or waits.ninth is None:
        wait = "no case opens"
    else:
        wait = (
            f"half of the cases open within {counted(waits.median, 'day')} of the first flag and "
            f"nine of ten within {counted(waits.ninth, 'day')}"
        )
    never = counted(waits.never, "flagged student gets", "flagged students get")
    return f"At {waits.a_day} a day {wait}; {never} no case"
