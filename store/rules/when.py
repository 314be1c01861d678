"""Days as people say them: ``friday``, ``tomorrow``, ``in 2 weeks``, ``12 december``."""

from __future__ import annotations

import datetime as dt
import re

from store.rules.errors import InvalidInput

_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTHS = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)
_NAMED = {"today": 0, "tomorrow": 1}
_UNITS = {"day": 1, "week": 7}


def day_meant(text: str, today: dt.date) -> dt.date:
    """The day that is meant, seen from ``today``; a weekday or a date is the next one to come.

    Raises:
        InvalidInput: it is no day; says which forms are understood.
    """
    said = " ".join(text.casefold().replace(",", " ").split()).removeprefix("on ")
    found = _iso(said) or _relative(said, today) or _weekday(said, today) or _date(said, today)
    if found is None:
        raise InvalidInput(
            "Please give a day, such as friday, tomorrow, in 2 weeks, 12 december or 2026-12-12."
        )
    return found


def past_day(text: str, today: dt.date, field: str) -> dt.date:
    """A day that has been, or today: ``2026-10-01``, ``1 october``, ``yesterday``.

    Raises:
        InvalidInput: it is no day, or not here yet; names the ``field`` of a form.
    """
    said = " ".join(text.casefold().replace(",", " ").split())
    found = today - dt.timedelta(days=1) if said == "yesterday" else None
    found = found or (today if said == "today" else None) or _iso(said)
    if found is None and (coming := _date(said, today)):
        is_ahead = coming > today and not re.search(r"\d{4}$", said)
        found = _date(f"{said} {coming.year - 1}", today) if is_ahead else coming
    if found is None or found > today:
        raise InvalidInput(
            "Please give a day that has been, as in 2026-10-01, 1 october or today.", field=field
        )
    return found


def _iso(said: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(said) if re.fullmatch(r"\d{4}-\d\d-\d\d", said) else None
    except ValueError:
        return None


def _relative(said: str, today: dt.date) -> dt.date | None:
    if said in _NAMED:
        return today + dt.timedelta(days=_NAMED[said])
    match = re.fullmatch(r"in (a|an|one|\d{1,3}) (day|week)s?", said, re.ASCII)
    if match is None:
        return None
    number = int(match[1]) if match[1].isdigit() else 1
    return today + dt.timedelta(days=number * _UNITS[match[2]])


def _weekday(said: str, today: dt.date) -> dt.date | None:
    """``friday`` on a Friday is in a week: today has a word of its own."""
    wanted = said.removeprefix("next ")
    for number, name in enumerate(_WEEKDAYS):
        if wanted in (name, name[:3]):
            return today + dt.timedelta(days=(number - today.weekday() - 1) % 7 + 1)
    return None


def _date(said: str, today: dt.date) -> dt.date | None:
    match = re.fullmatch(r"(\d{1,2})(?:st|nd|rd|th)? ([a-z]{3,9})(?: (\d{4}))?", said, re.ASCII)
    if match is None:
        return None
    months = [at for at, name in enumerate(_MONTHS, start=1) if match[2] in (name, name[:3])]
    if not months:
        return None
    years = [int(match[3])] if match[3] else [today.year, today.year + 1]
    for year in years:
        try:
            day = dt.date(year, months[0], int(match[1]))
        except ValueError:
            continue
        if match[3] or day >= today:
            return day
    return None
