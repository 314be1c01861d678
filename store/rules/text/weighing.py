"""Weigh a sentence by points: for cues that people defined, and for the words between them.

A phrase alone says little: "Home Office" stands in a threat and in a tour of the building. So a
sentence is read as its *cues* (what could be lost, who would be told, a deadline, an offer of help,
a denial …), pairs of cues, and the words beside them. Each has points, for or against, which were
fitted to sentences that people had labelled, as ``tests/rules/weigh.py`` does it again. The points
are added; above 0 the sentence needs a check, and ``heaviest`` names the words with the most
points. Takes time in proportion to the text.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass
from functools import partial
from itertools import combinations
from math import hypot

from store.rules.text.sentence_patterns import Pattern
from store.rules.text.spelling import mutated

_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*|[?!\"%£]")
_STEM = 5
_LONGEST = 3
_CUE, _AGAIN, _PAIR = 2.0, 1.4, 1.0
_NOTHING = -1.0
"""The weight of words that were in no sentence and hold no cue."""

_DENIES = re.compile(
    r"(?:(?<!os )(?<!oni )\b(?:not(?! only)|no(?! (?:choice|option|alternative|longer|excuses?"
    r"|reply|answer|response|doubt|room|further|more|other|one left|discretion|attendance|show)\b)"
    r"|nobody|no-one|never|none|nothing|without|neither|nor|cannot|\w+n't|dont|wont"
    r"|ddim|dim(?! ond)|nid|neb|heb|peidi\w+|paid|sdim|does|dydyn|fydd neb)|^ni|^na)\b"
    r"(?! (?:bother|expect|think|say|make|force|pretend|ignore|forget))"
    r"(?: (?!but\b|just\b|only\b|unless\b|ond\b|neu\b|or\b|until\b)[\w'-]+){0,5}"
)
"""A denial and the words that it may reach: "*nobody has reported you to* anyone"."""


@dataclass(frozen=True, slots=True)
class Cue:
    """A cue found in a sentence. ``denied``: whether it is negated."""

    kind: str
    start: int
    end: int
    denied: bool

    @property
    def feature(self) -> str:
        """Return the name under which the cue's points are listed; denied cues have their own."""
        return f"#no-{self.kind}" if self.denied else f"#{self.kind}"


@dataclass(frozen=True, slots=True)
class Scale:
    """The scale for sentences.

    ``cues`` are the patterns of each kind; ``points`` maps a feature to its weight, 0 for others;
    ``ease`` is added to every sum.
    """

    cues: tuple[tuple[str, Pattern], ...]
    points: Mapping[str, float]
    ease: float

    def weigh(self, sentence: str) -> float:
        """Return the weight of a sentence in ``plain`` spelling: above 0 it needs a check."""
        known = [
            (each, value) for each, value in self.features(sentence).items() if each in self.points
        ]
        if not known:
            return _NOTHING
        length = hypot(*(value for _, value in known))
        return self.ease + sum(self.points[each] * value for each, value in known) / length

    def features(self, sentence: str) -> dict[str, float]:
        """Count the features of a sentence that have a weight."""
        found = dict.fromkeys(_phrases(sentence), 1.0)
        kinds: set[str] = set()
        for cue in self.found(sentence):
            if cue.feature in kinds:
                found[f"{cue.feature}2"] = _AGAIN
            kinds.add(cue.feature)
        found.update(dict.fromkeys(kinds, _CUE))
        found.update((f"{a}*{b}", _PAIR) for a, b in combinations(sorted(kinds), 2))
        return found

    def found(self, sentence: str) -> Iterator[Cue]:
        """Return every cue of the sentence, kind by kind."""
        reach = [each.span() for each in _DENIES.finditer(sentence)]
        for kind, pattern in self.cues:
            for each in pattern.finditer(sentence):
                before = bisect_left(reach, (each.start(),)) - 1
                denied = before >= 0 and each.start() < reach[before][1]
                yield Cue(kind, each.start(), each.end(), denied)

    def heaviest(self, sentence: str, but: Set[str], most: int = 3) -> list[Cue]:
        """Return the heaviest cues in order, without the kinds in ``but`` and denied cues.

        Empty where no cue counts against the sentence: the words alone are too little to go by.
        """
        speaking = sorted(
            (
                (-self.points.get(each.feature, 0.0), each.start, each)
                for each in self.found(sentence)
                if each.kind not in but and not each.denied
            ),
            key=lambda each: each[:2],
        )
        return sorted((each for *_, each in speaking[:most]), key=lambda each: each.start)

    def heaviest_words(self, sentence: str, fewest: int = 2, most: int = 5) -> tuple[int, int]:
        """Return the start and end of the heaviest two to five words in a row."""
        found = [each for each in _WORD.finditer(sentence) if each.group()[0].isalnum()]
        weights = [
            sum(self.points.get(part, 0.0) for part in _parts(each.group())) for each in found
        ]
        runs = (
            (sum(weights[at:end]), found[at].start(), found[end - 1].end())
            for at in range(len(found))
            for end in range(at + fewest, min(at + most, len(found)) + 1)
        )
        whole = (0.0, 0, len(sentence))
        return max(runs, key=lambda each: each[0], default=whole)[1:]


def patterns(*languages: Mapping[str, str]) -> tuple[tuple[str, Pattern], ...]:
    """Return the cues of these languages as patterns, compiled when first used."""
    return tuple(
        (kind, Pattern(partial(mutated, pattern)))
        for cues in languages
        for kind, pattern in cues.items()
    )


def read_points(lines: Iterable[str]) -> dict[str, float]:
    """Read stored points: a number, a tab and the feature on each line."""
    pairs = (line.split("\t") for line in lines)
    return {feature: float(number) for number, feature in pairs}


def _phrases(sentence: str) -> Iterator[str]:
    """The words, each two and three that follow each other, and how long words begin."""
    words = [each.group() for each in _WORD.finditer(re.sub(r"\d+", "0", sentence))]
    for at, word in enumerate(words):
        for end in range(at + 1, min(at + _LONGEST, len(words)) + 1):
            yield " ".join(words[at:end])
        yield from _parts(word)[1:]
    if words:
        yield f"^ {words[0]}"
        yield f"^ {' '.join(words[:2])}"


def _parts(word: str) -> tuple[str, ...]:
    """A word, and how it begins where it is a long one."""
    return (word, f"{word[:_STEM]}-") if len(word) > _STEM else (word,)
