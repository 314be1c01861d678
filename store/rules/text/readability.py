"""Measure how easily a text is read: by Flesch (1948) in English, by Björnsson (1968) elsewhere.

Sentences that a school writes itself must meet the same standard as ours. Syllables are counted by
their vowels; the tests compare the result with a library that uses a dictionary.
"""

from __future__ import annotations

import re

EASY = 60
"""Plain English, easily understood by pupils of 13 to 15."""

LIGHT = 40
"""A ``lix`` that Björnsson found in books for all readers; newspapers have more."""

_LONG = 6
"""Letters; a longer word weighs on the reader."""

_WORD = re.compile(r"[A-Za-z0-9][A-Za-z0-9'’-]*")
_SENTENCE = re.compile(r"(?<![.!?:;])[.!?:;]+(?:\s|$)")
_VOWELS = re.compile(r"[aeiouy]+")
_SILENT = re.compile(r"(?:[^laeiouy]e|[^aeiouytd]ed|[^aeiouysxz]es)$")


def reading_ease(text: str) -> float:
    """Return Flesch's reading ease of English text; 100 for an empty one. More is easier."""
    words = [word for word in _WORD.findall(text) if word[0].isalpha()]
    if not words:
        return 100.0
    sentences = max(len(_SENTENCE.findall(text)), 1)
    syllables = sum(map(_syllables, words))
    return 206.835 - 1.015 * len(words) / sentences - 84.6 * syllables / len(words)


def lix(text: str) -> float:
    """Return Björnsson's *läsbarhetsindex* of a text; 0 for an empty one. Less is easier."""
    words = re.findall(r"[^\W\d_]+", text)
    if not words:
        return 0.0
    sentences = max(len(_SENTENCE.findall(text)), 1)
    long = sum(len(word) > _LONG for word in words)
    return len(words) / sentences + 100 * long / len(words)


def _syllables(word: str) -> int:
    said = word.lower().replace("’", "'").partition("'")[0]
    if any(character.isdigit() for character in said) or word.isupper():
        # A code such as FR101: how it is read aloud says nothing about the sentence.
        return 1
    parts = [part for part in said.split("-") if part]
    return sum(max(len(_VOWELS.findall(_SILENT.sub("", part))), 1) for part in parts)
