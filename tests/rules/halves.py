"""Sentences labelled by people who had not seen the rules, split into two halves.

The hash of a sentence decides its half. Rules are written against the first half. The second is for
measuring only, and is not read: ``python -m tests.rules.halves threats.tsv`` prints the first half
alone.
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
"""Ordinary letters and answers, written without a rule in mind."""
THREATS_THIRD, DANGER_THIRD = "threats_third.tsv", "danger_third.tsv"
THREATS_FOURTH, DANGER_FOURTH = "threats_fourth.tsv", "danger_fourth.tsv"
THREATS_FIFTH, THREATS_SIXTH = "threats_fifth.tsv", "threats_sixth.tsv"
THREATS_SEVENTH, THREATS_EIGHTH = "threats_seventh.tsv", "threats_eighth.tsv"
THREATS_NINTH = "threats_ninth.tsv"
"""Measured once, after the rules were finished; no rule was fitted to it."""
DANGER_READ_BY_HALF = (DANGER_THIRD, DANGER_FOURTH)
"""Their second halves have been measured, but neither read nor fitted to."""
SAID = "lantern_says.tsv"
WRITTEN_BESIDE = ("threats_own.tsv", "danger_own.tsv")
"""Written beside the rules, many in pairs: a threat, and a sentence that only resembles one."""
THREATS_VARIED = "threats_varied.tsv"
"""Written beside the rules too, one construction at a time, in as many wordings as possible."""
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
"""The lists that the points are fitted to: lists by others, sentences written beside the rules,
Lantern's own letters, reasons and statement, and last ordinary letters and answers."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """A sentence and its label. ``first``: whether it is in the half that may be read."""

    label: str
    language: str
    text: str

    @property
    def first(self) -> bool:
        return hashlib.sha256(self.text.encode()).digest()[0] % 2 == 0


def labelled(file: str) -> Iterator[Labelled]:
    """Yield every sentence of a list, both halves."""
    with (HERE / file).open(encoding="utf-8", newline="") as rows:
        for row in csv.reader(rows, delimiter="\t", quoting=csv.QUOTE_NONE):
            yield Labelled(*row)


def share(file: str, label: str, first: bool, speaks: Callable[[str], bool]) -> float:
    """Return the share of a label's sentences in one half in which a rule finds something."""
    those = [each.text for each in labelled(file) if (each.label, each.first) == (label, first)]
    return sum(map(speaks, those)) / len(those)


if __name__ == "__main__":
    for each in labelled(sys.argv[1]):
        if each.first:
            print(each.label, each.language, each.text, sep="\t")
