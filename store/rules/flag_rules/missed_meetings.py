"""The rule for several meetings with staff missed in a row."""

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
class MissedMeetings:
    """Not at the last ``in_a_row`` meetings that were arranged, in eight weeks at most.

    One meeting is easily missed. A meeting with any member of staff since then ends the run: it
    is engagement like any other.
    """

    NAME: ClassVar[str] = "missed-meetings"
    NEEDS: ClassVar[tuple[MarkerFamily, ...]] = (MarkerFamily.MEETINGS,)
    SAYS: ClassVar[tuple[str, ...]] = ("module",)

    in_a_row: Annotated[int, Limits(1, 10)] = 2
    stale_after_days: Annotated[int, Limits(1, 28)] = 7
    """Days without diary data after which the source is unknown; no meeting is missed then."""

    def criterion(self, calendar: Calendar, day: dt.date) -> Criterion:
        """Select everyone who missed that many meetings in a row."""
        return Criterion(meetings_in_a_row=self.in_a_row)

    def findings(self, calendar: Calendar, evidence: Evidence, day: dt.date) -> list[Finding]:
        """Return one finding for each module that the meetings belong to."""
        fresh = fresh_measures(evidence, MarkerFamily.MEETINGS, day, self.stale_after_days)
        return [
            self._finding(measure, day)
            for measure in fresh
            if measure.meetings_missed >= self.in_a_row
        ]

    def standing(
        self, calendar: Calendar, evidence: Evidence, flag: Raised, day: dt.date
    ) -> Standing:
        """Judge a flag: back after as many meetings as raise one, two at least, and half of all.

        Where none was arranged for weeks, the flag has expired.
        """
        oldest = day - dt.timedelta(days=self.stale_after_days)
        for measure in measures_of(evidence, flag):
            if measure.meetings_missed < self.in_a_row and has_come_back(
                measure, flag, day, self.in_a_row, 0.5
            ):
                return FlagEnd.BACK
            if measure.fresh < oldest:
                return None
            if nothing_expected(calendar, evidence, measure, flag, day):
                return FlagEnd.EXPIRED
            return self._came_little(measure, flag, day)
        return None

    def expectation(self) -> str:
        """Return the sentence for the statement: come to meetings, and after how many missed we
        ask.
        """
        return (
            "Come to the meetings that you have arranged with staff, or let us know. After "
            f"{counted(self.in_a_row, 'missed meeting')} in a row we ask how you are."
        )

    def _finding(self, measure: Measure, day: dt.date) -> Finding:
        what = counted(measure.meetings_missed, "meeting")
        until = on_day(last_measured(measure.fresh, day))
        said = (
            f"Not at the last {what} arranged for {measure.module} up to {until}.",
            f"We missed you at your last {what} for {measure.module} up to {until}.",
        )
        return self._said(measure, measure.meetings_missed, said, in_a_row_since(measure, day))

    def _came_little(self, measure: Measure, flag: Raised, day: dt.date) -> Finding:
        """Return the finding renewed: what raised the flag, and the meetings held since."""
        row = figure(flag, "meetings missed in a row", self.in_a_row)
        held, _ = came_since(measure, flag, day)
        what = f"{counted(row, 'meeting')} in a row"
        since = f" since then on {counted(held, 'day')}."
        said = (
            f"Not at {what} arranged for {measure.module}." + (f" Met{since}" if held else ""),
            f"We missed you at {what} for {measure.module}." + (f" We met{since}" if held else ""),
        )
        return self._said(measure, row, said, row_since(measure, flag, day))

    def _said(self, measure: Measure, row: int, said: tuple[str, str], since: dt.date) -> Finding:
        figures = {"meetings missed in a row": row, "that raise a flag": self.in_a_row}
        return Finding.on_module(self.NAME, measure, said, figures, since)
