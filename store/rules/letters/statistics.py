"""What letters led to, in figures that single nobody out, and how they are put into words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from store.rules.letters.letter import Language, LetterKind
from store.rules.model import Rung
from store.rules.small_numbers import SMALLEST
from store.rules.text.formatting import counted, on_day

NO_COMPARISON = (
    "Contact is never withheld for a comparison: whoever should be written to is. So these figures "
    "describe what followed a mail, and do not show that it was because of it."
)
_LANGUAGES = {Language.ENGLISH: "English", Language.WELSH: "Welsh"}


@dataclass(frozen=True, slots=True)
class LetterName:
    """Which words a mail began with, and by which way it went. ``kind`` None: from before this was
    kept."""

    kind: LetterKind | None
    language: Language
    own_words: bool
    policy_version: int | None
    rung: Rung


@dataclass(frozen=True, slots=True)
class Rates:
    """Counts are rounded to 5, and shares lie between 0 and 1: None where they are of too few.

    ``answered`` is of the mails that did not bounce. ``back`` is of those that left so long ago
    that the days within which it counts are over, ``watched``.
    """

    mails: int
    answered: int
    answered_share: float | None
    watched: int
    back: int
    back_share: float | None


@dataclass(frozen=True, slots=True)
class LetterReport:
    """The mails of a school that left on or after a day: altogether, and letter by letter.

    ``days`` are those within which a student has to be back, for it to count.
    """

    since: dt.date
    days: int
    altogether: Rates
    letters: tuple[tuple[LetterName, Rates], ...]


def letter_lines(report: LetterReport) -> Iterator[str]:
    """All mails together, then each letter on a line, the most used first."""
    if not report.altogether.mails:
        yield f"No mail has left since {on_day(report.since)}."
        return
    yield f"Mails since {on_day(report.since)}: {_rates(report.altogether, report.days)}"
    for name, rates in report.letters:
        yield f"{_called(name)}: {_rates(rates, report.days)}"


def letter_notes(report: LetterReport) -> Iterator[str]:
    """What has to be known to read the figures; nothing where there are none."""
    if not report.altogether.mails:
        return
    yield NO_COMPARISON
    yield (
        "Counts are rounded to 5, and percentages of fewer than "
        f"{SMALLEST:g} students are not given. Mails that came back are left out. An answer "
        "counts for the mail that it answers, else for the last one before it. Back means that "
        "every flag of the case cleared, or that it was closed as re-engaged, within "
        f"{counted(report.days, 'day')} of the mail, your school's sustained period; mails that "
        "are younger are not counted there yet."
    )


def _called(name: LetterName) -> str:
    way = f"by {name.rung.label}"
    if name.kind is None:
        return f"From before the letter was noted, {way}"
    whose = "your school's words" if name.own_words else "Lantern's words"
    version = f", policy version {name.policy_version}" if name.policy_version else ""
    kind = name.kind.label.capitalize()
    return f"{kind} letter in {_LANGUAGES[name.language]}, {whose}{version}, {way}"


def _rates(rates: Rates, days: int) -> str:
    answered = _of(rates.answered, rates.answered_share, rates.mails)
    back = _of(rates.back, rates.back_share, rates.watched)
    return f"{rates.mails} sent, {answered} answered; {back} back within {days} days."


def _of(some: int, portion: float | None, of: int) -> str:
    return f"{some} of {of} ({'too few for a percentage' if portion is None else f'{portion:.0%}'})"
