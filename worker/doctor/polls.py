"""``lantern doctor``: check that each polled source answers."""

from __future__ import annotations

from collections.abc import Iterator

from integrations.bootstrap import Services
from integrations.feeds.ledger.deliveries import Ledger
from integrations.feeds.poll_declaration import polled_sources
from integrations.feeds.polls import begin_of, polls_of
from store.rules.calendar import INSTITUTION
from store.rules.errors import CaseworkError
from store.rules.text.formatting import on_day
from worker.doctor.findings import CheckResult
from worker.jobs.schools.poll_feeds import poll_declaration_of, store_of


def check_polls(services: Services) -> Iterator[CheckResult]:
    """Request a statement from each polled source, and name the day up to which data is here."""
    for source in polled_sources(services.settings.home / "feeds"):
        try:
            with store_of(services, source) as lrs:
                lrs.check()
        except CaseworkError as error:
            yield CheckResult(False, str(error))
            continue
        ledger = Ledger(services.lake)
        polls = polls_of(ledger, source)
        if not polls:
            yield CheckResult(None, f"{source} responds. Poll it now: lantern feeds poll {source}")
            continue
        said = poll_declaration_of(services, source)
        mark = begin_of(ledger, polls, said.since, said.overlap).mark.astimezone(INSTITUTION)
        told = f"everything up to {on_day(mark.date())}, {mark:%H:%M}, is here"
        yield CheckResult(True, f"{source} answers; {told}")
