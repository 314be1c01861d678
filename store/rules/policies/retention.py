"""A school's retention periods, after which data is deleted by age (§28)."""

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
    """How long a school keeps data: periods counted back from today."""

    activity_months: Annotated[int, Limits(7, 84)] = 13
    """Months to keep activity. Thirteen allow a term to be compared with the year before; fewer
    than seven would be shorter than the longest period that a policy may look back."""
    case_years: Annotated[int, Limits(1, 10)] = 6
    """Years to keep a closed case. A claim can be brought for six years."""
    student_years: Annotated[int, Limits(2, 10)] = 6
    """Years to keep everything on a student after their last enrolment ended. At least two, since
    an interruption of a year does not mean that they left."""

    def first_day_of_cases(self, today: dt.date) -> dt.date:
        """Return the first day of closing for which cases are kept."""
        return months_later(today, -self.case_years * MONTHS)

    def first_day_of_students(self, today: dt.date) -> dt.date:
        """Return the first day of leaving for which students are kept."""
        return months_later(today, -self.student_years * MONTHS)

    def __str__(self) -> str:
        return (
            f"activity {counted(self.activity_months, 'month')}, closed cases "
            f"{counted(self.case_years, 'year')}, students {counted(self.student_years, 'year')} "
            "after they left"
        )
