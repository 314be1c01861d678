"""A Lantern that polls an LRS: both, their events, and a clock that stands still."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import pytest
import structlog

from integrations.bootstrap import Services, build
from integrations.settings import load_settings
from store.queries.schools.troubles import troubles_now
from tests.fakes.lrs import KEY, SECRET, FakeLrs, Statement, running
from tests.worker.test_ingest_formats import home
from worker.jobs.schools.poll_feeds import poll_source

__all__ = ["home"]
MONDAY = dt.datetime(2026, 10, 12, 9, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
DAY = 24 * HOUR


@dataclass
class Polling:
    """A Lantern of two students, an LRS, and a clock that stands still."""

    services: Services
    lrs: FakeLrs
    now: dt.datetime
    waited: list[float] = field(default_factory=list)

    def declare(self, source: str = "vle", url: str = "", more: str = "") -> None:
        folder = self.services.settings.home / "feeds" / source
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "feed.toml").write_text(
            f'[poll]\nkind = "xapi"\nurl = "{url or self.lrs.url}"\nfrom = 2026-10-12\n{more}'
        )

    def poll(self, source: str = "vle") -> None:
        list(poll_source(self.services, source, self.waited.append))

    def counts(self, source: str = "vle") -> dict[str, int]:
        """Return day → how often Ada used the learning space, from the lake."""
        files = self.services.lake.files(dt.date.min, dt.date.max)
        return {
            str(which.day): done
            for which, path in sorted(files.items())
            if which.source == source
            for (done,) in duckdb.read_parquet(str(path))
            .filter("done > 0")
            .project("done")
            .fetchall()
        }

    def covered(self, source: str = "vle") -> list[int]:
        """Return the days of October for which the source has data."""
        first, last = dt.date(2026, 10, 1), dt.date(2026, 10, 31)
        return sorted(day.day for day in self.services.lake.days_delivered(first, last)[source])

    def happens(self, at: dt.datetime, stored: dt.datetime | None = None) -> Statement:
        """Have Ada view a page. The LRS stores the statement at once, or later."""
        number = len(self.lrs.statements)
        statement = {
            "id": f"00000000-0000-4000-8000-{number:012}",
            "actor": {"account": {"homePage": "https://lrs.example/", "name": "ada"}},
            "verb": {"id": "http://adlnet.gov/expapi/verbs/viewed"},
            "object": {"id": f"https://vle.example/page/{number}"},
            "timestamp": at.isoformat(),
            "stored": (stored or at).isoformat(),
        }
        self.lrs.statements.append(statement)
        return statement

    def truth(self) -> dict[str, int]:
        """Return day → the number of its statements."""
        return dict(sorted(Counter(each["timestamp"][:10] for each in self.lrs.statements).items()))

    def some_days(self) -> None:
        """Make four days with a few statements each, two of which are stored a day late."""
        for day in range(4):
            for nth in range(3 + day % 2):
                self.happens(MONDAY + day * DAY + nth * HOUR)
        for day in range(2):
            self.happens(MONDAY + day * DAY, MONDAY + (day + 1) * DAY + 2 * HOUR)


@pytest.fixture
def polling(home: Path) -> Iterator[Polling]:
    structlog.reset_defaults()
    names = " ".join(f"{name}={KEY}:{SECRET}" for name in ("vle", *(f"vle{n}" for n in range(40))))
    with running(FakeLrs()) as lrs:
        now = MONDAY + 4 * DAY
        made: list[Polling] = []
        services = build(load_settings(home=home, lrs_credentials=names), now=lambda: made[0].now)
        made.append(Polling(services, lrs, now))
        made[0].declare()
        try:
            yield made[0]
        finally:
            services.close()


def reasons(polling: Polling) -> Sequence[str]:
    with polling.services.store.database.read() as connection:
        return [each.reason for each in troubles_now(connection) if each.key.startswith("poll:")]
