"""The rule for work not handed in after the days of grace, once the class's results are in."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Annotated, ClassVar

from store.rules.calendar import Calendar
from store.rules.flag_rules.base import Criterion, Limits, Standing
from store.rules.flag_rules.evidence import Evidence, Finding, Measure, MissedItem, Raised
from store.rules.flag_rules.measured_days import (
    ONE_DAY,
    delivers_daily,
    is_up_to_date,
    last_measured,
    unmeasured_days,
)
from store.rules.model import FlagEnd, MarkerFamily
from store.rules.text.formatting import counted, on_day

COMES_BEFORE = dt.timedelta(days=14)
"""How long before it is due work may come: hardly any comes earlier."""
SET_BEFORE = dt.timedelta(days=28)
"""How long before it is due a piece of work may be set, where no source says on which day."""


@dataclass(frozen=True, slots=True)
class MissedSubmission:
    """An assessment that was due ``grace_days`` ago or earlier, and has not been submitted.

    Grace continues over closures and between terms: no one is asked for work while no one is there.
    """

    NAME: ClassVar[str] = "missed-submission"
    NEEDS: ClassVar[tuple[MarkerFamily, ...]] = (MarkerFamily.SUBMISSIONS,)
    SAYS: ClassVar[tuple[str, ...]] = ("module", "item")

    grace_days: Annotated[int, Limits(0, 28, "fewer than forget_after_days")] = 7
    forget_after_days: Annotated[int, Limits(7, 100, "more than grace_days")] = 42
    """Older missing work is too late to help with and raises no flag."""
    arrived_share: Annotated[float, Limits(0, 1)] = 0.25
    """Results have arrived once this share of those expected have something recorded."""

    def __post_init__(self) -> None:
        """Refuse thresholds that together leave no day on which the rule could fire."""
        if self.forget_after_days <= self.grace_days:
            raise ValueError(
                f"forget_after_days is {self.forget_after_days}; "
                f"allowed is more than grace_days, which is {self.grace_days}"
            )

    def criterion(self, calendar: Calendar, day: dt.date) -> Criterion:
        """Select work whose days of grace ended before this day, and not too long ago to help."""
        first, last = self._due_window(calendar, day)
        return Criterion(
            missed_due_from=first, missed_due_by=last, arrived_share=self.arrived_share
        )

    def findings(self, calendar: Calendar, evidence: Evidence, day: dt.date) -> list[Finding]:
        """Return one finding for each missed assessment.

        The engine lists an item as missed only once enough of the class has something recorded for
        it, so that the results have arrived. Work is missing only where its source was measured to
        the end of the grace: until then it may have been submitted. Nor is it missing where a
        source that delivers daily has no data on a school day on which it may have come.
        """
        first, _ = self._due_window(calendar, day)
        return [
            self._finding(calendar, measure, missed, day)
            for measure in evidence.measures
            if measure.family is MarkerFamily.SUBMISSIONS
            for missed in measure.missed
            if first <= missed.due <= self._grace_known(calendar, evidence, measure, day)
            and not self._may_be_lost(calendar, evidence, measure, missed)
        ]

    def standing(
        self, calendar: Calendar, evidence: Evidence, flag: Raised, day: dt.date
    ) -> Standing:
        """Judge a flag: ended once submitted, excused, or too late to help with.

        Nothing else ends it. Fewer submissions recorded for the class say nothing about this
        student.
        """
        first, last = self._due_window(calendar, day)
        of_module = [
            each
            for each in evidence.measures
            if each.family is MarkerFamily.SUBMISSIONS and each.module == flag.module
        ]
        pieces = [p for each in of_module for p in each.pieces if p.item == flag.subject]
        if any(piece.handed_in for piece in pieces):
            return FlagEnd.HANDED_IN
        was_due = dt.date.fromisoformat(str(flag.measured["due"]))
        due = max((piece.due for piece in pieces), default=was_due)
        if due < first:
            return FlagEnd.EXPIRED
        if pieces:
            is_excused = due > last or not any(piece.is_owed for piece in pieces)
        else:
            # Due later than today, or no longer asked: told from a feed that lost the day.
            is_excused = any(
                each.fresh >= was_due and was_due not in evidence.unmeasured.get(each.source, ())
                for each in of_module
            )
        return FlagEnd.EXCUSED if is_excused else None

    def expectation(self) -> str:
        """Return the sentence for the statement: hand in work within the days of grace."""
        return (
            f"Hand in each piece of work within {counted(self.grace_days, 'day')} of when it is "
            "due. If you have more time agreed, the new day counts."
        )

    def _due_window(self, calendar: Calendar, day: dt.date) -> tuple[dt.date, dt.date]:
        return (
            day - dt.timedelta(days=self.forget_after_days),
            calendar.day_before(day - dt.timedelta(days=1), self.grace_days),
        )

    def _grace_known(
        self, calendar: Calendar, evidence: Evidence, measure: Measure, day: dt.date
    ) -> dt.date:
        """Return the last due day whose grace had ended by the student's last measured day."""
        unknown = evidence.unmeasured.get(measure.source, frozenset())
        known = last_measured(measure.fresh, day)
        while known in unknown:
            known -= ONE_DAY
        return calendar.day_before(known, self.grace_days)

    def _may_be_lost(
        self, calendar: Calendar, evidence: Evidence, measure: Measure, missed: MissedItem
    ) -> bool:
        """Return whether the work may have come on a day that the source has not delivered."""
        first = max(measure.since or dt.date.min, missed.due - COMES_BEFORE)
        gaps = unmeasured_days(calendar, evidence, [measure.source], first, measure.fresh)
        return any(
            calendar.day_before(gap, self.grace_days) <= missed.due for gap in gaps
        ) and delivers_daily(calendar, evidence, measure.source, measure.fresh)

    def _finding(
        self, calendar: Calendar, measure: Measure, missed: MissedItem, day: dt.date
    ) -> Finding:
        staff, student = "nothing has arrived", "We have not had it from you yet"
        if not is_up_to_date(calendar, measure.fresh, day):
            until = on_day(measure.fresh)
            staff, student = f"nothing had arrived by {until}", f"We did not have it by {until}"
        what = f"{missed.item} in {missed.module} was due on {on_day(missed.due)}"
        return Finding(
            student=measure.student,
            rule=self.NAME,
            family=MarkerFamily.SUBMISSIONS,
            module=missed.module,
            subject=missed.item,
            reason_staff=f"{what}; {staff}.",
            reason_student=f"{what}. {student}.",
            source=measure.source,
            fresh=measure.fresh,
            measured={"due": missed.due.isoformat(), "days of grace": self.grace_days},
            # Work may come early, yet not before it was set or the student joined.
            since=max(measure.since or dt.date.min, missed.due - SET_BEFORE),
        )
