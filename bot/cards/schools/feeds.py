"""How fresh each source is: what is known up to which day, and what is unknown."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

from bot.cards.kit import sample_data as sample
from bot.cards.kit.model import Card, Text, TextStyle
from bot.cards.kit.registry import example
from store.queries.schools.feeds import Feed
from store.rules.calendar import Calendar
from store.rules.flag_rules.base import through
from store.rules.flags.flagging import unknown_sources
from store.rules.text.formatting import counted, on_day


def feeds_card(school_name: str, feeds: Sequence[Feed], calendar: Calendar, today: dt.date) -> Card:
    """Each agreed source: up to which day its data goes, however lately its file was loaded.

    A source counts as unknown exactly where a screening of ``today`` takes it as that.
    """
    newest = {feed.source: feed.newest for feed in feeds if feed.newest is not None}
    unknown = unknown_sources(newest, today) | {each.source for each in feeds} - newest.keys()
    known = len(feeds) - len(unknown)
    return Card(
        kind="feeds",
        summary=f"{school_name}: {known} of {counted(len(feeds), 'feed')} up to date.",
        blocks=(
            Text(f"Feeds of {school_name}", TextStyle.HEADING),
            *(
                block
                for each in feeds
                for block in _said(each, calendar, today, each.source in unknown)
            ),
        ),
    )


def _said(feed: Feed, calendar: Calendar, today: dt.date, is_unknown: bool) -> Iterator[Text]:
    yield Text(f"{feed.source}: {_fresh(feed, calendar, today, is_unknown)}")
    if loaded := _loaded(feed, calendar):
        yield Text(loaded, TextStyle.SUBTLE)


def _fresh(feed: Feed, calendar: Calendar, today: dt.date, is_unknown: bool) -> str:
    if feed.newest is None:
        return "unknown. No day of it has arrived, so it raises no flag."
    missing = calendar.silent_days(feed.newest, through(today))
    behind = f", {counted(missing, 'day')} of the school's calendar missing" if missing else ""
    if is_unknown:
        return (
            f"unknown. Its data stops on {on_day(feed.newest)}{behind}. Until it comes again, "
            "silence there says nothing."
        )
    return f"known up to {on_day(feed.newest)}{behind}."


def _loaded(feed: Feed, calendar: Calendar) -> str:
    """The newest file, which can be new and speak of old days."""
    if feed.at is None:
        return ""
    rows = counted(feed.accepted, "row")
    wrong = f", {counted(feed.rejected, 'row')} left out" if feed.rejected else ""
    trouble = f" {feed.trouble}" if feed.trouble else ""
    day = on_day(calendar.local(feed.at).date())
    return f"Newest file: loaded on {day}, {rows}{wrong}.{trouble}"


@example("feeds")
def feeds_example() -> Card:
    """One source that is fresh, one that has stopped, one that never came."""
    at = dt.datetime(2026, 11, 9, 5, tzinfo=dt.UTC)
    before = sample.DAY - dt.timedelta(days=1)
    feeds = [
        Feed("moodle", before, at, 5379, 1, ""),
        Feed("registers", before - dt.timedelta(days=9), at, 12, 0, ""),
        Feed("swipes", None, None, 0, 0, ""),
    ]
    return feeds_card("School of Invented Languages", feeds, Calendar(), sample.DAY)
