"""Digital traces of a student in the school's systems. Missing is not zero."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Protocol

from store.rules.calendar import Calendar
from store.rules.errors import NotPossibleNow
from store.rules.flag_rules.measured_days import days_said, missing_days
from store.rules.model import AttemptResult
from store.rules.policies.policy import SchoolPolicy, TraceRules
from store.rules.text.formatting import on_day

LOGINS, SWIPES = "logins", "swipes"
"""The kinds of records that a colleague can choose to check."""


@dataclass(frozen=True, slots=True)
class Trace:
    """One source's result: the newest day on which it shows the student.

    ``last_seen`` is None where it does not show the student on any of the days ``delivered``. Other
    days are unknown. ``looked_from`` and ``looked_to`` are both included.
    """

    source: str
    looked_from: dt.date
    looked_to: dt.date
    last_seen: dt.date | None
    delivered: frozenset[dt.date]

    def missing(self, calendar: Calendar) -> tuple[dt.date, ...]:
        """Return the school days without a delivery."""
        return missing_days(calendar, self.delivered, self.looked_from, self.looked_to)

    def said(self, calendar: Calendar) -> str:
        """Write the result as a sentence; "nothing seen" is stated only of measured days."""
        if not self.delivered:
            return f"{self.source}: no data has been delivered, so it is unknown."
        seen = f"last seen on {on_day(self.last_seen)}" if self.last_seen else ""
        if missing := self.missing(calendar):
            gaps = f"no data for {days_said(missing, calendar)}"
            said = f"{seen}; {gaps}" if seen else f"{gaps}; nothing seen on the other days"
            return f"{self.source}: {said}."
        return (
            f"{self.source}: {seen or 'nothing seen'}; delivered up to "
            f"{on_day(max(self.delivered))}."
        )


class Look(Protocol):
    """Looks up a student's traces: one for each source, from the first day to the last."""

    def __call__(
        self,
        student: int,
        sources: Collection[str],
        first: dt.date,
        last: dt.date,
        /,
        *,
        only_measured: bool = False,
    ) -> tuple[Trace, ...]:
        """Look up the traces. ``only_measured``: the delivered days, without the student."""
        ...


def sources_of(policy: SchoolPolicy, *, swipes: bool) -> tuple[list[str], int]:
    """Return the sources of digital traces to check, and how many days back: log-ins or swipes."""
    if swipes:
        rules = policy.traces
        return sorted(rules.swipes), min(rules.keep_days, policy.sustained_days)
    return sorted({source for _, source in policy.agreed_sources}), policy.sustained_days


def check_swipes(rules: TraceRules, reference: str, logins: AttemptResult | None) -> None:
    """Check that card swipes may be looked at: last, and only if log-ins showed nothing (§15).

    ``logins`` is the result of the newest look at log-ins; None without one.

    Raises ``NotPossibleNow`` where no source is agreed, log-ins were not looked at, or they showed
    something.
    """
    if not rules.swipes:
        raise NotPossibleNow(
            "Your school has agreed no source of card swipes, so there are none to look at."
        )
    if logins is None:
        raise NotPossibleNow(
            f"{reference}: log-ins and use of the learning space come first. Card swipes are the "
            "last resort."
        )
    if logins is AttemptResult.TRACES_SEEN:
        raise NotPossibleNow(
            f"{reference}: the last check of digital traces showed activity of the student, so "
            "card swipes are not checked."
        )


def result_of(traces: Collection[Trace], calendar: Calendar) -> AttemptResult:
    """Return the result of a check; ``NOTHING_SEEN`` only if every school day was measured."""
    if any(each.last_seen for each in traces):
        return AttemptResult.TRACES_SEEN
    if not traces or any(each.missing(calendar) for each in traces):
        return AttemptResult.NOT_MEASURED
    return AttemptResult.NOTHING_SEEN
