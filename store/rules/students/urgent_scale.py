"""The scale on which a student's sentence is weighed for danger to life (§13, §25)."""

from __future__ import annotations

from functools import lru_cache
from importlib import resources

from store.rules.students import urgent_cues_english, urgent_cues_welsh, urgent_frames_english
from store.rules.text.spelling import plain
from store.rules.text.weighing import Scale, patterns, read_points

CUES = patterns(urgent_cues_english.CUES, urgent_frames_english.CUES, urgent_cues_welsh.CUES)


@lru_cache(maxsize=1)
def load_urgent_scale() -> Scale:
    """Read the points that ``tests/rules/weigh.py`` wrote."""
    file = resources.files("store.rules.students").joinpath("urgent_points.txt")
    points = read_points(file.read_text(encoding="utf-8").splitlines())
    return Scale(CUES, points, points["ease"])


FRAMES = frozenset({"study", "idiom", "fine", "ask"})
"""Cues that dangerous words mean something else, whatever they weigh."""


def weigh_urgency(words: str) -> float:
    """Return the weight of a student's words: the higher, the likelier they speak of danger."""
    return load_urgent_scale().weigh(plain(words))


def has_cue(words: str) -> bool:
    """Return whether the words hold a cue of danger, even a negated one ("do not want to live")."""
    return any(each.kind not in FRAMES for each in load_urgent_scale().found(plain(words)))
