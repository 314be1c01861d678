"""The rule for far fewer active days than the class in the same weeks, several weeks running."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Annotated, ClassVar

from store.rules.calendar import Calendar
from store.rules.flag_rules.base import Criterion, Limits, Standing, in_percent, through
from store.rules.flag_rules.evidence import Evidence, Finding, Measure, Raised
from store.rules.flag_rules.measured_days import (
    ONE_DAY,
    fresh_measures,
    last_measured,
    weeks_to,
)
from store.rules.flag_rules.returns import AT_LEAST, is_judged, measures_of
from store.rules.model import FlagEnd, MarkerFamily
from store.rules.text.formatting import counted


@dataclass(frozen=True, slots=True)
class QuietWeeks:
    """Below ``below_share`` of the class's average in each of the last ``weeks`` weeks.

    The comparison is with the class, never with the student's own past: activity follows the
    deadlines, so a drop against one's own mean says more about the calendar than the student.
    """

    NAME: ClassVar[str] = "quiet-weeks"
    NEEDS: ClassVar[tuple[MarkerFamily, ...]] = (MarkerFamily.VLE,)
    SAYS: ClassVar[tuple[str, ...]] = ("module",)

    weeks: Annotated[int, Limits(2, 6, "fewer than forget_after_weeks")] = 3
    below_share: Annotated[float, Limits(0.05, 0.9)] = 0.5
    forget_after_weeks: Annotated[int, Limits(3, 8, "more than weeks")] = 8
    """A longer quiet spell was flagged when it began, and raises no new flag."""
    stale_after_days: Annotated[int, Limits(1, 14)] = 4

    def __post_init__(self) -> None:
        """Refuse thresholds that together leave no week in which the rule could fire."""
        if self.forget_after_weeks <= self.weeks:
            raise ValueError(
                f"forget_after_weeks is {self.forget_after_weeks}; "
                f"allowed is more than weeks, which is {self.weeks}"
            )

    def criterion(self, calendar: Calendar, day: dt.date) -> Criterion:
        """Select everyone quiet in as many of the last eight weeks as the rule needs."""
        return Criterion(quiet_weeks=self.weeks, quiet_below=self.below_share)

    def findings(self, calendar: Calendar, evidence: Evidence, day: dt.date) -> list[Finding]:
        """Return one finding for each module on which the student has been quiet."""
        fresh = fresh_measures(evidence, MarkerFamily.VLE, day, self.stale_after_days)
        return [
            self._finding(measure, day)
            for measure in fresh
            if self.weeks
            <= self.spell(calendar, measure, day, evidence.unmeasured.get(measure.source, ()))
            < self.forget_after_weeks
        ]

    def standing(
        self, calendar: Calendar, evidence: Evidence, flag: Raised, day: dt.date
    ) -> Standing:
        """Judge a flag: back once as often active as the rule asks, on two days at least.

        A spell that is older than the rule's limit has expired. One active day does not end it.
        """
        oldest = day - dt.timedelta(days=self.stale_after_days)
        measures = [each for each in measures_of(evidence, flag) if each.fresh >= oldest]
        if not measures:
            return None
        spells = (
            self.spell(calendar, each, day, evidence.unmeasured.get(each.source, ()))
            for each in measures
        )
        if any(spell >= self.forget_after_weeks for spell in spells):
            return FlagEnd.EXPIRED
        if is_judged(evidence, flag, day) and any(self._is_back(evidence, m) for m in measures):
            return FlagEnd.BACK
        return self._finding(measures[0], day)

    def _is_back(self, evidence: Evidence, measure: Measure) -> bool:
        days, of_class = (measure.days_seen & evidence.period).bit_count(), measure.class_in_period
        return days >= AT_LEAST and of_class is not None and days >= self.below_share * of_class

    def expectation(self) -> str:
        """Return the sentence for the statement: how often to be active, compared with
        the class.
        """
        return (
            f"In each module, be online on at least {in_percent(self.below_share)} of the days "
            f"that your class is, in at least one of any {self.weeks} weeks."
        )

    def spell(
        self,
        calendar: Calendar,
        measure: Measure,
        day: dt.date,
        unmeasured: Collection[dt.date] = (),
    ) -> int:
        """Count the quiet weeks in a row up to the last one, eight at most.

        A week in which the class itself is away is skipped. So is a week whose larger part is
        closed or ``unmeasured``. No student was quiet before they joined.
        """
        quiet, first = 0, through(day)
        for own, of_class in zip(
            reversed(measure.weeks), reversed(measure.class_weeks), strict=True
        ):
            last, first = first, first - dt.timedelta(days=7)
            if measure.since and first + dt.timedelta(days=1) < measure.since:
                break
            if of_class < 1 or _known_days(calendar, unmeasured, first, last) < 4:
                continue
            if own >= self.below_share * of_class:
                break
            quiet += 1
        return quiet

    def _finding(self, measure: Measure, day: dt.date) -> Finding:
        first, last = day - dt.timedelta(weeks=self.weeks), last_measured(measure.fresh, day)
        when = weeks_to(self.weeks, first, last)
        own = sum(measure.weeks[-self.weeks :])
        of_class = round(sum(measure.class_weeks[-self.weeks :]))
        where = f"the online learning space of {measure.module}"
        days = counted(own, "day")
        said = (
            f"Active in {where} on {days} {when}. The mean of the class is {of_class}.",
            f"You were in {where} on {days} {when}. The mean of your class is {of_class}.",
        )
        figures = {"active days": own, "mean of the class": of_class, "weeks": self.weeks}
        return Finding.on_module(self.NAME, measure, said, figures, first)


def _known_days(
    calendar: Calendar, unmeasured: Collection[dt.date], before: dt.date, last: dt.date
) -> int:
    """Count the days after ``before`` on which inactivity counts and that were measured."""
    counting = calendar.silent_days(before, last)
    if not unmeasured:
        return counting
    days = [last - ONE_DAY * ago for ago in range((last - before).days)]
    return counting - sum(calendar.asks_for_data(day) for day in days if day in unmeasured)
