"""Find words that do not belong in a supportive email (§14, §15, §17)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from store.rules.errors import InvalidInput
from store.rules.text.sentence_patterns import Fault, any_of, lowered, sentences
from store.rules.text.spelling import as_read
from store.rules.text.tone import (
    constructions,
    english,
    illness,
    revealing_terms,
    scale,
    telling,
    welsh,
)


@dataclass(frozen=True, slots=True)
class ToneFault:
    """Words that were looked for, as they stand in the text. Lines count from 1."""

    line: int
    word: str
    fault: Fault | None = field(default=None, compare=False)
    """What is wrong with the words; None for words that only reveal too much."""


_Place = tuple[int, int, Fault]

_RULES = (*telling.RULES, *english.RULES, *welsh.RULES)
_SAID, _HEAVY, _RELIEF = 0.0, 0.1, 0.5
"""How heavy a sentence is that is refused: one with an outright phrase, and one without; and how
much lighter one counts that reassures.

A phrase may mean something else, and the rest of its sentence says so. The lines were drawn on
lists that the points were not fitted to, each left out in its turn.
"""
_ENOUGH = 5
"""Words: fewer, without a cue, are too little to go by, such as "for talking things over"."""

_NAMES = any_of((*english.NAMES, *welsh.NAMES))
_TODAY = re.compile(
    r"\b(?:today|tonight|this (?:morning|afternoon|evening)|within the hour|heddiw|heno"
    r"|bore 'ma|prynhawn 'ma)\b",
    re.IGNORECASE,
)
_TELLING = re.compile(
    rf"\b(?:{'|'.join((*revealing_terms.TELLING, *revealing_terms.TELLING_WELSH))})\b",
    re.IGNORECASE,
)


def labelling_words(text: str, *, quoting: Iterable[str] = ()) -> list[ToneFault]:
    """Find words that threaten, demand or label, in the order of the text.

    ``quoting`` are names and titles that the text repeats and did not choose, such as the title
    of an assessment; they are not looked at. Takes time in proportion to the text.
    """
    plain = without_quotes(text, quoting)
    found = sorted(_faults(lowered(plain)), key=lambda each: (each[0], -each[1]))
    kept: list[ToneFault] = []
    until = 0
    for start, end, fault in found:
        if start >= until:
            kept.append(ToneFault(_line(plain, start), " ".join(plain[start:end].split()), fault))
            until = end
    return kept


def labelling_names(text: str) -> list[ToneFault]:
    """Find names for a kind of person in what colleagues write among themselves."""
    plain = without_quotes(text, ())
    return [
        ToneFault(
            _line(plain, each.start()),
            " ".join(plain[each.start() : each.end()].split()),
            Fault.LABEL,
        )
        for each in _NAMES.finditer(lowered(plain))
    ]


def diagnoses(text: str) -> list[ToneFault]:
    """Find where a text attributes an illness to a person (§25)."""
    plain = lowered(as_read(text))
    return [
        ToneFault(_line(plain, start + each.start()), " ".join(each.group().split()))
        for start, sentence in sentences(plain)
        for each in illness.DIAGNOSES.finditer(sentence)
        if not illness.UNLESS.search(sentence, 0, each.start())
    ]


def telling_words(text: str, *, quoting: Iterable[str] = ()) -> list[ToneFault]:
    """Find words that would reveal to other readers of a mailbox what the email is about."""
    plain = without_quotes(text, quoting)
    return [
        ToneFault(_line(plain, each.start()), " ".join(each.group().split()))
        for each in _TELLING.finditer(plain)
    ]


def promises_of_today(text: str) -> list[ToneFault]:
    """Find promises for today, which are only true on the day they are read."""
    plain = without_quotes(text, ())
    return [ToneFault(_line(plain, each.start()), each.group()) for each in _TODAY.finditer(plain)]


def check_supportive(text: str, *, quoting: Iterable[str] = (), field: str = "body") -> None:
    """Raise ``InvalidInput`` if the text threatens, demands or labels; with the words and lines."""
    if found := labelling_words(text, quoting=quoting):
        raise InvalidInput(unsupportive(found), field=field)


def unsupportive(found: Iterable[ToneFault], before: int = 0) -> str:
    """Write where these words are, and what to use instead. ``before``: lines above the text."""
    found = list(found)
    faults = dict.fromkeys(each.fault for each in found if each.fault)
    instead = "; ".join(each.instead for each in faults)
    return (
        "An email to a student offers help and asks. Say this differently: "
        f"{places(found, before)}." + (f" Instead, {instead}." if instead else "")
    )


def indiscreet(found: Iterable[ToneFault], before: int = 0) -> str:
    """Write where the words are that must not be in an email to a personal address."""
    return (
        "A personal address may be read by others, so this email cannot say what it is about. "
        f"Leave this out: {places(found, before)}."
    )


def places(found: Iterable[ToneFault], before: int = 0) -> str:
    """List the faulty words, each with its line."""
    return ", ".join(f"“{each.word}” in line {each.line + before}" for each in found)


def _faults(plain: str) -> Iterator[tuple[int, int, Fault]]:
    """Phrases that say it outright, unless the sentence weighs light; else what weighs most."""
    for start, sentence in sentences(plain):
        firm, said = list[_Place](), list[_Place]()
        for rule in (*constructions.RULES, *_RULES):
            for each in rule.find(sentence):
                (firm if rule.firm else said).append((each.start(), each.end(), rule.fault))
        found = firm or (_meant(sentence, said) if said else _weighed(sentence))
        yield from ((start + begin, start + end, fault) for begin, end, fault in found)


def _meant(sentence: str, said: list[_Place]) -> list[_Place]:
    """What an outright phrase says, unless the rest of its sentence says that it is harmless."""
    return said if _weight(sentence) > _SAID else []


def _weighed(sentence: str) -> list[_Place]:
    """What speaks against a sentence without such a phrase, if it is heavy enough."""
    if _weight(sentence) <= _HEAVY:
        return []
    # A sentence may be heavy by its words alone: "You have nobody to blame but yourself."
    enough = len(sentence.split()) >= _ENOUGH
    return scale.heaviest(sentence) or (scale.heaviest_words(sentence) if enough else [])


def _weight(sentence: str) -> float:
    relief = _RELIEF if constructions.reassures(sentence) else 0.0
    return scale.weight(sentence) - relief


def without_quotes(text: str, quoting: Iterable[str]) -> str:
    """Return the text as it is read, with a blank in place of each quote; its lines stay."""
    text = as_read(text)
    for quote in sorted(filter(None, quoting), key=len, reverse=True):
        text = re.sub(rf"(?<!\w){re.escape(quote)}(?!\w)", " ", text)
    return text


def _line(text: str, at: int) -> int:
    return text.count("\n", 0, at) + 1
