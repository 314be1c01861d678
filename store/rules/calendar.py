"""The teaching weeks, closures and quiet hours of one school. Pure: ``now`` is an argument."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

INSTITUTION = ZoneInfo("Europe/London")
"""The institution's time zone: its day begins and ends here, whatever the machine's clock says."""


def institution_day(now: dt.datetime) -> dt.date:
    """Return the institution's day at this instant."""
    return now.astimezone(INSTITUTION).date()


@dataclass(frozen=True, slots=True)
class Period:
    """A named run of days, both ends included."""

    name: str
    first: dt.date
    last: dt.date

    def __contains__(self, day: object) -> bool:
        return isinstance(day, dt.date) and self.first <= day <= self.last


@dataclass(frozen=True, slots=True)
class Calendar:
    """The days when a school teaches and is closed, and the hours when it sends nothing.

    ``terms`` empty means that every day that is not a closure counts as in term, so that a
    school with continuous delivery need not invent terms.
    """

    timezone: str = "Europe/London"
    terms: tuple[Period, ...] = ()
    closures: tuple[Period, ...] = ()
    quiet_from: dt.time = dt.time(18, 0)
    quiet_until: dt.time = dt.time(8, 0)
    _counted: dict[dt.date, bool] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    """Days answered already: a night asks for the same few days once for each student."""
    _silent: dict[tuple[dt.date, dt.date], int] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    _before: dict[tuple[dt.date, int], dt.date] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def local(self, now: dt.datetime) -> dt.datetime:
        """Return the school's local time at this instant."""
        return now.astimezone(ZoneInfo(self.timezone))

    def counts(self, day: dt.date) -> bool:
        """Return whether inactivity on this day counts: in term, and not closed.

        Weekends count: students who work in the week study then.
        """
        known = self._counted.get(day)
        if known is None:
            in_term = not self.terms or any(day in term for term in self.terms)
            known = self._counted[day] = in_term and not self.is_closed(day)
        return known

    def is_closed(self, day: dt.date) -> bool:
        """Return whether the school is closed on this day."""
        return any(day in closure for closure in self.closures)

    def is_school_day(self, day: dt.date) -> bool:
        """Return whether colleagues are at work: a weekday that is not a closure."""
        return day.weekday() < 5 and not self.is_closed(day)

    def asks_for_data(self, day: dt.date) -> bool:
        """Return whether every agreed source must deliver data: a weekday in term, not closed."""
        return day.weekday() < 5 and self.counts(day)

    def silent_days(self, last: dt.date, day: dt.date) -> int:
        """Count the days after ``last`` up to and including ``day`` on which inactivity counts."""
        known = self._silent.get((last, day))
        if known is None:
            between = _days(last + dt.timedelta(days=1), day)
            known = self._silent[last, day] = sum(map(self.counts, between))
        return known

    def day_before(self, day: dt.date, silent: int) -> dt.date:
        """Find the latest ``last`` for which ``silent_days(last, day) >= silent``.

        Looks back two years at most; with fewer counting days than that no student is inactive.
        """
        known = self._before.get((day, silent))
        if known is None:
            seen, known = 0, day
            while seen < silent and (day - known).days < 730:
                seen += self.counts(known)
                known -= dt.timedelta(days=1)
            self._before[day, silent] = known
        return known

    def add_school_days(self, start: dt.date, days: int) -> dt.date:
        """Return the day that is ``days`` working days after ``start``."""
        cursor = start
        while days > 0:
            cursor += dt.timedelta(days=1)
            days -= self.is_school_day(cursor)
        return cursor

    def is_quiet(self, now: dt.datetime) -> bool:
        """Return whether no email may be sent at this instant."""
        local = self.local(now)
        if not self.is_school_day(local.date()):
            return True
        clock = local.time()
        if self.quiet_from <= self.quiet_until:
            return self.quiet_from <= clock < self.quiet_until
        return clock >= self.quiet_from or clock < self.quiet_until

    def end_of_quiet(self, now: dt.datetime) -> dt.datetime:
        """Return the next instant, ``now`` included, at which sending is allowed (UTC)."""
        if not self.is_quiet(now):
            return now
        zone = ZoneInfo(self.timezone)
        for day in _days(self.local(now).date(), self.local(now).date() + dt.timedelta(days=60)):
            opening = dt.datetime.combine(day, self.quiet_until, zone).astimezone(dt.UTC)
            if opening >= now and not self.is_quiet(opening):
                return opening
        return now + dt.timedelta(days=60)


def _days(first: dt.date, last: dt.date) -> Iterator[dt.date]:
    for offset in range((last - first).days + 1):
        yield first + dt.timedelta(days=offset)


LONGEST_PAUSE = dt.timedelta(hours=1)
"""The longest pause that is plausible. Services ask for minutes; a gateway that writes
milliseconds, or a clock that was briefly ahead, would block everything for years."""


def believed(free_at: dt.datetime, now: dt.datetime) -> dt.datetime:
    """Return the end of a pause; ``now`` if it is over, or too far ahead to be plausible."""
    return free_at if now < free_at <= now + LONGEST_PAUSE else now
