"""Fit the points of the tone's ``points.txt`` and ``urgent_points.txt`` to the labelled sentences.

``python -m tests.rules.weigh`` writes both files again in about a minute, with the standard library
alone. It is a linear support vector machine whose steps have a fixed order. Run it after a change
to a cue or a list.
"""

from __future__ import annotations

import math
import random
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

import store.rules.students.urgent_scale as urgent
import store.rules.text.tone.scale as tone
from store.rules.text.spelling import plain
from store.rules.text.weighing import Scale
from tests.rules.halves import (
    DANGER_LISTS,
    DANGER_READ_BY_HALF,
    THREAT_LISTS,
    WRITTEN_BESIDE,
    Labelled,
    labelled,
)

ROUNDS, COST, SEEN, WORTH = 30, 1.0, 2, 0.05
THREAT_COST = 2.0
"""Threats have so many more sentences that the margin can be narrower."""
OTHERS = 2.0
"""The weight of a sentence that is one of its kind; one of the pairs beside the rules has 1."""

Row = tuple[list[tuple[str, float]], bool, float]


def fitted(
    cues: Scale, those: Sequence[tuple[Labelled, float]], bad: str, cost: float = COST
) -> dict[str, float]:
    """Return points for every feature found in two sentences; "ease" is added to every sum."""
    features = [cues.features(plain(each.text)) for each, _ in those]
    often = Counter(name for each in features for name in each)
    rows: list[Row] = []
    for found, (each, counts) in zip(features, those, strict=True):
        known = [(name, value) for name, value in found.items() if often[name] >= SEEN]
        length = math.hypot(*(value for _, value in known)) or 1.0
        rows.append(([(name, value / length) for name, value in known], each.label == bad, counts))
    points = _parted(rows, cost)
    return {name: each for name, each in points.items() if name == "ease" or abs(each) >= WORTH}


def _parted(rows: list[Row], cost: float) -> dict[str, float]:
    """Find the plane with the widest margin by steps in the dual (Hsieh and others, 2008).

    Both labels have the same weight, however many sentences each has.
    """
    points: dict[str, float] = {"ease": 0.0}
    slack = {
        label: sum(bad is label for _, bad, _ in rows) / len(rows) / cost for label in (True, False)
    }
    weights = [0.0] * len(rows)
    order = list(range(len(rows)))
    chance = random.Random(14)
    for _ in range(ROUNDS):
        chance.shuffle(order)
        for at in order:
            found, bad, counts = rows[at]
            give = slack[bad] / counts
            side = 1 if bad else -1
            total = points["ease"] + sum(points.get(name, 0.0) * value for name, value in found)
            step = (side * total - 1 + give * weights[at]) / (2 + give)
            change = max(weights[at] - step, 0.0) - weights[at]
            if change:
                weights[at] += change
                for name, value in (("ease", 1.0), *found):
                    points[name] = points.get(name, 0.0) + side * change * value
    return points


def write(file: Path, points: dict[str, float]) -> None:
    """Write one feature a line, the heaviest first."""
    ordered = sorted(points.items(), key=lambda each: (-each[1], each[0]))
    file.write_text("".join(f"{each:.2f}\t{name}\n" for name, each in ordered), encoding="utf-8")


def listed(lists: Iterable[str], half_of: Iterable[str]) -> list[tuple[Labelled, float]]:
    """Yield every sentence of some lists and the readable half of others, each with its weight."""
    whole = [
        (each, 1.0 if file in WRITTEN_BESIDE else OTHERS)
        for file in lists
        for each in labelled(file)
    ]
    return whole + [(each, OTHERS) for file in half_of for each in labelled(file) if each.first]


if __name__ == "__main__":
    beside = Path(tone.__file__).parent
    write(
        beside / "points.txt",
        fitted(Scale(tone.CUES, {}, 0), listed(THREAT_LISTS, ()), "threat", THREAT_COST),
    )
    beside = Path(urgent.__file__).parent
    write(
        beside / "urgent_points.txt",
        fitted(Scale(urgent.CUES, {}, 0), listed(DANGER_LISTS, DANGER_READ_BY_HALF), "danger"),
    )
