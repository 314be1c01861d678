"""Read a delivery into the lake, or read kept deliveries again when the roster knows more."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from integrations.activity.errors import LakeError
from integrations.bootstrap import Services
from integrations.do_all import do_all
from integrations.feeds import events_csv
from integrations.feeds.card_swipes import load_swipes
from integrations.feeds.formats.matching.people import nameless
from integrations.feeds.formats.model import EMAIL
from integrations.feeds.formats.readers import events
from integrations.feeds.ledger.deliveries import Entry, Ledger, State
from integrations.feeds.ledger.kept_rows import open_kept_rows
from integrations.feeds.ledger.originals import Original
from integrations.feeds.ledger.privacy import forget_rows
from integrations.feeds.loading import LoadReport, Period, Progress, Terms, no_progress
from integrations.feeds.people import Identifier, People
from store.encryption import SealBroken
from store.queries.schools.feeds import module_zones, swipe_sources
from store.queries.schools.roster import (
    enrolled_students,
    module_schools,
    student_addresses,
    student_numbers,
)
from store.queries.students.identifiers import all_identifiers, identifiers_by_system
from store.rules.calendar import institution_day
from store.rules.text.formatting import counted


@dataclass(frozen=True, slots=True)
class SharedArrival:
    """The clock of files that arrive together, such as those of one night."""

    at: dt.datetime

    def __call__(self) -> dt.datetime:
        """Return the time of arrival that all these files share."""
        return self.at


def arriving_together(services: Services) -> Services:
    """Return services whose clock stands still, for files that arrive together.

    All files of the run get one arrival time, so that none replaces another.
    """
    return replace(services, now=SharedArrival(_after_all(services)))


def is_in_use(services: Services, source: str, sha256: str) -> bool:
    """Return whether a delivery of this content is in use, to which a copy would add nothing.

    It is the source's newest one, or arrives together with the copy: the copy of an older one would
    undo what came between.
    """
    entries = Ledger(services.lake).entries(source)
    at = services.now.at if isinstance(services.now, SharedArrival) else None
    return any(
        each.state is State.IN_USE and sha256 in (each.sha256, each.known_as)
        for each in entries
        if each is entries[-1] or each.arrived == at
    )


def terms_of(services: Services) -> Terms:
    """Return the terms of a delivery that arrives now: keep its rows, and check its days against
    today."""
    arrived = services.now.at if isinstance(services.now, SharedArrival) else _after_all(services)
    today = institution_day(services.now())
    return Terms(arrived=arrived, today=today, seal=services.store.seal)


def _after_all(services: Services) -> dt.datetime:
    """Return now, or the next instant after the newest delivery: a clock may stand still or go
    back."""
    newest = max(_arrivals(Ledger(services.lake)), default=None)
    now = services.now()
    return now if newest is None or newest < now else newest + dt.timedelta(microseconds=1)


def _arrivals(ledger: Ledger) -> Iterator[dt.datetime]:
    """Yield when each known delivery arrived. A damaged record of one source does not stop the
    others."""
    for source in ledger.sources():
        with suppress(LakeError):
            yield from [each.arrived for each in ledger.entries(source)]


def read_as(
    services: Services,
    path: Path,
    source: str,
    terms: Terms,
    covers: Period | None = None,
    progress: Progress = no_progress,
) -> LoadReport:
    """Read a file as this source, judged by the roster as it is now."""
    with services.store.database.read() as connection:
        today = institution_day(services.now())
        modules = module_schools(connection)
        numbers = student_numbers(connection)
        students = dict(numbers)
        # Rows of formats were handed on for unknown people, who may be known by now.
        named = identifiers_by_system(connection, today)
        mailed = [(EMAIL, *each) for each in student_addresses(connection).items()]
        people = People(
            numbers,
            [
                *(Identifier(*each) for each in all_identifiers(connection)),
                *(
                    Identifier(nameless(system, name), students[number])
                    for system, name, number in (*named, *mailed)
                    if number in students
                ),
            ],
            services.settings.student_number_pattern,
            enrolled_students(connection) if terms.again else (),
        )
        zones, swipes = module_zones(connection, today), swipe_sources(connection, today)
    if source in swipes:
        # Only the day of a swipe is kept, never the place.
        without = replace(terms, seal=None)
        return load_swipes(services.lake, path, source, people, covers, progress, without)
    return events_csv.load_events(
        services.lake, path, source, people, modules, covers, progress, replace(terms, zones=zones)
    )


def read_again(services: Services, keep: Callable[[Entry, LoadReport], object]) -> None:
    """Read each kept delivery that had rows refused again, by the roster as it is now.

    Each replaces its own earlier result, as if today's roster had been known when it arrived, and
    is passed to ``keep``. One that cannot be read does not stop the others.

    Raises:
        LakeError: kept rows cannot be opened, or a delivery is damaged; after the others were read.
    """
    from worker.jobs.schools.kept_files import read_original

    ledger = Ledger(services.lake)
    sealed: list[int] = []

    def again(entry: Entry) -> None:
        is_refused = entry.left_out or entry.rejected > entry.torn
        if entry.state is State.WITHDRAWN or not is_refused:
            return
        try:
            if entry.original_kept:
                keep(entry, read_original(services, entry))
            elif entry.rows_kept:
                keep(entry, read_rows_again(services, entry))
        except SealBroken:
            sealed.append(entry.number)

    def again_from(source: str) -> None:
        do_all(ledger.entries(source), again)

    do_all(ledger.sources(), again_from)
    if sealed:
        raise LakeError(
            f"The kept rows of {counted(len(sealed), 'delivery', 'deliveries')}, the first of "
            f"them {sealed[0]}, cannot be opened with this key. Give the older "
            "key in ENCRYPTION_KEY, or load the files again."
        )


def forget_old_deliveries(services: Services) -> int:
    """Delete delivered rows past their retention; return the number of deliveries."""
    return forget_rows(Ledger(services.lake), services.now())


def read_rows_again(services: Services, entry: Entry) -> LoadReport:
    """Judge the kept rows of a delivery again. Raises ``SealBroken`` where the key does not fit."""
    ledger = Ledger(services.lake)
    reader = Original(
        entry.file, entry.known_as, entry.format, entry.reading,
        events.FORMAT.version if entry.format == events.FORMAT.key else entry.made_with,
        entry.left_out, services.now(),
    )  # fmt: skip
    terms = replace(terms_of_entry(services, entry), original=reader)
    sealed = ledger.folder(entry) / "rows.sealed"
    with (
        services.lake.workspace() as work,
        open_kept_rows(work, services.store.seal, sealed, entry.file) as plain,
    ):
        return read_as(services, plain, entry.source, terms, entry.declared)


def terms_of_entry(services: Services, entry: Entry) -> Terms:
    """Return the terms on which a delivery is read again, to replace it."""
    return Terms(
        arrived=entry.arrived,
        today=entry.judged_on,
        complete=entry.complete,
        schools=entry.schools,
        sha256=entry.sha256,
        polled=entry.polled,
        instead_of=entry.instead_of,
        covered=entry.covered if entry.polled else (),
        seal=services.store.seal,
        again=entry,
    )
