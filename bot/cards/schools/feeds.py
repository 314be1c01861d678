"""How recent each source's data is, and which days are missing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.cards.kit import sample_data as sample
from bot.cards.kit.model import Card, Text, TextStyle
from bot.cards.kit.registry import example
from store.queries.schools.feeds import Feed
from store.rules.calendar import Calendar
from store.rules.flag_rules.base import through
from store.rules.flag_rules.measured_days import days_said, missing_days
from store.rules.flags.flagging import unknown_sources
from store.rules.text.formatting import counted, on_day


@dataclass(frozen=True, slots=True)
class SchoolFeeds:
    """A school's agreed sources; ``feeds`` is None where no policy in force agrees any.

    School days that are missing from ``since`` onwards are named.
    """

    name: str
    feeds: Sequence[Feed] | None
    calendar: Calendar
    since: dt.date
    unruled: str = ""
    """A sentence on why no source is agreed; '' where a policy is in force."""


def feeds_card(schools: Sequence[SchoolFeeds], today: dt.date) -> Card:
    """Show each agreed source: the last day of its data, whenever its file was loaded.

    A source is unknown here exactly where the screening of ``today`` treats it as unknown.
    """
    said = [_school(each, today) for each in schools]
    return Card(
        kind="feeds",
        summary=" ".join(summary for summary, _ in said),
        blocks=tuple(block for _, blocks in said for block in blocks),
    )


def _school(school: SchoolFeeds, today: dt.date) -> tuple[str, list[Text]]:
    heading = Text(f"Feeds of {school.name}", TextStyle.HEADING)
    if school.feeds is None:
        return f"{school.name}: no policy in force.", [heading, Text(school.unruled)]
    feeds = school.feeds
    newest = {feed.source: feed.newest for feed in feeds if feed.newest is not None}
    unknown = unknown_sources(newest, today) | {each.source for each in feeds} - newest.keys()
    known = len(feeds) - len(unknown)
    days = (school.since, through(today))
    blocks = [
        block
        for each in feeds
        for block in _said(each, school.calendar, days, each.source in unknown)
    ]
    up_to_date = f"{school.name}: {known} of {counted(len(feeds), 'feed')} up to date."
    return up_to_date, [heading, *blocks]


FirstAndLast = tuple[dt.date, dt.date]
"""From the first to the last, both included."""


def _said(feed: Feed, calendar: Calendar, days: FirstAndLast, is_unknown: bool) -> Iterator[Text]:
    yield Text(f"{feed.source}: {_known(feed, is_unknown)}{_missing(feed, calendar, days)}")
    if feed.gap and not is_unknown:
        yield Text(feed.gap, TextStyle.SUBTLE)
    if loaded := _loaded(feed, calendar):
        yield Text(loaded, TextStyle.SUBTLE)


def _known(feed: Feed, is_unknown: bool) -> str:
    if feed.newest is None:
        return "unknown. No data received yet, so it cannot raise flags."
    if is_unknown:
        return (
            f"unknown. Its data stops on {on_day(feed.newest)}. Until new data arrives, Lantern "
            "does not treat missing activity as inactivity."
        )
    return f"up to date to {on_day(feed.newest)}."


def _missing(feed: Feed, calendar: Calendar, days: FirstAndLast) -> str:
    missing = missing_days(calendar, feed.delivered, *days)
    if feed.newest is None or not missing:
        return ""
    many = counted(len(missing), "school day")
    return f" No data for {days_said(missing, calendar)} ({many})."


def _loaded(feed: Feed, calendar: Calendar) -> str:
    """Describe the newest file, whose data may be older than the file."""
    if feed.at is None:
        return ""
    rows = counted(feed.accepted, "row")
    wrong = f", {counted(feed.rejected, 'row')} left out" if feed.rejected else ""
    trouble = f" {feed.trouble}" if feed.trouble else ""
    day = on_day(calendar.local(feed.at).date())
    return f"Newest file: loaded on {day}, {rows}{wrong}.{trouble}"


@example("feeds")
def feeds_example() -> Card:
    """Return an example with one current source, one that has stopped, and one without data."""
    at = dt.datetime(2026, 11, 9, 5, tzinfo=dt.UTC)
    since = sample.DAY - dt.timedelta(days=28)
    days = [since + dt.timedelta(days=number) for number in range(28)]
    feeds = [
        Feed("moodle", days[-1], at, 5379, 1, "", frozenset({*days[:14], *days[17:]})),
        Feed("registers", days[-10], at, 12, 0, "", frozenset(days[:-9])),
        Feed("swipes", None, None, 0, 0, ""),
    ]
    return feeds_card(
        [
            SchoolFeeds("School of Invented Languages", feeds, Calendar(), since),
            SchoolFeeds(
                "School of Invented Sciences", None, Calendar(), since, "No policy is in force."
            ),
        ],
        sample.DAY,
    )
