"""Reasons in a school's own words: its sentences, with placeholders for the findings.

``{module}``, ``{item}`` and the rule's thresholds, such as ``{days}``, are filled in; ``{reason}``
is Lantern's own sentence. A school's sentence can name only what the rule knows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from store.rules.flag_rules.base import Rule
from store.rules.flag_rules.evidence import Finding
from store.rules.text.formatting import listed
from store.rules.text.readability import EASY, reading_ease
from store.rules.text.tone.check import labelling_words

_PLACE = re.compile(r"\{([^{}]*)\}")
_EXAMPLES = {"module": "FR101", "item": "Essay 1", "reason": ""}


@dataclass(frozen=True, slots=True)
class OwnWords:
    """A school's sentences for a rule's reason; Lantern's own sentence where one is empty."""

    rule: str
    student: str = ""
    staff: str = ""


def in_own_words(words: OwnWords, rule: Rule, finding: Finding) -> Finding:
    """Return the finding with its reasons in the school's words."""
    values = _thresholds(rule) | {"module": finding.module or "", "item": finding.subject}
    reasons = {"reason_student": words.student, "reason_staff": words.staff}
    said: dict[str, str] = {
        name: _filled(text, values | {"reason": getattr(finding, name)})
        for name, text in reasons.items()
        if text
    }
    return replace(finding, **said)  # type: ignore[arg-type]


def problems_with(words: OwnWords, rule: Rule, path: str) -> Iterator[str]:
    """Yield one sentence for each fault in a school's own reasons."""
    known = {"reason", *rule.SAYS, *_thresholds(rule)}
    if not words.student and not words.staff:
        yield f"{path} is empty; allowed is a sentence for student, for staff, or for both"
    for key, text in (("student", words.student), ("staff", words.staff)):
        places = set(_PLACE.findall(text))
        if unknown := places - known:
            yield (
                f"{path}.{key} has the placeholder {listed(sorted(unknown))}; allowed for "
                f"{words.rule} is {listed(sorted(known))}"
            )
        elif text:
            yield from _unfit(_filled(text, _thresholds(rule) | _EXAMPLES), f"{path}.{key}")


def _unfit(text: str, path: str) -> Iterator[str]:
    if found := labelling_words(text):
        named = listed([f"“{each.word}”" for each in found])
        yield f"{path} says {named}; allowed is what asks and offers, and labels no one"
    # The words around a placeholder for the whole reason may be too few to judge.
    if len(text.split()) >= 4 and (ease := reading_ease(text)) < EASY:
        yield (
            f"{path} is hard to read (Flesch {ease:.0f}); allowed is {EASY} or more: shorter "
            "sentences and shorter words"
        )


def _thresholds(rule: Rule) -> dict[str, str]:
    made: Any = rule
    return {each.name: str(getattr(made, each.name)) for each in fields(made)}


def _filled(text: str, values: Mapping[str, str]) -> str:
    return _PLACE.sub(lambda place: values.get(place[1], place[0]), text)
