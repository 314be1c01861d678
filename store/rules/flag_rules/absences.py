"""Not at any session on several days with sessions running."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Annotated, ClassVar

from store.rules.calendar import Calendar
from store.rules.flag_rules.base import Criterion, Limits, in_a_row_since
from store.rules.flag_rules.evidence import Evidence, Finding, Measure
from store.rules.model import MarkerFamily


@dataclass(frozen=True, slots=True)
class Absences:
    """Absent on each of the last ``in_a_row`` days on which a module had sessions."""

    NAME: ClassVar[str] = "absences"
    NEEDS: ClassVar[tuple[MarkerFamily, ...]] = (MarkerFamily.ATTENDANCE,)
    SAYS: ClassVar[tuple[str, ...]] = ("module",)

    in_a_row: Annotated[int, Limits(2, 20)] = 4
    """Days with sessions, in eight weeks at most; coming to one session makes a day attended."""
    stale_after_days: Annotated[int, Limits(1, 28)] = 7
    """A register that has not come in for longer is unknown; it is not absence."""

    def criterion(self, calendar: Calendar, day: dt.date) -> Criterion:
        """Everyone absent that often in a row in some module."""
        return Criterion(absent_in_a_row=self.in_a_row)

    def findings(self, calendar: Calendar, evidence: Evidence, day: dt.date) -> list[Finding]:
        """One finding for each module."""
        oldest = day - dt.timedelta(days=self.stale_after_days)
        return [
            self._finding(measure, day)
            for measure in evidence.measures
            if measure.family is MarkerFamily.ATTENDANCE
            and measure.fresh >= oldest
            and measure.absences >= self.in_a_row
        ]

    def expectation(self) -> str:
        """At least one session in so many days."""
        return (
            f"In each module, come to a session on at least one of any {self.in_a_row} days "
            "with sessions."
        )

    def _finding(self, measure: Measure, day: dt.date) -> Finding:
        when = f"the last {measure.absences} days with sessions in {measure.module}"
        return Finding(
            student=measure.student,
            rule=self.NAME,
            family=measure.family,
            module=measure.module,
            subject="",
            reason_staff=f"Not seen on {when}.",
            reason_student=f"We did not see you on {when}.",
            source=measure.source,
            fresh=measure.fresh,
            measured={"days absent in a row": measure.absences, "that raise a flag": self.in_a_row},
            since=in_a_row_since(measure, day),
        )
