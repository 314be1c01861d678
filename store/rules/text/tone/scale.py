"""The scale on which a sentence of an email to a student is weighed (§6, §14, §17)."""

from __future__ import annotations

from functools import lru_cache
from importlib import resources

from store.rules.text.sentence_patterns import Fault
from store.rules.text.spelling import plain
from store.rules.text.tone import (
    cues_blame_english,
    cues_demand_english,
    cues_kind_english,
    cues_loss_english,
    cues_welsh,
)
from store.rules.text.weighing import Scale, patterns, read_points

CUES = patterns(
    cues_loss_english.CUES,
    cues_demand_english.CUES,
    cues_blame_english.CUES,
    cues_kind_english.CUES,
    cues_welsh.CUES,
)
KIND = frozenset({"offer", "calm", "event"})
"""Kinds of cue that count in favour of a sentence, whatever their weight."""

_FAULTS = {
    "obliged": Fault.DEMAND,
    "deadline": Fault.DEMAND,
    "watching": Fault.LABEL,
    "blame": Fault.LABEL,
    "guilt": Fault.LABEL,
    "sarcasm": Fault.LABEL,
}


@lru_cache(maxsize=1)
def scale() -> Scale:
    """Read the points that ``tests/rules/weigh.py`` wrote."""
    file = resources.files("store.rules.text.tone").joinpath("points.txt")
    points = read_points(file.read_text(encoding="utf-8").splitlines())
    return Scale(CUES, points, points["ease"])


@lru_cache(maxsize=4096)
def weight(sentence: str) -> float:
    """Weigh a sentence of an email; above 0 it threatens, demands or labels."""
    return scale().weigh(plain(sentence))


def heaviest(sentence: str) -> list[tuple[int, int, Fault]]:
    """Return the start, end and fault of each of its heaviest cues; empty where it has none."""
    return [
        (each.start, each.end, _FAULTS.get(each.kind, Fault.THREAT))
        for each in scale().heaviest(plain(sentence), but=KIND)
    ]


def heaviest_words(sentence: str) -> list[tuple[int, int, Fault]]:
    """Return the start and end of its heaviest few words, for a sentence without a cue."""
    return [(*scale().heaviest_words(plain(sentence)), Fault.LABEL)]
