"""Missed several meetings with staff in a row."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Annotated, ClassVar

from store.rules.calendar import Calendar
from store.rules.flag_rules.base import Criterion, Limits, in_a_row_since
from store.rules.flag_rules.evidence import Evidence, Finding, Measure
from store.rules.model import MarkerFamily
from store.rules.text.formatting import counted


@dataclass(frozen=True, slots=True)
class MissedMeetings:
    """Not at the last ``in_a_row`` meetings that were arranged, in eight weeks at most.

    One meeting is easily missed. A meeting with anybody on the staff that was held since ends the
    row: it is engagement like any other.
    """

    NAME: ClassVar[str] = "missed-meetings"
    NEEDS: ClassVar[tuple[MarkerFamily, ...]] = (MarkerFamily.MEETINGS,)
    SAYS: ClassVar[tuple[str, ...]] = ("module",)

    in_a_row: Annotated[int, Limits(1, 10)] = 2
    stale_after_days: Annotated[int, Limits(1, 28)] = 7
    """A diary that has not come in for longer is unknown; nobody missed anything."""

    def criterion(self, calendar: Calendar, day: dt.date) -> Criterion:
        """Everyone who missed that many in a row."""
        return Criterion(meetings_in_a_row=self.in_a_row)

    def findings(self, calendar: Calendar, evidence: Evidence, day: dt.date) -> list[Finding]:
        """One finding for each module that the meetings belong to."""
        oldest = day - dt.timedelta(days=self.stale_after_days)
        return [
            self._finding(measure, day)
            for measure in evidence.measures
            if measure.family is MarkerFamily.MEETINGS
            and measure.fresh >= oldest
            and measure.absences >= self.in_a_row
        ]

    def expectation(self) -> str:
        """How many meetings may be missed."""
        return (
            "Come to the meetings that you have arranged with staff, or let us know. After "
            f"{counted(self.in_a_row, 'missed meeting')} in a row we ask how you are."
        )

    def _finding(self, measure: Measure, day: dt.date) -> Finding:
        what = counted(measure.absences, "meeting")
        return Finding(
            student=measure.student,
            rule=self.NAME,
            family=measure.family,
            module=measure.module,
            subject="",
            reason_staff=f"Not at the last {what} arranged for {measure.module}.",
            reason_student=f"We missed you at your last {what} for {measure.module}.",
            source=measure.source,
            fresh=measure.fresh,
            measured={
                "meetings missed in a row": measure.absences,
                "that raise a flag": self.in_a_row,
            },
            since=in_a_row_since(measure, day),
        )
