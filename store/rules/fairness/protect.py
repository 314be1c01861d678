"""Publish counts of groups so that no one can work out who belongs to which group.

A lead knows by name who was flagged and contacted, and so the total of every step exactly. Rounding
to the nearest 5 does not hold against that: with two groups and their total, one table in four
gives a count away. So every count is rounded at random to a multiple of 3, as Statistics New
Zealand does, and drawn again until a reader who knows the totals is left with three possible values
for each. Groups too small for a percentage are hidden, and with them always so many others that
the hidden ones together are not too small.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from math import inf

from store.rules.fairness.steps import WITHIN, Step
from store.rules.small_numbers import SMALLEST

BASE = 3
OFF = BASE - 1
"""How far a published count is from the true one at most."""
POSSIBLE = 3
"""The fewest values that any count may have for a reader; all, where the total allows fewer."""
FEWEST_CHANGED = 10
"""Two reports that count almost the same students differ by at least so many of them."""
_DRAWS = 400

Group = str
Counts = Mapping[Step, Mapping[Group, int]]
"""Step → group → number of students, each step with all groups."""
Published = dict[Step, dict[Group, int | None]]
"""Step → group → published number; None for a hidden group. A withheld step is left out."""
Draw = Callable[[], float]
"""Returns a random number from 0 to 1."""
Range = tuple[float, float]


def hidden_groups(sizes: Mapping[Group, int], before: Collection[Group] = ()) -> frozenset[Group]:
    """Return the groups of which no figure is given, where these are their sizes.

    One hidden group could be worked out by subtraction, and so could a few that are small together:
    the next smallest are hidden as well. ``before`` are hidden already.
    """
    hidden = {group for group, size in sizes.items() if size < SMALLEST} | set(before)
    rest = sorted(set(sizes) - hidden, key=lambda group: (sizes[group], group))
    while rest and hidden and (len(hidden) == 1 or sum(sizes[g] for g in hidden) < SMALLEST):
        hidden.add(rest.pop(0))
    return frozenset(hidden)


def hidden_by_step(counts: Counts) -> dict[Step, frozenset[Group]]:
    """Map each step to the groups in which it has too few students for figures of its parts."""
    found = {Step.STUDENTS: hidden_groups(counts[Step.STUDENTS])}
    for step, whole in WITHIN.items():
        found[step] = hidden_groups(counts[step], found[whole])
    return found


def publish(counts: Counts, draw: Draw, withheld: Collection[Step] = ()) -> Published:
    """Round the counts of one characteristic for publication.

    A step is withheld, with all its parts, where it is named or no rounding protects it.
    """
    hidden = hidden_by_step(counts)
    published: Published = {}
    for step in (Step.STUDENTS, *WITHIN):
        whole = WITHIN.get(step)
        if step in withheld or (whole is not None and whole not in published):
            continue
        out = hidden[whole or step]
        for _ in range(_DRAWS):
            said = {g: None if g in out else _rounded(n, draw) for g, n in counts[step].items()}
            if _is_protected(step, said, counts, published):
                published[step] = said
                break
    return published


def changed_by_few(now: Collection[str], earlier: Iterable[Collection[str]]) -> bool:
    """Return whether a set of students is almost, but not exactly, one reported earlier.

    The difference between two reports would then tell the group of the few who are in one alone.
    """
    return any(0 < len(set(now) ^ set(then)) < FEWEST_CHANGED for then in earlier)


def _rounded(count: int, draw: Draw) -> int:
    below, over = divmod(count, BASE)
    return BASE * (below + (draw() < over / BASE))


def _is_protected(
    step: Step, said: Mapping[Group, int | None], counts: Counts, published: Published
) -> bool:
    total = sum(counts[step].values())
    mine = possible(said, total)
    if not _leaves_enough(mine, total):
        return False
    if (whole := WITHIN.get(step)) is None:
        return True
    among = sum(counts[whole].values())
    others = _difference(possible(published[whole], among), mine, among - total)
    return _leaves_enough(others, among - total)


def possible(said: Mapping[Group, int | None], total: int) -> dict[Group, Range]:
    """Return the lowest and highest value of each group, to a reader who knows the total."""
    ranges = {
        group: (0.0, inf) if n is None else (max(0.0, n - OFF), float(n + OFF))
        for group, n in said.items()
    }
    return _within_total(ranges, total)


def _within_total(ranges: Mapping[Group, Range], total: int) -> dict[Group, Range]:
    found = {}
    for group, (low, high) in ranges.items():
        others = [each for name, each in ranges.items() if name != group]
        least, most = sum(each[0] for each in others), sum(each[1] for each in others)
        found[group] = max(low, total - most), min(high, total - least)
    return found


def _difference(
    whole: Mapping[Group, Range], part: Mapping[Group, Range], total: int
) -> dict[Group, Range]:
    """Return the ranges of the students of a step who are not in its part."""
    ranges = {
        group: (max(0.0, low - part[group][1]), max(0.0, high - part[group][0]))
        for group, (low, high) in whole.items()
    }
    return _within_total(ranges, total)


def _leaves_enough(ranges: Mapping[Group, Range], total: int) -> bool:
    if len(ranges) < 2:
        return True
    return all(high - low + 1 >= min(POSSIBLE, total + 1) for low, high in ranges.values())
