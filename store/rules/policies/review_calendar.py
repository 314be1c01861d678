"""The calendar of §18: when a school reviews its thresholds, its letters and fairness."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Annotated

from store.rules.flag_rules.base import Limits
from store.rules.model.labelled import Word

_MONTHS = 12


class ReviewSubject(Word):
    """What a school reviews: thresholds, letters or fairness."""

    THRESHOLDS = "thresholds"
    LETTERS = "letters"
    FAIRNESS = "fairness"


@dataclass(frozen=True, slots=True)
class ReviewRules:
    """The months between two reviews of each subject."""

    thresholds_months: Annotated[int, Limits(1, 36)] = 12
    letters_months: Annotated[int, Limits(1, 36)] = 12
    fairness_months: Annotated[int, Limits(1, 36)] = 12

    def months(self, subject: ReviewSubject) -> int:
        """Return the months between two reviews of this subject."""
        return {
            ReviewSubject.THRESHOLDS: self.thresholds_months,
            ReviewSubject.LETTERS: self.letters_months,
            ReviewSubject.FAIRNESS: self.fairness_months,
        }[subject]


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A review that was held: its author and findings."""

    on: dt.date
    by: str
    found: str


@dataclass(frozen=True, slots=True)
class ReviewLine:
    """One subject in the calendar. ``last`` is None where it has not been reviewed yet."""

    subject: ReviewSubject
    due: dt.date
    last: Reviewed | None

    def is_due(self, today: dt.date) -> bool:
        """Return whether the review of this subject is due on this day."""
        return self.due <= today


def months_later(day: dt.date, months: int) -> dt.date:
    """Return the day this many months later, or earlier if negative.

    The last day of the month where it has no such day.
    """
    year, month = divmod(day.year * _MONTHS + day.month - 1 + months, _MONTHS)
    following = dt.date(year + (month + 1) // _MONTHS, (month + 1) % _MONTHS + 1, 1)
    end = (following - dt.timedelta(days=1)).day
    return dt.date(year, month + 1, min(day.day, end))
