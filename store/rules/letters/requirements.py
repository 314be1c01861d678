"""The duties of every letter to a student (§5, §14, §23, §27), and how they are recognised.

A duty is met by a placeholder that the letter uses, or by words in it that do not depend on the
student. The list of phrases is short on purpose: a letter with none of them is probably not plain.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from store.rules.letters.letter import Language, LetterKind
from store.rules.text.readability import EASY, LIGHT, lix, reading_ease


@dataclass(frozen=True, slots=True)
class LetterDuty:
    """Something that a letter has to say. ``says`` completes "the letter does not …". ``times``
    different phrases are needed.
    """

    says: str
    placeholders: frozenset[str] = frozenset()
    english: str = ""
    welsh: str = ""
    times: int = 1

    def is_met(self, text: str, used: Collection[str], language: Language) -> bool:
        """Return whether a letter with these words and these placeholders meets the duty."""
        if self.placeholders and not self.placeholders <= set(used):
            return False
        pattern = self.welsh if language is Language.WELSH else self.english
        found = {match.group().casefold() for match in re.finditer(pattern, text, re.IGNORECASE)}
        return not pattern or len(found) >= self.times

    def is_said_in(self, text: str) -> bool:
        """Return whether a text has the duty's words, in one language or the other."""
        return any(self.is_met(text, self.placeholders, each) for each in Language)


_WHO = LetterDuty("say who writes: {{ writer }} and {{ school }}", frozenset({"writer", "school"}))
_WHY = LetterDuty("say what was seen and where: {{ reasons }} and {{ sources }}",
            frozenset({"reasons", "sources"}))  # fmt: skip
ASKS = LetterDuty(
    "ask how the student is, or for the reason",
    english=r"\b(?:reason|how (?:are|is|things)|how you)\b[^.]*[?.]",
    welsh=r"\b(?:rheswm|sut (?:mae|wyt|ydych))\b[^.]*[?.]",
)
OFFERS = LetterDuty(
    "offer help with two options at least, such as to meet, to call, a plan, more time",
    english=r"\b(?:meet|call|phone|video|talk|chat|plan|more time|adjustments?|services?|online)\b",
    welsh=r"\b(?:cwrdd|gwrdd|galwad|ffonio|fideo|siarad|sgwrs|cynllun|amser|addasiadau"
    r"|gwasanaethau|ar-lein)\b",
    times=2,
)
ANSWER = LetterDuty(
    "say how to answer: to reply, or {{ mailbox }}",
    frozenset({"mailbox"}),
    english=r"\b(?:reply|answer|write)\b",
    welsh=r"\b(?:ateb|atebwch|ysgrifennu|ysgrifennwch)\b",
)
SEE = LetterDuty(
    "say how to see what is held about the student",
    english=r"\b(?:see|show|copy)\b[^.]*\b(?:hold|held|data|information|records?)\b",
    welsh=r"\b(?:gweld|weld|dangos|ddangos|copi)\b[^.]*\b(?:gennym|data|gwybodaeth|wybodaeth)\b",
)
CORRECT = LetterDuty(
    "say how to have something put right",
    english=r"\b(?:wrong|correct(?:ed)?|put (?:it )?right)\b",
    welsh=r"\b(?:anghywir|cywiro|gywiro|chywiro)\b",
)
COMPLAIN = LetterDuty(
    "say how to complain",
    english=r"\bcomplain(?:ts?)?\b",
    welsh=r"\b(?:cwyn\w*|gwyn\w*|chwyn\w*)\b",
)

_ALWAYS = (_WHO, ASKS, OFFERS, ANSWER, SEE, CORRECT, COMPLAIN)
_DUTIES: dict[LetterKind, tuple[LetterDuty, ...]] = {
    LetterKind.UNIVERSITY_EMAIL: (_WHO, _WHY, *_ALWAYS[1:]),
    # Asking how a person is would show another reader that there is a reason to ask.
    LetterKind.PERSONAL_EMAIL: tuple(duty for duty in _ALWAYS if duty is not ASKS),
    LetterKind.ANSWER: _ALWAYS,
    LetterKind.WELFARE: _ALWAYS,
}


def duties_not_met(
    kind: LetterKind, language: Language, text: str, used: Collection[str]
) -> Iterator[str]:
    """Yield one sentence for each duty that a letter of this kind does not meet.

    ``text`` is the letter as a student without any data would get it; ``used`` are the
    placeholders in it.
    """
    for duty in _DUTIES[kind]:
        if not duty.is_met(text, used, language):
            yield f"the letter does not {duty.says}"


def hard_to_read(language: Language, text: str) -> Iterator[str]:
    """Yield a sentence if the text is harder to read than a letter may be."""
    # An entry of a list, and any other line, is read as a sentence.
    sentences = "\n".join(f"{line.strip()}." for line in text.splitlines() if line.strip())
    if language is Language.ENGLISH and (ease := reading_ease(sentences)) < EASY:
        yield (
            f"the letter is hard to read (Flesch {ease:.0f}); allowed is {EASY} or more: shorter "
            "sentences and shorter words"
        )
    # Flesch counts the syllables of English; Björnsson's measure counts letters, in any language.
    if language is not Language.ENGLISH and (weight := lix(sentences)) > LIGHT:
        yield (
            f"the letter is hard to read (LIX {weight:.0f}); allowed is {LIGHT} or less: shorter "
            "sentences and shorter words"
        )
