"""Decide which late work to wait for, of a source that has lately corrected its days.

After the day it is due, only a few of a class hand work in each day. Where some of these rows are
lost, the class's number stays as usual. So two signs together are needed: the source has lately
corrected a day, or delivered one late, and on a day fewer have handed in than the class's habit
lets expect. Such a day may be corrected too, and no one's work is missing until it has settled.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from store.rules.flag_rules.arrivals import HABIT, LEAST_EARLIER, ClassWork

SOON = dt.timedelta(days=3)
"""Until then a day is still being delivered: what changes is no correction."""
CURRENT = dt.timedelta(days=28)
"""Corrections of older days say nothing about how the source delivers now."""
REMEMBERED = dt.timedelta(days=28)
"""How long after a correction its source's days have to settle."""
SETTLES = dt.timedelta(days=7)
"""How long a day takes to settle: most corrections have arrived by then."""
LATE_DAYS = 7
"""Late work comes within so many days after it was due."""
LATE_AT_FIRST = 0.01
"""The share of a class taken to hand in on each of them, until there is a habit."""
TOO_FEW = 0.5
"""A day is waited for where fewer than this share of the expected have handed in,"""
LEAST_EXPECTED = 0.2
"""and at least so many students were expected: it is enough that one may have."""


def is_correction(day: dt.date, arrived: dt.date) -> bool:
    """Return whether what changes ``day`` and arrives on ``arrived`` is a correction."""
    return SOON < arrived - day <= CURRENT


def is_remembered(arrived: dt.date, morning: dt.date) -> bool:
    """Return whether a correction still counts on this morning."""
    return dt.timedelta(0) <= morning - arrived < REMEMBERED


def unsettled_work(works: Iterable[ClassWork], last: dt.date) -> list[ClassWork]:
    """Find the work that may have come late on a day that has not settled by ``last``.

    ``works`` are those of sources that have lately corrected a day; ``last`` is the last day that
    counts.
    """
    groups: dict[tuple[str, str], list[ClassWork]] = defaultdict(list)
    for each in works:
        groups[each.school, each.source].append(each)
    return [
        each
        for group in groups.values()
        for each in _late_on(group, list(_unsettled_days(group, last)))
    ]


def _late_on(group: Iterable[ClassWork], days: Sequence[dt.date]) -> Iterator[ClassWork]:
    """Yield the work that late students may have handed in on one of these days."""
    return (each for each in group if any(_is_late(day, each) for day in days))


def _is_late(day: dt.date, work: ClassWork) -> bool:
    return 1 <= (day - work.due).days <= LATE_DAYS


def _unsettled_days(group: Sequence[ClassWork], last: dt.date) -> Iterator[dt.date]:
    """Yield the weekdays of the last week on which too few of a school handed in late work."""
    for back in range(SETTLES.days):
        day = last - dt.timedelta(days=back)
        late = [(each, (day - each.due).days) for each in _late_on(group, [day])]
        if day.weekday() < 5 and late:
            usual = _usual_share(group, day)
            expected = sum(each.asked * usual[days] for each, days in late)
            came = sum(each.came.get(days, 0) for each, days in late)
            if expected >= LEAST_EXPECTED and came < TOO_FEW * expected:
                yield day


def _usual_share(group: Iterable[ClassWork], day: dt.date) -> Sequence[float]:
    """Return the share of earlier classes, 0 to 1, that handed in so many days late.

    It is taken over three days, since a deadline on another weekday has other late days.
    """
    latest = day - dt.timedelta(days=LATE_DAYS)
    earlier = [each for each in group if day - HABIT <= each.due < latest]
    if len(earlier) < LEAST_EARLIER:
        return [LATE_AT_FIRST] * (LATE_DAYS + 1)
    asked = sum(each.asked for each in earlier)
    share = [sum(each.came.get(n, 0) for each in earlier) / asked for n in range(1, LATE_DAYS + 1)]
    near = (share[max(0, n - 2) : n + 1] for n in range(1, LATE_DAYS + 1))
    return [0.0, *(sum(each) / len(each) for each in near)]
