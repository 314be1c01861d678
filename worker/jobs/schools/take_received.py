"""Make deliveries of what sources sent over HTTP since the last night.

A day counts as known only where requests arrived on it and on the next day too: a sender that has
stopped says nothing of the days on which it was silent, and may send them later or never.
"""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import NamedTuple

from integrations.activity.scratch_database import locked
from integrations.bootstrap import Services
from integrations.feeds import polls
from integrations.feeds.formats.model import Format
from integrations.feeds.formats.readers import caliper, xapi
from integrations.feeds.inbox import Inbox, Kind, Received
from integrations.feeds.ledger.deliveries import Ledger, State
from integrations.feeds.loading import LoadReport, Terms
from integrations.feeds.lrs import Page
from integrations.feeds.manifest import read_habit, reading_of
from integrations.feeds.own_range import Period
from integrations.feeds.text_files import FeedError
from store.actions.notices import troubles
from store.actions.notices.troubles import Trouble
from store.encryption import SealBroken
from store.rules.calendar import institution_day
from store.rules.model import TroubleKind
from worker.jobs.schools.enter_statements import enter_statements, read_statements
from worker.jobs.schools.reading import terms_of
from worker.one_by_one import one_by_one

READERS: dict[Kind, Format] = {Kind.CALIPER: caliper.FORMAT, Kind.XAPI: xapi.FORMAT}

OVERLAP = dt.timedelta(days=7)
"""How long a repeated event is recognised: a sender tries again for some days."""
ONE_DAY = dt.timedelta(days=1)


def take_received(services: Services) -> None:
    """Load what waits from every source. A failing source does not stop the others."""
    found = inbox_of(services).sources()
    still = {_trouble(source).key for source in found}
    troubles.end_others(services.store, TroubleKind.FILE, "received", still)
    take = partial(_take_all, services)
    one_by_one(services.store, TroubleKind.FILE, found, _trouble, take)


def take_source(services: Services, source: str) -> Iterator[LoadReport]:
    """Load what waits from a source, and report each delivery.

    Raises ``FeedError`` where the source is polled too, or a request cannot be opened.
    """
    services.lake.path(source, services.now().date())
    habit = read_habit(services.settings.home / "feeds" / source)
    if "poll" in habit:
        raise FeedError(
            f"{source} is polled, and sends its activity itself as well. Give the two different "
            "names: one in feed.toml, the other in FEED_KEYS."
        )
    ledger = Ledger(services.lake)
    with locked(services.lake.root / "deliveries" / source):
        yield from _Taking(services, source, ledger, reading_of(habit)).take()


def inbox_of(services: Services) -> Inbox:
    """Return the inbox of an installation."""
    return Inbox(services.settings.home, services.store.seal)


def _trouble(source: str) -> Trouble:
    return Trouble(TroubleKind.FILE, f"received:{source}")


def _take_all(services: Services, source: str) -> None:
    for _ in take_source(services, source):
        pass


@dataclass
class _Pages:
    """The requests of one kind as pages; ``read`` are those that were read so far."""

    inbox: Inbox
    waiting: Sequence[Received]
    read: list[Received] = field(default_factory=list)

    def __iter__(self) -> Iterator[Page]:
        for each in self.waiting:
            try:
                page = Page(list(self.inbox.values(each)))
            except SealBroken:
                raise FeedError(
                    "What was received cannot be opened with this key. Give the older key in "
                    f"ENCRYPTION_KEY, or delete the file {each.path.name} in received."
                ) from None
            self.read.append(each)
            yield page


class _Earlier(NamedTuple):
    """What is known of a source before a delivery, and by it."""

    since: dt.datetime
    ids: set[bytes]
    """The digests of events that came since then."""
    covered: tuple[Period, ...]


@dataclass(frozen=True, slots=True)
class _Taking:
    services: Services
    source: str
    ledger: Ledger
    reading: Mapping[str, str]

    def take(self) -> Iterator[LoadReport]:
        """Enter what waits, kind by kind; the last delivery says which days are known."""
        inbox = inbox_of(self.services)
        waiting = {kind: inbox.waiting(self.source, kind) for kind in Kind}
        arrivals = sorted(each.at for of_kind in waiting.values() for each in of_kind)
        kinds = [kind for kind in Kind if waiting[kind]]
        for kind in kinds:
            pages = _Pages(inbox, waiting[kind])
            each_page = iter(pages)
            while True:
                earlier = self._earlier(arrivals)
                with tempfile.TemporaryDirectory(prefix="lantern-") as folder:
                    now = self.services.now()
                    path = Path(folder) / f"{kind}-{now:%Y-%m-%d-%H%M%S}.ndjson"
                    with path.open("w", encoding="utf-8") as out:
                        fetched = polls.collect_statements(each_page, earlier.ids, out)
                    is_last = fetched.whole and kind is kinds[-1]
                    found = read_statements(
                        self.services,
                        self.source,
                        path,
                        fetched,
                        READERS[kind],
                        self.reading,
                        hands_on=True,
                    )
                    terms = self._terms(earlier, arrivals, is_last=is_last)
                    summary = found.summary
                    has_news = summary.events or summary.rejections.total or terms.covered
                    if has_news or found.voids:
                        yield enter_statements(
                            self.services, self.source, path, fetched, found, terms
                        )
                for each in pages.read:
                    each.path.unlink()
                pages.read.clear()
                if fetched.error:
                    raise fetched.error
                if fetched.whole:
                    break

    def _earlier(self, arrivals: Sequence[dt.datetime]) -> _Earlier:
        """Say which events came before, and which days are known now.

        The first day of all is not: what happened on it before the first request is not known.
        """
        before = polls.polls_of(self.ledger, self.source)
        in_use = [each for each in before if each.state is State.IN_USE]
        marks = [until for since, until in polls.windows(in_use) if since < until]
        first = min((*marks, arrivals[0]))
        newest = max(marks, default=arrivals[0])
        polls.forget_ids(self.ledger, before, newest)
        begins = max(institution_day(first) + ONE_DAY, institution_day(newest))
        days = {institution_day(each) for each in (*arrivals, newest)}
        covered = tuple(
            (day, day) for day in sorted(days) if day >= begins and day + ONE_DAY in days
        )
        since = arrivals[0] - OVERLAP
        return _Earlier(since, polls.known_ids(self.ledger, before, since), covered)

    def _terms(self, earlier: _Earlier, arrivals: Sequence[dt.datetime], *, is_last: bool) -> Terms:
        terms = terms_of(self.services)
        if not is_last:
            return replace(terms, polled=(earlier.since, earlier.since))
        return replace(terms, polled=(earlier.since, arrivals[-1]), covered=earlier.covered)
