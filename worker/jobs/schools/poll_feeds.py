"""Fetch new data from each polled source, and load it as one delivery.

An interrupted poll leaves nothing half done: each complete part is a delivery of its own, and the
next poll begins where the stored ones end. See ``integrations.feeds.polls``.
"""

from __future__ import annotations

import datetime as dt
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from integrations.activity.scratch_database import locked
from integrations.bootstrap import Services
from integrations.feeds import polls
from integrations.feeds.formats.matching.summary import Summary
from integrations.feeds.formats.readers import xapi
from integrations.feeds.ledger.days import days_of_deliveries, make_days
from integrations.feeds.ledger.deliveries import Entry, Ledger, State
from integrations.feeds.loading import LoadReport, Terms
from integrations.feeds.lrs import Lrs, LrsAccount
from integrations.feeds.poll_declaration import PollDeclaration, declared_poll, polled_sources
from integrations.feeds.polls import Begin, Fetched
from integrations.feeds.text_files import FeedError
from integrations.rate_limit import Sleep
from store.actions.notices import troubles
from store.actions.notices.troubles import Trouble
from store.rules.model import TroubleKind
from store.rules.text.formatting import counted, listed
from worker.jobs.schools.enter_statements import enter_statements, read_statements
from worker.jobs.schools.reading import terms_of
from worker.one_by_one import one_by_one


def poll_sources(services: Services, sleep: Sleep = time.sleep) -> None:
    """Poll every source whose folder declares a poll. A failing source does not stop the others."""
    found = polled_sources(services.settings.home / "feeds")
    still = {_trouble(source).key for source in found}
    troubles.end_others(services.store, TroubleKind.FILE, "poll", still)
    poll = partial(_poll_all, services, sleep)
    one_by_one(services.store, TroubleKind.FILE, found, _trouble, poll)


def poll_source(services: Services, source: str, sleep: Sleep = time.sleep) -> Iterator[LoadReport]:
    """Poll a source until it has nothing new, and report each delivery; nothing without news.

    Raises:
        FeedError: no poll is declared, or fetching failed. Reported deliveries are stored.
    """
    with store_of(services, source, sleep) as lrs:
        ledger, said = Ledger(services.lake), poll_declaration_of(services, source)
        with locked(services.lake.root / "deliveries" / source):
            _make_newest_days(ledger, source)
            yield from _Poll(services, source, said, ledger).ask(lrs)


def poll_declaration_of(services: Services, source: str) -> PollDeclaration:
    """Read how a source is polled. Raises ``FeedError``, or ``LakeError`` for an unusable name."""
    services.lake.path(source, services.now().date())
    return declared_poll(services.settings.home / "feeds", source, services.now())


def store_of(services: Services, source: str, sleep: Sleep = time.sleep) -> Lrs:
    """Open a source's LRS. Raises ``FeedError`` where its key and secret are not set."""
    said = poll_declaration_of(services, source)
    pair = services.settings.lrs_keys.get(source)
    if pair is None:
        raise FeedError(
            f"There is no key for the LRS of {source}. Add {source}=KEY:SECRET to LRS_CREDENTIALS."
        )
    return Lrs(LrsAccount(source, said.url, *pair), now=services.now, sleep=sleep)


def _trouble(source: str) -> Trouble:
    return Trouble(TroubleKind.FILE, f"poll:{source}")


def _poll_all(services: Services, sleep: Sleep, source: str) -> None:
    for _ in poll_source(services, source, sleep):
        pass


def _make_newest_days(ledger: Ledger, source: str) -> None:
    """Rebuild the days of the newest poll, which may have been killed before they were complete."""
    newest = [each for each in polls.polls_of(ledger, source) if each.state is State.IN_USE][-1:]
    if newest:
        with ledger.lake.workspace() as work:
            make_days(ledger, work, source, days_of_deliveries(newest))


def _has_news(summary: Summary, terms: Terms, *, is_used: bool) -> bool:
    """Return whether a delivery is worth storing; what is not comes again within the overlap.

    Rows that are all refused count as long as nothing of the source was ever used, so that staff
    hear of it.
    """
    refused = summary.rejections.total > 0 and not is_used
    return bool(summary.events or terms.covered or terms.instead_of or refused)


@dataclass(frozen=True, slots=True)
class _Poll:
    """One request for what is new, and its deliveries: several where it is much."""

    services: Services
    source: str
    said: PollDeclaration
    ledger: Ledger

    def ask(self, lrs: Lrs) -> Iterator[LoadReport]:
        """Request what is new, and store it. Raises ``FeedError``; what came before the fault is
        stored.
        """
        now, before = self.services.now(), polls.polls_of(self.ledger, self.source)
        begin = polls.begin_of(self.ledger, before, self.said.since, self.said.overlap)
        known = polls.known_ids(self.ledger, before, begin.since)
        is_used = any(each.accepted for each in before)
        pages = lrs.pages(begin.since, now)
        while True:
            with tempfile.TemporaryDirectory(prefix="lantern-") as folder:
                path = Path(folder) / f"poll-{now:%Y-%m-%d-%H%M%S}.ndjson"
                with path.open("w", encoding="utf-8") as out:
                    fetched = polls.collect_statements(pages, known, out)
                found = read_statements(
                    self.services,
                    self.source,
                    path,
                    fetched,
                    xapi.FORMAT,
                    self.said.reading,
                    hands_on=False,
                )
                summary = found.summary
                is_used |= summary.events > 0
                terms = self._terms(begin, fetched, now)
                if summary.rejections.total and not is_used:
                    # Nothing of this source was ever understood, so no student counts as away, and
                    # everything is requested again until there is a map of identifiers.
                    terms = replace(terms, covered=(), polled=(begin.since, begin.since))
                if found.voids or _has_news(summary, terms, is_used=is_used):
                    report = enter_statements(
                        self.services, self.source, path, fetched, found, terms
                    )
                    voided = polls.bringing(self.ledger, before, fetched.voided)
                    yield replace(report, notes=(*report.notes, *self._voided(voided)))
            if fetched.error:
                raise fetched.error
            if fetched.whole:
                polls.forget_ids(self.ledger, before, begin.mark)
                return

    def _terms(self, begin: Begin, fetched: Fetched, now: dt.datetime) -> Terms:
        """Return what a delivery covers. Only the last, once all pages are read, moves the mark."""
        terms = terms_of(self.services)
        if not fetched.whole:
            return replace(terms, polled=(begin.since, begin.since))
        until = max(begin.mark, min(now, fetched.through or now))
        return replace(
            terms,
            polled=(begin.since, until),
            covered=polls.whole_days(begin.day, until),
            instead_of=begin.instead_of,
        )

    def _voided(self, brought: Sequence[Entry]) -> list[str]:
        """Return a remark on what to do where earlier statements have been voided.

        The facts of kept deliveries were made again without them.
        """
        numbers = [str(each.number) for each in brought if not each.original_kept]
        if not numbers:
            return []
        return [
            f"Statements of {counted(len(numbers), 'earlier delivery', 'earlier deliveries')} "
            f"({listed(numbers)}) were voided. To remove them: lantern feeds withdraw "
            f"{numbers[0]}, then lantern feeds poll {self.source}, which asks for that time again."
        ]
