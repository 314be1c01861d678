"""The rule for absence from every session on several days in a row."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Annotated, ClassVar

from store.rules.calendar import Calendar
from store.rules.flag_rules.base import Criterion, Limits, Standing, in_a_row_since
from store.rules.flag_rules.evidence import Evidence, Finding, Measure, Raised
from store.rules.flag_rules.measured_days import fresh_measures, last_measured
from store.rules.flag_rules.returns import (
    came_since,
    figure,
    has_come_back,
    measures_of,
    nothing_expected,
    row_since,
)
from store.rules.model import FlagEnd, MarkerFamily
from store.rules.text.formatting import counted, on_day


@dataclass(frozen=True, slots=True)
class Absences:
    """Absent on each of the last ``in_a_row`` days on which a module had sessions."""

    NAME: ClassVar[str] = "absences"
    NEEDS: ClassVar[tuple[MarkerFamily, ...]] = (MarkerFamily.ATTENDANCE,)
    SAYS: ClassVar[tuple[str, ...]] = ("module",)

    in_a_row: Annotated[int, Limits(2, 20)] = 4
    """Days with sessions, in eight weeks at most; coming to one session makes a day attended."""
    stale_after_days: Annotated[int, Limits(1, 28)] = 7
    """Days without a register after which the source is unknown; that is not absence."""

    def criterion(self, calendar: Calendar, day: dt.date) -> Criterion:
        """Select everyone absent that often in a row in a module."""
        return Criterion(absent_in_a_row=self.in_a_row)

    def findings(self, calendar: Calendar, evidence: Evidence, day: dt.date) -> list[Finding]:
        """Return one finding for each module with that many days absent in a row."""
        fresh = fresh_measures(evidence, MarkerFamily.ATTENDANCE, day, self.stale_after_days)
        return [
            self._finding(measure, day) for measure in fresh if measure.absences >= self.in_a_row
        ]

    def standing(
        self, calendar: Calendar, evidence: Evidence, flag: Raised, day: dt.date
    ) -> Standing:
        """Judge a flag: back after as many days attended as raise one, and half of those since.

        Where teaching is over, the flag has expired.
        """
        oldest = day - dt.timedelta(days=self.stale_after_days)
        for measure in measures_of(evidence, flag):
            if measure.fresh < oldest:
                return None
            if measure.absences < self.in_a_row and has_come_back(
                measure, flag, day, self.in_a_row, 0.5
            ):
                return FlagEnd.BACK
            if nothing_expected(calendar, evidence, measure, flag, day):
                return FlagEnd.EXPIRED
            return self._came_little(measure, flag, day)
        return None

    def expectation(self) -> str:
        """Return the sentence for the statement: one session in so many days."""
        return (
            f"In each module, come to a session on at least one of any {self.in_a_row} days "
            "with sessions."
        )

    def _finding(self, measure: Measure, day: dt.date) -> Finding:
        until = on_day(last_measured(measure.fresh, day))
        when = f"the last {measure.absences} days with sessions in {measure.module} up to {until}"
        said = f"Not seen on {when}.", f"We did not see you on {when}."
        return self._said(measure, measure.absences, said, in_a_row_since(measure, day))

    def _came_little(self, measure: Measure, flag: Raised, day: dt.date) -> Finding:
        """Return the finding renewed: what raised the flag, and the days attended since."""
        row = figure(flag, "days absent in a row", self.in_a_row)
        came, expected = came_since(measure, flag, day)
        when = f"{counted(row, 'day')} with sessions in {measure.module} in a row"
        until = on_day(last_measured(measure.fresh, day))
        days = counted(expected, "such day")
        since = f"on {came} of the {days} since, up to {until}" if expected else ""
        said = (
            f"Not seen on {when}." + (f" Seen {since}." if since else ""),
            f"We did not see you on {when}." + (f" We saw you {since}." if since else ""),
        )
        return self._said(measure, row, said, row_since(measure, flag, day))

    def _said(self, measure: Measure, row: int, said: tuple[str, str], since: dt.date) -> Finding:
        figures = {"days absent in a row": row, "that raise a flag": self.in_a_row}
        return Finding.on_module(self.NAME, measure, said, figures, since)
