"""What letters led to, in figures that single nobody out, and how they are put into words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from store.rules.letters.letter import Language, LetterKind
from store.rules.model import Rung
from store.rules.small_numbers import FEWEST_FOR_AVERAGE, SMALLEST, Period
from store.rules.text.formatting import counted, on_day

NO_COMPARISON = (
    "Contact is never withheld for a comparison: whoever should be written to is. So these figures "
    "describe what followed a mail, and do not show that it was because of it."
)
ROUNDED = (
    "Counts are rounded to 5, so parts need not add up, and fewer than 3 are not shown. "
    f"Percentages of fewer than {SMALLEST:g} students and averages of fewer than "
    f"{FEWEST_FOR_AVERAGE} are not given. Figures are of whole weeks."
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
    """Counts are as the report rounds them. Shares lie between 0 and 1: None where of too few.

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
    """The mails of a school that left in a period: altogether, and letter by letter.

    ``days`` are those within which a student has to be back, for it to count.
    """

    period: Period
    days: int
    altogether: Rates
    letters: tuple[tuple[LetterName, Rates], ...]
    exact: bool = False


def letter_lines(report: LetterReport) -> Iterator[str]:
    """All mails together, then each letter on a line, the most used first."""
    if not report.altogether.mails:
        few = "No email has left" if report.exact else "Too few emails have left for figures"
        yield f"{few} {spanned(report.period)}."
        return
    yield f"Emails {spanned(report.period)}: {_rates(report.altogether, report.days)}"
    for name, rates in report.letters:
        yield f"{_called(name)}: {_rates(rates, report.days)}"


def letter_notes(report: LetterReport) -> Iterator[str]:
    """What has to be known to read the figures; nothing where there are none."""
    if not report.altogether.mails:
        return
    yield NO_COMPARISON
    if not report.exact:
        yield ROUNDED
    yield (
        "Mails that came back are left out. An answer counts "
        "for the mail that it answers, else for the last one before it. Back means that "
        "every flag of the case cleared, or that it was closed as re-engaged, within "
        f"{counted(report.days, 'day')} of the mail, your school's sustained period; mails that "
        "are younger are not counted there yet."
    )


def spanned(period: Period) -> str:
    """``since Monday 1 September``, or ``from … to …`` with its last day."""
    if period.until is None:
        return f"since {on_day(period.since)}"
    last = period.until - dt.timedelta(days=1)
    return f"from {on_day(period.since)} to {on_day(max(period.since, last))}"


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
