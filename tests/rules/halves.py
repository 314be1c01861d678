"""Labelled sentences that were written without sight of the rules, in two halves.

The hash of a sentence says to which half it belongs. Rules are written against the first half;
the second is for measuring, and not for reading: ``python -m tests.rules.halves threats.tsv``
prints the first alone.
"""

from __future__ import annotations

import csv
import hashlib
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
THREATS, DANGER = "threats.tsv", "danger.tsv"
THREATS_SECOND, DANGER_SECOND = "threats_second.tsv", "danger_second.tsv"
ORDINARY_LETTERS, ORDINARY_ANSWERS = "ordinary_letters.tsv", "ordinary_answers.tsv"
"""What is written every day, with no thought of a rule."""
THREATS_THIRD, DANGER_THIRD = "threats_third.tsv", "danger_third.tsv"
THREATS_FOURTH, DANGER_FOURTH = "threats_fourth.tsv", "danger_fourth.tsv"
THREATS_FIFTH, THREATS_SIXTH = "threats_fifth.tsv", "threats_sixth.tsv"
THREATS_SEVENTH, THREATS_EIGHTH = "threats_seventh.tsv", "threats_eighth.tsv"
THREATS_NINTH = "threats_ninth.tsv"
"""Measured once, after the rules were finished; nothing was fitted to it."""
DANGER_READ_BY_HALF = (DANGER_THIRD, DANGER_FOURTH)
"""The half of these that is not the first has been measured, and neither read nor fitted to."""
SAID = "lantern_says.tsv"
WRITTEN_BESIDE = ("threats_own.tsv", "danger_own.tsv")
"""Written beside the rules, many as pairs: what threatens, and what only sounds like it."""
THREATS_VARIED = "threats_varied.tsv"
"""Written beside the rules too, one construction after another, in as many words as possible."""
THREAT_LISTS = (
    THREATS,
    THREATS_SECOND,
    THREATS_THIRD,
    THREATS_FOURTH,
    THREATS_FIFTH,
    THREATS_SIXTH,
    THREATS_SEVENTH,
    THREATS_EIGHTH,
    THREATS_VARIED,
    WRITTEN_BESIDE[0],
    SAID,
    ORDINARY_LETTERS,
)
DANGER_LISTS = (DANGER, DANGER_SECOND, WRITTEN_BESIDE[1], SAID, ORDINARY_ANSWERS)
"""What the points are fitted to: lists of others, what was written beside the rules, what Lantern's
own letters, reasons and statement say, and last what people write every day.
"""


@dataclass(frozen=True, slots=True)
class Labelled:
    """A sentence and what people say of it. ``first``: whether it is of the half that is read."""

    label: str
    language: str
    text: str

    @property
    def first(self) -> bool:
        return hashlib.sha256(self.text.encode()).digest()[0] % 2 == 0


def labelled(file: str) -> Iterator[Labelled]:
    """Every sentence of a list, both halves."""
    with (HERE / file).open(encoding="utf-8", newline="") as rows:
        for row in csv.reader(rows, delimiter="\t", quoting=csv.QUOTE_NONE):
            yield Labelled(*row)


def share(file: str, label: str, first: bool, speaks: Callable[[str], bool]) -> float:
    """Of the sentences of a label in one half, the share of which a rule says something."""
    those = [each.text for each in labelled(file) if (each.label, each.first) == (label, first)]
    return sum(map(speaks, those)) / len(those)


if __name__ == "__main__":
    for each in labelled(sys.argv[1]):
        if each.first:
            print(each.label, each.language, each.text, sep="\t")
