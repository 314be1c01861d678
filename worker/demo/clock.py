"""The demo's own clock: it is set during the story's three school days, then keeps real time."""

from __future__ import annotations

import datetime as dt

from integrations.bootstrap import Now
from store.rules.calendar import INSTITUTION

DIGESTS_ARE_OUT = dt.time(8, 35)
"""The morning begins at this time; earlier, the newest morning is the previous school day's."""


class StoryClock:
    """Shows the time in the story; after ``let_go`` the real time. It never goes back."""

    def __init__(self, real: Now) -> None:
        self._real = real
        self._ahead = dt.timedelta()
        self._now: dt.datetime | None = dt.datetime.min.replace(tzinfo=dt.UTC)

    def __call__(self) -> dt.datetime:
        return self._now or self._real() + self._ahead

    def set(self, day: dt.date, at: str) -> None:
        """Advance to this time of day, in the schools' own time zone."""
        wanted = dt.datetime.combine(day, dt.time.fromisoformat(at), INSTITUTION).astimezone(dt.UTC)
        self._now = min(max(wanted, self()), self._real())

    def let_go(self) -> None:
        """Show the real time from now on."""
        self._now = None

    def forward(self, day: dt.date, at: dt.time) -> None:
        """Advance to this time of day; the clock keeps running from there."""
        wanted = dt.datetime.combine(day, at, INSTITUTION).astimezone(dt.UTC)
        self._ahead += max(wanted - self(), dt.timedelta())


def next_school_day(day: dt.date) -> dt.date:
    """Return the next weekday after this day."""
    following = day + dt.timedelta(days=1)
    return following + dt.timedelta(days=7 - following.weekday() if following.weekday() > 4 else 0)


def story_day(now: dt.datetime) -> dt.date:
    """Return the newest school day whose morning has begun."""
    local = now.astimezone(INSTITUTION)
    day = local.date() - dt.timedelta(days=local.time() < DIGESTS_ARE_OUT)
    return day - dt.timedelta(days=max(day.weekday() - 4, 0))


def school_days(last: dt.date, count: int) -> list[dt.date]:
    """Return the newest ``count`` school days up to ``last``, oldest first."""
    days = (last - dt.timedelta(days=back) for back in range(3 * count + 3))
    return sorted([day for day in days if day.weekday() < 5][:count])
