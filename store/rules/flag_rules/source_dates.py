"""The last known day of each source of a flag: stored with its figures, stated once to a reader."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence

from store.rules.flag_rules.evidence import SOURCES_APART, Measure
from store.rules.model import MarkerFamily

_KEY = "known to"
_APART = "|"

Figure = str | int | float
Dates = Mapping[tuple[MarkerFamily, str], dt.date]
"""Family and source → the last day that is known."""


def dates_of(measures: Iterable[Measure], last: dt.date) -> dict[str, str]:
    """Return the last known day of each measure, at most ``last``, for a finding's figures."""
    found: dict[str, dt.date] = {}
    for each in measures:
        key = _APART.join((_KEY, each.family, each.source))
        found[key] = min(last, each.fresh, found.get(key, each.fresh))
    return {key: day.isoformat() for key, day in sorted(found.items())}


def undated(measured: Mapping[str, Figure]) -> dict[str, Figure]:
    """Return a flag's figures without the dates of its sources, so that newer ones can be added."""
    return {name: figure for name, figure in measured.items() if not _is_date(name)}


def _is_date(name: str) -> bool:
    return name.partition(_APART)[0] == _KEY


def stored_dates(measured: Mapping[str, object]) -> dict[tuple[MarkerFamily, str], dt.date]:
    """Read the dates back from a flag's figures; {} for flags that were raised without."""
    found = {}
    for key, day in measured.items():
        name, *parts = key.split(_APART)
        if name == _KEY and len(parts) == 2:
            found[MarkerFamily(parts[0]), parts[1]] = dt.date.fromisoformat(str(day))
    return found


def dates_of_flag(
    measured: Mapping[str, object], family: MarkerFamily, source: str, fresh: dt.date
) -> dict[tuple[MarkerFamily, str], dt.date]:
    """Map each (family, source) that a flag is based on to its last known day."""
    given = dict.fromkeys(((family, each) for each in source.split(SOURCES_APART)), fresh)
    return stored_dates(measured) or given


def by_day(dates: Mapping[str, dt.date]) -> list[tuple[dt.date, Sequence[str]]]:
    """Group names by day, oldest day first, with the names of each day sorted."""
    days = sorted(set(dates.values()))
    return [(day, sorted(name for name in dates if dates[name] == day)) for day in days]


def by_family(dates: Dates) -> dict[MarkerFamily, dt.date]:
    """Map each family to its last known day: the earliest of its sources."""
    found: dict[MarkerFamily, dt.date] = {}
    for (family, _), day in sorted(dates.items()):
        found[family] = min(day, found.get(family, day))
    return found
