"""Attended too small a share of the sessions that the student was expected at."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Annotated, ClassVar

from store.rules.calendar import Calendar
from store.rules.flag_rules.base import FOUR_WEEKS, Criterion, Limits, at_least
from store.rules.flag_rules.evidence import Evidence, Finding, Measure
from store.rules.model import MarkerFamily


@dataclass(frozen=True, slots=True)
class Attendance:
    """Less than ``below_share`` attended of at least ``expected_at_least`` in four weeks."""

    NAME: ClassVar[str] = "attendance"
    NEEDS: ClassVar[tuple[MarkerFamily, ...]] = (MarkerFamily.ATTENDANCE,)
    SAYS: ClassVar[tuple[str, ...]] = ("module",)

    below_share: Annotated[float, Limits(0.05, 1)] = 0.5
    expected_at_least: Annotated[int, Limits(1, 100)] = 4
    stale_after_days: Annotated[int, Limits(1, 28)] = 7
    """A register that has not come in for longer is unknown; it is not absence."""

    def criterion(self, calendar: Calendar, day: dt.date) -> Criterion:
        """Everyone below the share in some module, with enough sessions to speak of one."""
        return Criterion(attended_below=self.below_share, expected_at_least=self.expected_at_least)

    def findings(self, calendar: Calendar, evidence: Evidence, day: dt.date) -> list[Finding]:
        """One finding for each module."""
        oldest = day - dt.timedelta(days=self.stale_after_days)
        return [
            self._finding(evidence.student, measure, day)
            for measure in evidence.measures
            if measure.family is MarkerFamily.ATTENDANCE
            and measure.fresh >= oldest
            and measure.expected_28 >= self.expected_at_least
            and measure.done_28 / measure.expected_28 < self.below_share
        ]

    def expectation(self) -> str:
        """The share of sessions."""
        return (
            f"In each module, come to {at_least(self.below_share)} of your sessions over four "
            "weeks."
        )

    def _finding(self, student: int, measure: Measure, day: dt.date) -> Finding:
        what = (
            f"{measure.done_28} of {measure.expected_28} sessions in {measure.module} "
            "in the last four weeks."
        )
        return Finding(
            student=student,
            rule=self.NAME,
            family=measure.family,
            module=measure.module,
            subject="",
            reason_staff=f"Attended {what}",
            reason_student=f"You came to {what}",
            source=measure.source,
            fresh=measure.fresh,
            measured={"attended": measure.done_28, "expected": measure.expected_28},
            since=day - FOUR_WEEKS,
        )
