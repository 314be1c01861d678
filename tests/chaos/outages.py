"""A synthetic year with outages of its feeds, through the real path: files → ledger → lake → flags.

The same year is simulated twice, without outages and with them, both from a copy of the part before
the first outage. A flag only in the second was caused by an outage; a flag only in the first was
lost. Whatever the leads are told of their feeds in the clean year is a false alarm.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import random
import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import sqlalchemy as sa

from integrations import bootstrap
from integrations.bootstrap import Services
from integrations.settings import load_settings
from store.policies.versions import publish
from store.rules.model import FlagState, TroubleKind
from store.tables import flags, students, troubles
from tests.chaos.lives import Compared, Flag, Lived, compare
from tests.chaos.outage_kinds import KINDS, DayFile, Outage, Row
from tests.policy.document import policy
from tests.policy.people import GLAS, RIVE, TERM
from tests.policy.weeks import COLUMNS
from tests.stores import FakeClock, spare_the_disk
from worker.jobs.flags import screen
from worker.jobs.schools.ingest import ingest_events, ingest_new_files, ingest_roster
from worker.jobs.schools.tell_of_feeds import tell_of_feeds

ONE_DAY = dt.timedelta(days=1)
QUIET = "hand-in"
"""The source that has days without rows: its files state the day that they are for."""


class University(Protocol):
    """A university whose feeds are simulated from ``TERM`` on."""

    @property
    def name(self) -> str: ...
    @property
    def weeks(self) -> int: ...
    @property
    def warm(self) -> int:
        """The first weeks, loaded at once without a screening."""

    @property
    def seed(self) -> int: ...
    @property
    def students(self) -> int: ...
    @property
    def sources(self) -> tuple[str, ...]: ...
    @property
    def schools(self) -> tuple[frozenset[str], ...]:
        """The modules of each school."""

    def roster(self, folder: Path) -> Path: ...
    def has_data(self, day: dt.date) -> bool: ...
    def rows(self, home: Path, source: str, first: dt.date, last: dt.date) -> list[Row]: ...


@dataclass(frozen=True)
class Begun:
    """The part of a year before its first outage, lived once: its home, and the next morning."""

    home: Path
    morning: dt.date
    told: frozenset[str] = frozenset()


def begin(year: University, home: Path, until: dt.date) -> Begun:
    """Simulate the year's mornings up to this one, which is included, in this empty folder."""
    first = TERM + dt.timedelta(weeks=year.warm)
    with _opened(home) as (services, clock):
        clock.now = dt.datetime.combine(TERM, dt.time(9), dt.UTC)
        ingest_roster(services, year.roster(home / "roster"))
        for school in (GLAS, RIVE):
            publish(services.store, policy(school), school, actor="cli")
        feeds = _Feeds(services, home, year, ())
        if year.warm:
            # Activity that is dated in the future would be refused.
            clock.now = dt.datetime.combine(first, dt.time(5), dt.UTC)
            feeds.warm(first - ONE_DAY)
        told = _mornings(feeds, clock, first + ONE_DAY, until)
    return Begun(home, max(first, until) + ONE_DAY, frozenset(told))


def live(
    year: University, begun: Begun, home: Path, outages: Sequence[Outage] = (), weeks: int = 0
) -> Lived:
    """Simulate the rest of the year, or of its first weeks, in a copy of its beginning."""
    shutil.copytree(begun.home, home)
    last = TERM + dt.timedelta(weeks=weeks or year.weeks) - ONE_DAY
    with _opened(home) as (services, clock):
        feeds = _Feeds(services, home, year, outages)
        told = _mornings(feeds, clock, begun.morning, last)
        ever = _flags(services)
    active = [each for each in ever if not each.is_withdrawn]
    return Lived(active, ever, {*begun.told, *told})


@contextmanager
def _opened(home: Path) -> Iterator[tuple[Services, FakeClock]]:
    clock = FakeClock()
    services = bootstrap.build(load_settings(home=home), now=clock)
    spare_the_disk(services.store.database)
    try:
        yield services, clock
    finally:
        services.close()


def _mornings(feeds: _Feeds, clock: FakeClock, first: dt.date, last: dt.date) -> set[str]:
    """Let files arrive and screen on each morning; return what the leads were told."""
    told: set[str] = set()
    for morning in (first + n * ONE_DAY for n in range((last - first).days + 1)):
        clock.now = dt.datetime.combine(morning, dt.time(5, 30), dt.UTC)
        if feeds.arrive(morning):
            ingest_new_files(feeds.services)
        if morning.weekday() < 5:
            screen(feeds.services, morning)
            tell_of_feeds(feeds.services, morning)
            told |= _told(feeds.services)
    return told


def outages_of(
    year: University, number: int, rest: int = 21, *, mends: bool = True
) -> list[Outage]:
    """Spread outages over the year, every kind in turn; the last ``rest`` days have none.

    ``mends``: the right files come six days after an outage's last day, instead of never.
    """
    chance = random.Random(f"outages {year.seed} {number}")
    first, last = 7 * max(year.warm, 4), 7 * year.weeks - rest
    made = []
    for n in range(number):
        kind = list(KINDS)[n % len(KINDS)]
        day = TERM + dt.timedelta(days=first + n * (last - first) // number)
        while day.weekday() > 4 or not year.has_data(day):
            day += ONE_DAY
        days = chance.choice((1, 1, 2, 3, 6))
        mended = day + dt.timedelta(days=days + 5) if mends else None
        made.append(Outage(kind, chance.choice(sorted(year.sources)), day, days, mended))
    return made


@dataclass
class _Feeds:
    services: Services
    home: Path
    year: University
    outages: Sequence[Outage]

    def warm(self, last: dt.date) -> None:
        """Load everything up to this day at once."""
        for source in self.year.sources:
            rows = self.year.rows(self.home, source, TERM, last)
            file = self._put(source, last, COLUMNS, rows, "warm", "warm-")
            ingest_events(self.services, file, source, (TERM, last))

    def arrive(self, morning: dt.date) -> bool:
        """Put the files of the day before into the folder, and corrected files."""
        day = morning - ONE_DAY
        done = False
        for source in self.year.sources:
            for outage in self.outages:
                if outage.mended == day and outage.source == source:
                    for n in range(outage.days):
                        done |= self._right(source, outage.first + n * ONE_DAY, "mended-")
            if not self.year.has_data(day):
                continue
            spoiled = next((each for each in self.outages if each.holds(source, day)), None)
            if spoiled is None:
                done |= self._right(source, day)
            else:
                done |= self._spoiled(spoiled, day)
        return done

    def _right(self, source: str, day: dt.date, name: str = "") -> bool:
        if not self.year.has_data(day):
            return False
        file = self._put(source, day, COLUMNS, self._rows(source, day), name=name)
        self._declare(source, file, day)
        return True

    def _spoiled(self, outage: Outage, day: dt.date) -> bool:
        before = day - ONE_DAY
        while not self.year.has_data(before):
            before -= ONE_DAY
        chance = random.Random(f"{outage} {day}")
        source = outage.source
        rows = self._rows(source, day), self._rows(source, before)
        made = KINDS[outage.kind](DayFile(day, COLUMNS, *rows, chance, self.year.schools))
        if made is None:
            return False
        file = self._put(source, day, *made)
        self._declare(source, file, day)
        return True

    def _declare(self, source: str, file: Path, day: dt.date) -> None:
        """State the day that the file is for, since many days have no rows."""
        if source == QUIET:
            said = f"from = {day}\nto = {day}\n"
            file.with_name(f"{file.name}.toml").write_text(said, encoding="utf-8")

    def _put(
        self,
        source: str,
        day: dt.date,
        header: Row,
        rows: Iterable[Row],
        folder: str = "feeds",
        name: str = "",
    ) -> Path:
        file = self.home / folder / source / f"{name}{day}.csv"
        file.parent.mkdir(parents=True, exist_ok=True)
        text = io.StringIO()
        csv.writer(text).writerows([header, *rows])
        file.write_text(text.getvalue(), encoding="utf-8")
        return file

    def _rows(self, source: str, day: dt.date) -> list[Row]:
        return self.year.rows(self.home, source, day, day)


def whole(
    year: University, outages: Sequence[Outage], begun: Begun, home: Path, weeks: int = 0
) -> Compared:
    """Simulate the year without outages, and with these."""
    clean = live(year, begun, home / "clean", weeks=weeks)
    return compare(clean, live(year, begun, home / "spoiled", outages, weeks), len(outages))


def before_outages(year: University, outages: Sequence[Outage], home: Path) -> Begun:
    """Simulate the year up to its first outage, whose files are missed on the next morning."""
    return begin(year, home, min(each.first for each in outages))


def _told(services: Services) -> set[str]:
    with services.store.database.read() as connection:
        query = sa.select(troubles.c.key).where(
            troubles.c.kind == TroubleKind.FILE, troubles.c.told_at.is_not(None)
        )
        return set(connection.execute(query).scalars())


def _flags(services: Services) -> list[Flag]:
    with services.store.database.read() as connection:
        rows: Sequence[Any] = connection.execute(
            sa.select(
                students.c.number,
                flags.c.key,
                flags.c.raised_on,
                flags.c.last_found_on,
                flags.c.state == FlagState.WITHDRAWN,
            ).join(students, students.c.id == flags.c.student_id)
        ).all()
    return [Flag(*row) for row in rows]
