"""The rule for two families of evidence that agree that a student is fading out of a module."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, replace
from typing import Annotated, ClassVar

from store.rules.calendar import Calendar
from store.rules.flag_rules.attendance import Attendance
from store.rules.flag_rules.base import (
    Criterion,
    Limits,
    Rule,
    Standing,
    at_least,
    in_percent,
    widened,
)
from store.rules.flag_rules.evidence import Evidence, Finding, Raised
from store.rules.flag_rules.missed_submission import MissedSubmission
from store.rules.flag_rules.quiet_weeks import QuietWeeks
from store.rules.model import MarkerFamily
from store.rules.text.formatting import counted


@dataclass(frozen=True, slots=True)
class FadingOut:
    """Quiet weeks in a module, and work missed or sessions missed in the same one.

    One sign by itself often means nothing: students hand in late, print their readings, or have a
    timetable clash. Two independent signs at the same time rarely do.
    """

    NAME: ClassVar[str] = "fading-out"
    NEEDS: ClassVar[tuple[MarkerFamily, ...]] = (MarkerFamily.VLE, MarkerFamily.SUBMISSIONS)
    SAYS: ClassVar[tuple[str, ...]] = ("module",)

    weeks: Annotated[int, Limits(2, 6, "fewer than forget_after_weeks")] = 3
    """Quiet weeks in a row."""
    below_share: Annotated[float, Limits(0.05, 0.9)] = 0.5
    """Quiet is fewer than this share of the class's active days in the same week."""
    grace_days: Annotated[int, Limits(0, 28)] = 7
    forget_after_days: Annotated[int, Limits(29, 100)] = 42
    attended_below: Annotated[float, Limits(0.05, 1)] = 0.5
    forget_after_weeks: Annotated[int, Limits(3, 8, "more than weeks")] = 8
    """A longer quiet spell was flagged when it began, and raises no new flag."""

    def __post_init__(self) -> None:
        """Refuse thresholds that together leave no week in which the rule could fire."""
        self._quiet  # noqa: B018 -- its own check is this rule's too

    def criterion(self, calendar: Calendar, day: dt.date) -> Criterion:
        """Select everyone with a sign in another family: without one there is no finding."""
        return widened(rule.criterion(calendar, day) for rule in self._others)

    def findings(self, calendar: Calendar, evidence: Evidence, day: dt.date) -> list[Finding]:
        """List every sign for each module where the student is quiet and another family agrees.

        Each sign is a finding of its own, with its own family, source and reason, so that a case
        shows how many families agree.
        """
        agreeing: dict[str | None, list[Finding]] = defaultdict(list)
        for rule in self._others:
            for finding in rule.findings(calendar, evidence, day):
                agreeing[finding.module].append(finding)
        if not agreeing:
            return []
        there = tuple(each for each in evidence.measures if each.module in agreeing)
        return [
            replace(sign, rule=self.NAME, subject=sign.subject or sign.family)
            for quiet in self._quiet.findings(calendar, replace(evidence, measures=there), day)
            for sign in (quiet, *agreeing[quiet.module])
        ]

    def standing(
        self, calendar: Calendar, evidence: Evidence, flag: Raised, day: dt.date
    ) -> Standing:
        """Judge each sign by its own rule: the end of one does not end the other."""
        parts = {rule.NEEDS[0]: rule for rule in (self._quiet, *self._others)}
        found = parts[flag.family].standing(calendar, evidence, flag, day)
        if isinstance(found, Finding):
            return replace(found, rule=self.NAME, subject=flag.subject)
        return found

    def expectation(self) -> str:
        """Return the sentences for the statement: both signs, since only two together
        raise a flag.
        """
        return (
            f"In each module, be online on at least {in_percent(self.below_share)} of the days "
            f"that your class is, in at least one of any {self.weeks} weeks. Hand your work in "
            f"within {counted(self.grace_days, 'day')} of when it is due, and come to "
            f"{at_least(self.attended_below)} of your sessions. We ask how you are when more "
            "than one of these slips."
        )

    @property
    def _quiet(self) -> QuietWeeks:
        return QuietWeeks(self.weeks, self.below_share, self.forget_after_weeks)

    @property
    def _others(self) -> tuple[Rule, ...]:
        return (
            MissedSubmission(self.grace_days, self.forget_after_days),
            Attendance(below_share=self.attended_below),
        )
