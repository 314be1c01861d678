"""How far each source of a flag is known: kept with its figures, and said once to a reader."""

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
    """Give the dates of these measures for the figures of a finding, none after ``last``."""
    found: dict[str, dt.date] = {}
    for each in measures:
        key = _APART.join((_KEY, each.family, each.source))
        found[key] = min(last, each.fresh, found.get(key, each.fresh))
    return {key: day.isoformat() for key, day in sorted(found.items())}


def undated(measured: Mapping[str, Figure]) -> dict[str, Figure]:
    """Give a flag's figures without these dates, to which newer ones are then added."""
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
    """Give each family and source that a flag rests on, and how far each is known."""
    given = dict.fromkeys(((family, each) for each in source.split(SOURCES_APART)), fresh)
    return stored_dates(measured) or given


def by_day(dates: Mapping[str, dt.date]) -> list[tuple[dt.date, Sequence[str]]]:
    """Group the names by their day, oldest day first, each with its names in order."""
    days = sorted(set(dates.values()))
    return [(day, sorted(name for name in dates if dates[name] == day)) for day in days]


def by_family(dates: Dates) -> dict[MarkerFamily, dt.date]:
    """Give how far each family is known: as far as the oldest of its sources."""
    found: dict[MarkerFamily, dt.date] = {}
    for (family, _), day in sorted(dates.items()):
        found[family] = min(day, found.get(family, day))
    return found
