"""How long a school keeps what, before it is deleted by age (§28)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Annotated

from store.rules.flag_rules.base import Limits
from store.rules.policies.review_calendar import months_later
from store.rules.text.formatting import counted

MONTHS = 12


@dataclass(frozen=True, slots=True)
class Retention:
    """The periods, counted back from today."""

    activity_months: Annotated[int, Limits(7, 84)] = 13
    """Of the feeds' rows. Thirteen show a term beside the same weeks of the year before; fewer
    than seven would be shorter than the longest period that a policy may look at."""
    case_years: Annotated[int, Limits(1, 10)] = 6
    """Of a closed case, from its closing. A claim can be brought for six years."""
    student_years: Annotated[int, Limits(2, 10)] = 6
    """Of everything on a student, from the end of their last enrolment. An interruption of a year
    is no leaving, so that it is never less than two."""

    def first_day_of_cases(self, today: dt.date) -> dt.date:
        """Return the day from which on closed cases are kept."""
        return months_later(today, -self.case_years * MONTHS)

    def first_day_of_students(self, today: dt.date) -> dt.date:
        """Return the day from which on those whose enrolments ended are kept."""
        return months_later(today, -self.student_years * MONTHS)

    def __str__(self) -> str:
        return (
            f"activity {counted(self.activity_months, 'month')}, closed cases "
            f"{counted(self.case_years, 'year')}, students {counted(self.student_years, 'year')} "
            "after they left"
        )
