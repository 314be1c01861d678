"""Find sentences that the checks of words cannot read: they know only English and Welsh.

An unknown sentence cannot be called harmless, so a person is told. Known words are those of the
sentences to which the checks were fitted.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from functools import lru_cache
from importlib import resources

from store.rules.text.sentence_patterns import sentences
from store.rules.text.spelling import plain
from store.rules.text.weighing import read_points

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_FEWEST = 3
"""Words: fewer may be a name or a greeting."""
_NO_SPACES = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")
"""A letter of a script that puts no spaces between words (Thai, Burmese, Khmer, Japanese, Chinese).
Each counts as a word."""
_UNKNOWN = 0.66
"""From this share of unknown words on: 2 of 3,995 English and Welsh sentences have more, and of 25
in other languages 2 have less, since their short words stand in Welsh as well."""


def unread(text: str, names: Collection[str] = ()) -> list[str]:
    """Find the sentences in neither English nor Welsh, in order.

    ``names`` of people and places count as known words.
    """
    known = {word for name in names for word in _WORD.findall(plain(name))}
    return [
        sentence.strip()
        for line in text.splitlines()
        for _, sentence in sentences(line)
        if _is_unread(sentence, known)
    ]


def _is_unread(sentence: str, names: Collection[str]) -> bool:
    words = [word for part in plain(sentence).split() for word in _words(part)]
    if len(words) < _FEWEST:
        return False
    known = _known()
    unknown = sum(word not in known and word not in names for word in words)
    return unknown >= _UNKNOWN * len(words)


def _words(part: str) -> Iterator[str]:
    """Return the words between two spaces: none of an address, which is in no language."""
    is_address = "://" in part or "@" in part or part.startswith("www.")
    for word in [] if is_address else _WORD.findall(part):
        yield from [word] * max(len(_NO_SPACES.findall(word)), 1)


@lru_cache(maxsize=1)
def _known() -> frozenset[str]:
    """Return every single word that one of the two scales weighs; their other features equal no
    word.
    """
    found = set[str]()
    for package, name in (
        ("store.rules.text.tone", "points.txt"),
        ("store.rules.students", "urgent_points.txt"),
    ):
        file = resources.files(package).joinpath(name)
        for feature in read_points(file.read_text(encoding="utf-8").splitlines()):
            found.update(feature.split())
    return frozenset(found)
