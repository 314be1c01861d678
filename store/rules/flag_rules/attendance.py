"""The rule for attending too small a share of the expected sessions."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Annotated, ClassVar

from store.rules.calendar import Calendar
from store.rules.flag_rules.base import FOUR_WEEKS, Criterion, Limits, Standing, at_least, through
from store.rules.flag_rules.evidence import Evidence, Finding, Measure, Raised
from store.rules.flag_rules.measured_days import ONE_DAY, fresh_measures, last_measured, weeks_to
from store.rules.flag_rules.returns import (
    AT_LEAST,
    figure,
    has_come_back,
    measures_of,
    nothing_expected,
)
from store.rules.flag_rules.source_dates import dates_of, stored_dates
from store.rules.model import FlagEnd, MarkerFamily
from store.rules.text.formatting import counted


@dataclass(frozen=True, slots=True)
class Attendance:
    """Less than ``below_share`` attended of at least ``expected_at_least`` in four weeks."""

    NAME: ClassVar[str] = "attendance"
    NEEDS: ClassVar[tuple[MarkerFamily, ...]] = (MarkerFamily.ATTENDANCE,)
    SAYS: ClassVar[tuple[str, ...]] = ("module",)

    below_share: Annotated[float, Limits(0.05, 1)] = 0.5
    expected_at_least: Annotated[int, Limits(1, 100)] = 4
    stale_after_days: Annotated[int, Limits(1, 28)] = 7
    """Days without a register after which the source is unknown; that is not absence."""

    def criterion(self, calendar: Calendar, day: dt.date) -> Criterion:
        """Select everyone below the share in a module, with enough sessions to compute one."""
        return Criterion(attended_below=self.below_share, expected_at_least=self.expected_at_least)

    def findings(self, calendar: Calendar, evidence: Evidence, day: dt.date) -> list[Finding]:
        """Return one finding for each module with too small a share attended."""
        fresh = fresh_measures(evidence, MarkerFamily.ATTENDANCE, day, self.stale_after_days)
        return [self._finding(measure, day) for measure in fresh if self._is_low(measure)]

    def standing(
        self, calendar: Calendar, evidence: Evidence, flag: Raised, day: dt.date
    ) -> Standing:
        """Judge a flag: back once the share is reached, over four weeks and since the last finding.

        The student is not back just because old absences have left the four weeks. Where
        teaching is over, the flag has expired.
        """
        oldest = day - dt.timedelta(days=self.stale_after_days)
        for measure in measures_of(evidence, flag):
            if measure.fresh < oldest:
                return None
            if not self._is_low(measure) and has_come_back(
                measure, flag, day, AT_LEAST, self.below_share
            ):
                return FlagEnd.BACK
            if nothing_expected(calendar, evidence, measure, flag, day):
                return FlagEnd.EXPIRED
            return (
                self._finding(measure, day)
                if measure.expected_28
                else self._as_it_was(measure, flag)
            )
        return None

    def _is_low(self, measure: Measure) -> bool:
        return (
            measure.expected_28 >= self.expected_at_least
            and measure.done_28 / measure.expected_28 < self.below_share
        )

    def expectation(self) -> str:
        """Return the sentence for the statement: the share of sessions to attend."""
        return (
            f"In each module, come to {at_least(self.below_share)} of your sessions over four "
            "weeks."
        )

    def _finding(self, measure: Measure, day: dt.date) -> Finding:
        figures = measure.done_28, measure.expected_28
        days = day - FOUR_WEEKS, last_measured(measure.fresh, day)
        return self._said(measure, figures, days)

    def _as_it_was(self, measure: Measure, flag: Raised) -> Finding:
        """Return the finding as raised, with its days, because no sessions were held since."""
        figures = figure(flag, "attended", 0), figure(flag, "expected", 0)
        first, last = flag.last_found_on - FOUR_WEEKS, through(flag.last_found_on)
        return self._said(
            measure, figures, (first, min(stored_dates(flag.measured).values(), default=last))
        )

    def _said(
        self, measure: Measure, figures: tuple[int, int], days: tuple[dt.date, dt.date]
    ) -> Finding:
        done, expected = figures
        when, is_whole = weeks_to(4, *days), days[1] - days[0] >= FOUR_WEEKS - ONE_DAY
        dates = {} if is_whole else dates_of([measure], days[1])
        what = f"{done} of {counted(expected, 'session')} in {measure.module} {when}."
        said = f"Attended {what}", f"You came to {what}"
        measured: dict[str, int | str] = {"attended": done, "expected": expected, **dates}
        return Finding.on_module(self.NAME, measure, said, measured, days[0])
