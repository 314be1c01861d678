"""Read days as people type them: ``friday``, ``tomorrow``, ``in 2 weeks``, ``for 2 weeks``,
``12 december``.
"""

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
_BEFORE_A_DAY = re.compile(r"^\s*(?:from|until|till|to)\s+", re.IGNORECASE)
_NAMED = {"today": 0, "tomorrow": 1}
_UNITS = {"day": 1, "week": 7}
_NUMBERS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_COUNT = rf"(a|an|\d{{1,3}}|{'|'.join(_NUMBERS)})"


def day_meant(text: str, today: dt.date, field: str | None = None) -> dt.date:
    """Read a future day, relative to ``today``; a weekday or a date is the next one.

    Raises:
        InvalidInput: it is not a day; lists the forms that are understood, and names the ``field``
            of a form.
    """
    said = _tidy(_BEFORE_A_DAY.sub("", text))
    found = _iso(said) or _relative(said, today) or _weekday(said, today) or _date(said, today)
    if found is None:
        raise InvalidInput(
            "Give a day, such as friday, tomorrow, in 2 weeks, 12 december or 2026-12-12.",
            field=field,
        )
    return found


def past_day(text: str, today: dt.date, field: str | None = None) -> dt.date:
    """Read a past day, or today: ``2026-10-01``, ``1 october``, ``yesterday``, ``friday``,
    ``2 weeks ago``.

    Raises:
        InvalidInput: it is not a day, or in the future; names the ``field`` of a form.
    """
    said = _tidy(text)
    found = _gone(said, today) or _iso(said)
    if found is None and (coming := _date(said, today)):
        # With a year of its own it is no day any more, as it should be.
        found = _date(f"{said} {coming.year - 1}", today) if coming > today else coming
    if found is None or found > today:
        raise InvalidInput(
            "Give a day in the past, as in 2026-10-01, 1 october, friday or today.",
            field=field,
        )
    return found


def is_day(text: str) -> bool:
    """Return whether these words are only a day, past or future."""
    said, any_day = _tidy(text), dt.date(2024, 2, 29)
    return bool(
        _gone(said, any_day)
        or _iso(said)
        or _relative(said, any_day)
        or _weekday(said, any_day)
        or _date(said, any_day)
    )


def _tidy(text: str) -> str:
    """Normalise typed days: ``on the 1st of March`` is ``1st march``, ``March 1`` is
    ``1 march``.
    """
    said = " ".join(text.casefold().replace(",", " ").split())
    said = said.removeprefix("on ").removeprefix("the ")
    said = re.sub(r"^(\d{1,2}(?:st|nd|rd|th)?) of ", r"\1 ", said)
    return re.sub(r"^([a-z]{3,9}) (\d{1,2}(?:st|nd|rd|th)?)(?= \d{4}$|$)", r"\2 \1", said)


def _gone(said: str, today: dt.date) -> dt.date | None:
    """Read ``today``, ``yesterday``, ``2 weeks ago``, or the last such weekday."""
    if said in ("today", "yesterday"):
        return today - dt.timedelta(days=said == "yesterday")
    if match := re.fullmatch(rf"{_COUNT} (day|week)s? ago", said):
        return today - dt.timedelta(days=_number(match[1]) * _UNITS[match[2]])
    coming = _weekday(said.removeprefix("last "), today)
    return None if coming is None or said.startswith("next ") else coming - dt.timedelta(days=7)


def _number(word: str) -> int:
    if word.isdigit():
        return int(word)
    return _NUMBERS.index(word) + 1 if word in _NUMBERS else 1


def _iso(said: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(said) if re.fullmatch(r"\d{4}-\d\d-\d\d", said) else None
    except ValueError:
        return None


def _relative(said: str, today: dt.date) -> dt.date | None:
    if said in _NAMED:
        return today + dt.timedelta(days=_NAMED[said])
    match = re.fullmatch(rf"(?:in|for) {_COUNT} (day|week)s?", said)
    if match is None:
        return None
    return today + dt.timedelta(days=_number(match[1]) * _UNITS[match[2]])


def _weekday(said: str, today: dt.date) -> dt.date | None:
    """Read the next such weekday. ``friday`` on a Friday is in a week: today has its own word."""
    wanted = said.removeprefix("next ")
    for number, name in enumerate(_WEEKDAYS):
        if wanted in (name, name[:3]):
            return today + dt.timedelta(days=(number - today.weekday() - 1) % 7 + 1)
    return None


def _date(said: str, today: dt.date) -> dt.date | None:
    match = re.fullmatch(r"(\d{1,2})(?:st|nd|rd|th)? ([a-z]{3,9})(?: (\d{4}))?", said)
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
