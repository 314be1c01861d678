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
Ranges = Mapping[Group, Range]
"""Group → the lowest and highest number of its students that a reader has to think possible."""


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


def protect_counts(counts: Counts, draw: Draw, withheld: Collection[Step] = ()) -> Published:
    """Round the counts of one characteristic for publication.

    A step is withheld, with all its parts, where it is named or no rounding protects it.
    """
    hidden = hidden_by_step(counts)
    totals = {step: sum(groups.values()) for step, groups in counts.items()}
    published: Published = {}
    for step in (Step.STUDENTS, *WITHIN):
        whole = WITHIN.get(step)
        if step in withheld or (whole is not None and whole not in published):
            continue
        out = hidden[whole or step]
        for _ in range(_DRAWS):
            said = {g: None if g in out else _rounded(n, draw) for g, n in counts[step].items()}
            if _is_protected({**published, step: said}, totals):
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


def _is_protected(published: Published, totals: Mapping[Step, int]) -> bool:
    """Return whether a reader who knows every total is left with enough values for each group, of
    those in a step and of those in the whole who are not."""
    inside, left = possible(published, totals)
    return all(_leaves_enough(ranges, totals[step]) for step, ranges in inside.items()) and all(
        _leaves_enough(ranges, totals[WITHIN[step]] - totals[step]) for step, ranges in left.items()
    )


def possible(
    published: Published, totals: Mapping[Step, int]
) -> tuple[dict[Step, Ranges], dict[Step, Ranges]]:
    """Return the lowest and highest value of each group, to a reader who knows every total: of the
    students in each step, and of those in its whole who are not in it.

    All steps narrow each other, until nothing changes any more.
    """
    inside: dict[Step, Ranges] = {
        step: {
            group: (0.0, inf) if n is None else (max(0.0, n - OFF), float(n + OFF))
            for group, n in said.items()
        }
        for step, said in published.items()
    }
    parts = [step for step in WITHIN if step in published]
    left: dict[Step, Ranges] = {step: dict.fromkeys(inside[step], (0.0, inf)) for step in parts}
    before: tuple[dict[Step, Ranges], dict[Step, Ranges]] = {}, {}
    while before != (inside, left):
        before = dict(inside), dict(left)
        for step, ranges in before[0].items():
            inside[step] = _within_total(ranges, totals[step])
        for step in parts:
            whole = WITHIN[step]
            left[step] = _within_total(left[step], totals[whole] - totals[step])
            narrowed = {
                group: _narrowed(inside[whole][group], inside[step][group], left[step][group])
                for group in inside[step]
            }
            inside[whole] = {group: each[0] for group, each in narrowed.items()}
            inside[step] = {group: each[1] for group, each in narrowed.items()}
            left[step] = {group: each[2] for group, each in narrowed.items()}
    return inside, left


def _narrowed(whole: Range, part: Range, left: Range) -> tuple[Range, Range, Range]:
    """Narrow three ranges by ``whole = part + left``."""
    left = max(left[0], whole[0] - part[1]), min(left[1], whole[1] - part[0])
    part = max(part[0], whole[0] - left[1]), min(part[1], whole[1] - left[0])
    whole = max(whole[0], part[0] + left[0]), min(whole[1], part[1] + left[1])
    return whole, part, left


def _within_total(ranges: Ranges, total: int) -> Ranges:
    least = sum(low for low, _ in ranges.values())
    most = [high for _, high in ranges.values()]
    open_ended, known = most.count(inf), sum(high for high in most if high < inf)
    found = {}
    for group, (low, high) in ranges.items():
        others_open = open_ended - (high == inf)
        others = inf if others_open else known - (0 if high == inf else high)
        found[group] = max(low, total - others), min(high, total - (least - low))
    return found


def _leaves_enough(ranges: Ranges, total: int) -> bool:
    if len(ranges) < 2:
        return True
    return all(high - low + 1 >= min(POSSIBLE, total + 1) for low, high in ranges.values())
