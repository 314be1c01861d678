"""No activity of any kind for a number of days on which silence means anything."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Annotated, ClassVar

from store.rules.calendar import Calendar
from store.rules.flag_rules.base import Criterion, Limits, through
from store.rules.flag_rules.evidence import SOURCES_APART, Evidence, Finding
from store.rules.flag_rules.measured_days import unmeasured_days
from store.rules.model import MarkerFamily
from store.rules.text.formatting import listed, on_day


@dataclass(frozen=True, slots=True)
class Inactivity:
    """Silence over all agreed sources together, for ``days`` days in term."""

    NAME: ClassVar[str] = "inactivity"
    NEEDS: ClassVar[tuple[MarkerFamily, ...]] = ()
    SAYS: ClassVar[tuple[str, ...]] = ()

    days: Annotated[int, Limits(3, 60)] = 14
    stale_after_days: Annotated[int, Limits(1, 14)] = 4
    """A source that has not delivered for longer is unknown, and silence cannot be told."""

    def criterion(self, calendar: Calendar, day: dt.date) -> Criterion:
        """Everyone who did nothing after the latest day that is ``days`` silent days ago."""
        return Criterion(silent_since=calendar.day_before(through(day), self.days))

    def findings(self, calendar: Calendar, evidence: Evidence, day: dt.date) -> list[Finding]:
        """At most one finding for a student, by the home school, over all of their modules.

        Missing is not zero: where one of the sources has stopped delivering, silence cannot be
        told from a broken feed, and nothing fires. A day of which one of them is missing is no
        silent day.
        """
        measures = evidence.measures + evidence.elsewhere
        oldest = day - dt.timedelta(days=self.stale_after_days)
        if (
            not evidence.at_home
            or not measures
            or any(measure.fresh < oldest for measure in measures)
        ):
            return []
        known_until = min(through(day), *(measure.fresh for measure in measures))
        last = max((m.last_done for m in measures if m.last_done), default=None)
        joined = evidence.enrolled_since
        # Whoever comes back after an interruption starts afresh, however long ago the last trace.
        starts = [since for since in (last, joined and through(joined)) if since]
        if not starts:
            return []
        first = max(starts) + dt.timedelta(days=1)
        sources = {measure.source for measure in measures}
        unknown = unmeasured_days(calendar, evidence, sources, first, known_until)
        if calendar.silent_days(max(starts), known_until) - len(unknown) < self.days:
            return []
        return [self._finding(evidence, last, first, known_until)]

    def expectation(self) -> str:
        """One sign in so many days."""
        return (
            f"Take part in your studies at least once in any {self.days} days of term. A class, "
            "a meeting, time online or work that you hand in all count."
        )

    def _finding(
        self, evidence: Evidence, last: dt.date | None, first: dt.date, fresh: dt.date
    ) -> Finding:
        measures = evidence.measures + evidence.elsewhere
        families = listed(sorted({measure.family.label for measure in measures}))
        since = f"since {on_day(last)}" if last else "so far"
        return Finding(
            student=evidence.student,
            rule=self.NAME,
            family=max(measures, key=lambda m: (m.last_done or dt.date.min, m.family)).family,
            module=None,
            subject="",
            reason_staff=f"Not seen {since}. This looked at {families}, up to {on_day(fresh)}.",
            reason_student=(
                f"We have not seen you {since}. We looked at {families}, up to {on_day(fresh)}."
            ),
            source=SOURCES_APART.join(sorted({measure.source for measure in measures})),
            fresh=fresh,
            measured={
                "last seen": last.isoformat() if last else "not yet",
                "days in term that raise a flag": self.days,
            },
            since=first,
        )
