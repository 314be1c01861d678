"""Read the declaration beside a file: ``moodle.csv.toml`` for ``moodle.csv``.

======== ========================================================================================
from, to the first and the last day that the file speaks for, such as 2025-10-06; both or neither
complete ``true``: the file is all there is of those days, whatever an earlier one had
school   the code of the school that it speaks for, or a list of codes
dates    how dates are written, such as ``day-first``; ``zone`` the time zone of times without one,
         ``module`` the module of a file that names none, ``sheet`` the sheet of a workbook and
         ``level`` that of new students: as the options of ``lantern ingest FILE``
======== ========================================================================================

``feed.toml`` in the source's folder declares the source's habit, for files without such a record:
``days_before = 7`` says that each file speaks for the seven days before the day it arrives, whether
or not there are rows on them, and the other words mean the same as above. Its table ``[poll]`` says
that the source is asked for what is new: see ``poll_declaration``.
"""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from integrations.feeds.own_range import Period
from integrations.feeds.text_files import FeedError

SUFFIX = ".toml"
HABIT = "feed.toml"
MOST_DAYS = 1830
"""Five years: more is a mistyped year."""
READING = ("dates", "zone", "module", "sheet", "level")
"""The keys with what a format may need to know about a file."""
_OF_A_FILE = frozenset({"from", "to", "complete", "school", *READING})
_OF_A_SOURCE = frozenset({"days_before", "complete", "school", "poll", *READING})


@dataclass(frozen=True, slots=True)
class DeliveryDeclaration:
    """The declaration about a file; defaults where there is none."""

    covers: Period | None = None
    complete: bool = False
    schools: tuple[str, ...] = ()
    reading: Mapping[str, str] = field(default_factory=dict)
    """The declared values for keys in ``READING``."""


def declared(path: Path, today: dt.date, schools: Collection[str]) -> DeliveryDeclaration:
    """Read the declaration about this file, arriving on ``today``. ``schools`` are known codes.

    Raises ``FeedError`` where it cannot be understood: then the file must not be loaded either,
    since it would cover days that were not meant.
    """
    own, habit = path.with_name(path.name + SUFFIX), path.with_name(HABIT)
    if own.exists():
        found = _read(own, _OF_A_FILE)
        covers = _covers(own.name, found)
    elif habit.exists():
        found = _read(habit, _OF_A_SOURCE)
        covers = _days_before(found, today)
    else:
        return DeliveryDeclaration()
    name = own.name if own.exists() else habit.name
    complete = found.get("complete", False)
    if not isinstance(complete, bool):
        raise FeedError(f"{name}: complete must be true or false.")
    return DeliveryDeclaration(
        covers, complete, _schools(name, found, schools), _reading(name, found)
    )


def is_manifest(path: Path) -> bool:
    """Return whether this is the declaration about an existing file, or about a source."""
    return path.suffix == SUFFIX and (path.name == HABIT or path.with_suffix("").exists())


def read_habit(folder: Path) -> Mapping[str, object]:
    """Read ``feed.toml`` in a source's folder; empty where there is none. Raises ``FeedError``."""
    habit = folder / HABIT
    return _read(habit, _OF_A_SOURCE) if habit.exists() else {}


def reading_of(habit: Mapping[str, object]) -> Mapping[str, str]:
    """Return how ``feed.toml`` says to read its source's files. Raises ``FeedError``."""
    return _reading(HABIT, habit)


def _read(path: Path, allowed: Collection[str]) -> Mapping[str, object]:
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except ValueError:
        raise FeedError(
            f"{path.name} cannot be read as TOML. Expected: {', '.join(sorted(allowed))}."
        ) from None
    if unknown := sorted(found.keys() - set(allowed)):
        raise FeedError(
            f"{path.name}: {unknown[0]} is not known. Expected: {', '.join(sorted(allowed))}."
        )
    return found


def _covers(name: str, found: Mapping[str, object]) -> Period | None:
    first, last = _day(name, found.get("from")), _day(name, found.get("to"))
    if (first is None) != (last is None):
        raise FeedError(f"{name}: give both from and to, or neither.")
    if first is None or last is None:
        return None
    if not 0 <= (last - first).days < MOST_DAYS:
        raise FeedError(f"{name}: to must be within {MOST_DAYS} days after from.")
    return first, last


def _day(name: str, said: object) -> dt.date | None:
    if said is None:
        return None
    try:
        day = said if isinstance(said, dt.date) else dt.date.fromisoformat(str(said))
    except ValueError:
        day = None
    if day is None or isinstance(day, dt.datetime):
        raise FeedError(f"{name}: from and to must be days, such as 2025-10-06.")
    return day


def _days_before(found: Mapping[str, object], today: dt.date) -> Period | None:
    number = found.get("days_before")
    if number is None:
        return None
    if not isinstance(number, int) or isinstance(number, bool) or not 1 <= number <= MOST_DAYS:
        raise FeedError(f"{HABIT}: days_before must be a whole number from 1 to {MOST_DAYS}.")
    return today - dt.timedelta(days=number), today - dt.timedelta(days=1)


def _reading(name: str, found: Mapping[str, object]) -> Mapping[str, str]:
    said = {key: found[key] for key in READING if key in found}
    for key, value in said.items():
        if not isinstance(value, str):
            raise FeedError(f"{name}: {key} must be a text in quotation marks.")
    return {key: str(value) for key, value in said.items()}


def _schools(name: str, found: Mapping[str, object], known: Collection[str]) -> tuple[str, ...]:
    said = found.get("school", [])
    codes = [said] if isinstance(said, str) else said
    if not isinstance(codes, list) or not all(isinstance(code, str) for code in codes):
        raise FeedError(f"{name}: school must be a code such as LANG, or a list of codes.")
    if unknown := sorted(set(codes) - set(known)):
        raise FeedError(f"{name}: there is no school {unknown[0]}. Known: {', '.join(known)}.")
    return tuple(sorted(set(codes)))
