"""Figures on what happened after letters, which identify no student, and their wording."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil

from store.rules.letters.letter import Language, LetterKind
from store.rules.model import Rung
from store.rules.small_numbers import FEWEST_FOR_AVERAGE, SMALLEST, ReportPeriod
from store.rules.text.formatting import counted, on_day

NO_COMPARISON = (
    "No student is left out of contact to make a comparison. These figures show what happened "
    "after an email, not what the email caused."
)
ROUNDED = (
    "Counts are rounded to 5, so that 0 stands for fewer than 3, and parts need not add up. A part "
    "that rounds to 0 is left out. "
    f"Percentages are hidden for fewer than {ceil(SMALLEST)} students, and averages for fewer than "
    f"{FEWEST_FOR_AVERAGE}. Figures cover whole weeks."
)
_LANGUAGES = {Language.ENGLISH: "English", Language.WELSH: "Welsh"}


@dataclass(frozen=True, slots=True)
class LetterName:
    """The letter on which an email was based, and its step. ``kind`` None: not recorded yet."""

    kind: LetterKind | None
    language: Language
    own_words: bool
    policy_version: int | None
    rung: Rung


@dataclass(frozen=True, slots=True)
class Rates:
    """Counts are rounded as in the report. Shares are between 0 and 1: None for too few.

    ``answered`` counts emails that did not bounce. ``back`` counts those of ``watched``: sent long
    enough ago for the student to be back in time.
    """

    mails: int
    answered: int
    answered_share: float | None
    watched: int
    back: int
    back_share: float | None


@dataclass(frozen=True, slots=True)
class LetterReport:
    """The emails that a school sent in a period: in total, and for each letter.

    A student counts as back within ``days`` days.
    """

    period: ReportPeriod
    days: int
    altogether: Rates
    letters: tuple[tuple[LetterName, Rates], ...]
    exact: bool = False


def letter_lines(report: LetterReport) -> Iterator[str]:
    """Write the total, then a line for each letter, the most used first."""
    if not report.altogether.mails:
        few = "No emails were sent" if report.exact else "Too few emails were sent for figures"
        yield f"{few} {spanned(report.period)}."
        return
    yield f"Emails {spanned(report.period)}: {_rates(report.altogether, report.days)}"
    for name, rates in report.letters:
        yield f"{letter_name(name)}: {_rates(rates, report.days)}"


def letter_notes(report: LetterReport) -> Iterator[str]:
    """Explain how to read the figures; nothing where there are none."""
    if not report.altogether.mails:
        return
    yield NO_COMPARISON
    if not report.exact:
        yield ROUNDED
    yield (
        "Emails that bounced are left out. An answer counts for the email that it answers, or else "
        "for the last one before it. Back means that every flag of the case cleared, or that it "
        f"was closed as re-engaged, within {counted(report.days, 'day')} of the email, your "
        "school's sustained period. Later emails are not counted there yet."
    )


def spanned(period: ReportPeriod) -> str:
    """Write ``since Monday 1 September``, or ``from … to …`` with its last day."""
    if period.until is None:
        return f"since {on_day(period.since)}"
    last = period.until - dt.timedelta(days=1)
    return f"from {on_day(period.since)} to {on_day(max(period.since, last))}"


def letter_name(name: LetterName) -> str:
    """Write which letter it is: its kind, language, whose words, version and way."""
    way = f"by {name.rung.label}"
    if name.kind is None:
        return f"From before letters were recorded, {way}"
    whose = "your school's words" if name.own_words else "Lantern's words"
    version = f", policy version {name.policy_version}" if name.policy_version else ""
    kind = name.kind.label.capitalize()
    return f"{kind} letter in {_LANGUAGES[name.language]}, {whose}{version}, {way}"


def _rates(rates: Rates, days: int) -> str:
    answered = _of(rates.answered, rates.answered_share, rates.mails)
    back = _of(rates.back, rates.back_share, rates.watched)
    return f"{rates.mails} sent, {answered} answered; {back} back within {counted(days, 'day')}."


def _of(some: int, portion: float | None, of: int) -> str:
    return f"{some} of {of} ({'too few for a percentage' if portion is None else f'{portion:.0%}'})"
