"""What ``feed.toml`` says of a source that is asked for what is new: its table ``[poll]``.

============= ===================================================================================
kind          ``xapi``: a learning record store (LRS)
url           its address, the part before ``/statements``: https, or this machine
from          the first day to ask for, such as 2026-09-21
overlap_hours how far each poll asks back behind the one before, 24 where it is not said; more for a
              store that goes by the time of an event and not by that of its arrival, as Ralph does
============= ===================================================================================

The key and the secret are no part of it: they are in the setting LRS_CREDENTIALS.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import httpx

from integrations.feeds.manifest import HABIT, MOST_DAYS, read_habit, reading_of
from integrations.feeds.text_files import FeedError
from store.rules.calendar import INSTITUTION

XAPI = "xapi"
USUAL_OVERLAP, LONGEST_OVERLAP = 24, 24 * 31
"""Hours."""
_WORDS = ("kind", "url", "from", "overlap_hours")
_LOOPBACK = ("127.0.0.1", "localhost", "::1")


@dataclass(frozen=True, slots=True)
class PollDeclaration:
    """A source's address, the first day to fetch, and how far polls overlap."""

    url: str
    since: dt.datetime
    overlap: dt.timedelta
    reading: Mapping[str, str]
    """Zone and module of statements that say none: see ``manifest.READING``."""


def polled_sources(feeds: Path) -> list[str]:
    """List the sources whose folder declares a poll, or whose declaration cannot be read."""
    return sorted(path.parent.name for path in feeds.glob(f"*/{HABIT}") if _is_polled(path.parent))


def _is_polled(folder: Path) -> bool:
    try:
        return "poll" in read_habit(folder)
    except FeedError:
        return True  # Polling it reports what is wrong.


def declared_poll(feeds: Path, source: str, now: dt.datetime) -> PollDeclaration:
    """Read how a source is polled. Raises ``FeedError`` where no usable poll is declared."""
    habit = read_habit(feeds / source)
    found = habit.get("poll")
    if found is None:
        raise FeedError(
            f"There is no declaration of how to poll {source}. Put a table [poll] with kind, url "
            "and from into "
            f"feeds/{source}/{HABIT}."
        )
    name = f"feeds/{source}/{HABIT}"
    if not isinstance(found, Mapping):
        raise FeedError(f"{name}: poll must be a table, [poll], with {', '.join(_WORDS)}.")
    if unknown := sorted(found.keys() - set(_WORDS)):
        raise FeedError(
            f"{name}: {unknown[0]} is not known in [poll]. Expected: {', '.join(_WORDS)}. Key and "
            "secret belong in LRS_CREDENTIALS."
        )
    if found.get("kind") != XAPI:
        raise FeedError(f'{name}: kind must be "{XAPI}".')
    return PollDeclaration(
        _url(name, found), _since(name, found, now), _overlap(name, found), reading_of(habit)
    )


def _url(name: str, found: Mapping[str, object]) -> str:
    wanted = FeedError(
        f"{name}: url must look like https://lrs.example.ac.uk/xapi, the part before /statements, "
        "without a key or anything behind it."
    )
    said = found.get("url")
    try:
        url = httpx.URL(said if isinstance(said, str) else "")
    except httpx.InvalidURL:
        raise wanted from None
    safe = url.scheme == "https" or (url.scheme == "http" and url.host in _LOOPBACK)
    if not (safe and url.host) or url.userinfo or url.query or url.fragment:
        raise wanted
    return str(url).rstrip("/").removesuffix("/statements")


def _since(name: str, found: Mapping[str, object], now: dt.datetime) -> dt.datetime:
    day = found.get("from")
    if not isinstance(day, dt.date) or isinstance(day, dt.datetime):
        raise FeedError(f"{name}: from must be the first day to ask for, such as 2026-09-21.")
    since = dt.datetime.combine(day, dt.time(), INSTITUTION).astimezone(dt.UTC)
    if not dt.timedelta() <= now - since <= dt.timedelta(days=MOST_DAYS):
        raise FeedError(f"{name}: from must be within {MOST_DAYS} days before today.")
    return since


def _overlap(name: str, found: Mapping[str, object]) -> dt.timedelta:
    hours = found.get("overlap_hours", USUAL_OVERLAP)
    if not isinstance(hours, int) or isinstance(hours, bool) or not 1 <= hours <= LONGEST_OVERLAP:
        raise FeedError(
            f"{name}: overlap_hours must be a whole number from 1 to {LONGEST_OVERLAP}."
        )
    return dt.timedelta(hours=hours)
