"""Load files: rosters into the store, activity into the lake, and a report of each load."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

import structlog

from integrations.bootstrap import Services
from integrations.feeds.groups import is_groups_file
from integrations.feeds.ledger import privacy as ledger_privacy
from integrations.feeds.ledger.deliveries import Ledger
from integrations.feeds.loading import LoadReport, Period, Progress, no_progress, sha256_of
from integrations.feeds.manifest import DeliveryDeclaration, declared
from integrations.feeds.roster.csv_folder import read_roster
from integrations.feeds.roster.delivery import Known, RosterDelivery
from integrations.feeds.roster.renumbered import KnownAddress, full_name
from integrations.feeds.text_files import FeedError
from store.actions.notices.troubles import Trouble
from store.actions.privacy.erasure_blockers import students_kept
from store.actions.privacy.retention import record_old_activity
from store.actions.schools.channels import ensure_sandbox_channels
from store.actions.schools.follow_directory import forget_directory
from store.actions.schools.load_roster import load_roster
from store.actions.schools.record_ingest import Ingest, is_newest, record_copy, record_ingest
from store.queries.schools.directory import known_colleagues
from store.queries.schools.feeds import swipe_sources
from store.queries.schools.lost_access import lost_access
from store.queries.schools.roster import module_schools, school_codes, student_numbers
from store.queries.schools.staff import staff_addresses
from store.queries.students.identifiers import (
    all_identifiers,
    former_numbers,
    identifiers_by_system,
    mailboxes,
)
from store.rules.calendar import institution_day
from store.rules.model import TroubleKind
from store.rules.text.formatting import counted
from worker.jobs.schools.feeds_folder import (
    EVENT_FILES,
    FoundFile,
    found_in,
    not_looked_at,
    with_manifest,
)
from worker.jobs.schools.kept_files import of_event_feed
from worker.jobs.schools.reading import (
    arriving_together,
    is_in_use,
    read_again,
    read_as,
    terms_of,
)
from worker.jobs.schools.recognise_files import is_other_format
from worker.one_by_one import one_by_one

log = structlog.get_logger(__name__)

SAID_EVERY = 15
"""Seconds between two lines of progress in the log."""


def ingest_roster(
    services: Services, folder: Path, *, complete: bool = False, confirmed: int | None = None
) -> LoadReport:
    """Load a folder of roster files; see ``integrations.feeds.roster.csv_folder`` for the columns.

    ``complete``: students who are not in it have left. Where this ends many enrolments,
    ``confirmed`` has to be their number.
    """
    named = _identifiers(services)
    with services.store.database.read() as connection:
        known = Known(
            schools=school_codes(connection),
            modules=frozenset(module_schools(connection)),
            numbers=frozenset(number for number, _ in student_numbers(connection)),
            staff=staff_addresses(connection),
            mailboxes={
                address.casefold(): KnownAddress(number, full_name(given, family))
                for address, number, given, family in mailboxes(connection)
            },
            former=former_numbers(connection),
            pattern=services.settings.student_number_pattern,
            today=institution_day(services.now()),
        )
    delivery = read_roster(folder, known, complete=complete)
    report = load_delivery(services, "roster", delivery, confirmed)
    report = replace(report, notes=(*report.notes, *_not_named(delivery, known)))
    read = sorted(path for path in folder.iterdir() if path.is_file())
    keep_report(services, folder.name, sha256_of(*read), report)
    _try_again(services, known, named)
    return report


def _not_named(delivery: RosterDelivery, known: Known) -> list[str]:
    """Note the known students who are missing from a delivery that has most of them."""
    named = {each.number for each in delivery.roster.students}
    missing = set(known.numbers) - named - {old for old, _ in delivery.roster.renumbered}
    if delivery.roster.complete or not missing or 2 * len(missing) >= len(known.numbers):
        return []
    return [
        f"students.csv: {len(missing)} of {counted(len(known.numbers), 'known student')} are not "
        "in it. They stay as they are. If this is the whole roster, load it with --complete: they "
        "have left."
    ]


def _identifiers(services: Services) -> Collection[object]:
    """Return every name by which students are known in other systems today."""
    today = institution_day(services.now())
    with services.store.database.read() as connection:
        return {*all_identifiers(connection), *identifiers_by_system(connection, today)}


def _try_again(services: Services, known: Known, named: Collection[object]) -> None:
    """Read refused rows again, where the roster has new students, modules or identifiers."""
    with services.store.database.read() as connection:
        numbers = frozenset(number for number, _ in student_numbers(connection))
        modules = frozenset(module_schools(connection))
    is_same = numbers.issubset(known.numbers) and modules.issubset(known.modules)
    if is_same and _identifiers(services) == named:
        return
    read_again(
        services, lambda entry, report: keep_report(services, entry.file, entry.sha256, report)
    )


def ingest_events(
    services: Services,
    path: Path,
    source: str,
    covers: Period | None = None,
    progress: Progress = no_progress,
    *,
    said: DeliveryDeclaration | None = None,
    sha256: str = "",
    today: dt.date | None = None,
) -> LoadReport:
    """Load a file of events as ``source``; loading it again changes nothing.

    ``said`` is its declaration, ``sha256`` the digest of its content where that is known already,
    and ``today`` the day on which it counts as having arrived, where that is not today.
    """
    if not sha256 and path.is_file():
        sha256 = sha256_of(path)
    original = of_event_feed(path.name, sha256)
    terms = replace(terms_of(services), sha256=sha256, original=original)
    if said:
        terms = replace(terms, complete=said.complete, schools=said.schools)
    if today:
        terms = replace(terms, today=today)
    report = read_as(services, path, source, terms, covers, progress)
    keep_report(services, path.name, sha256, report)
    return report


def ingest_new_files(services: Services) -> None:
    """Load every file in ``<home>/feeds/<source>/`` whose content has not been loaded yet.

    One bad file does not stop the others. What is wrong with a file is recorded, and so is why a
    file is ignored. A long folder says in the log how far it is.
    """
    folder = services.settings.home / "feeds"
    named = partial(Trouble, TroubleKind.FILE)
    one_by_one(
        services.store,
        TroubleKind.FILE,
        _with_progress(list(found_in(folder))),
        lambda found: named(str(found.path.relative_to(folder))),
        partial(_ingest_new, arriving_together(services), set()),
    )


def _with_progress(files: Sequence[FoundFile]) -> Iterator[FoundFile]:
    """Yield each file; say in the log from time to time how many are done."""
    said = time.monotonic()
    for done, found in enumerate(files):
        if time.monotonic() - said > SAID_EVERY:
            log.info("loading the feeds folder", done=done, files=len(files))
            said = time.monotonic()
        yield found


def _ingest_new(services: Services, read: set[tuple[str, str, str]], found: FoundFile) -> None:
    """Load one file, unless its current content was loaded. A fault in the content is recorded, and
    the file is tried again once it has changed; any other error is recorded as a problem and
    retried.

    ``read`` holds the source, digest and suffix of each file that this run has read: a copy of one
    is not read again.
    """
    path, source = found.path, found.source
    sha256 = with_manifest(path) if path.is_file() else ""
    if is_newest(services.store, source, path.name, sha256):
        return
    content = (source, sha256, path.suffix)
    is_copy = content in read and is_in_use(services, source, sha256)
    if is_copy and record_copy(services.store, source, path.name, sha256):
        return
    try:
        if found.why_not:
            raise not_looked_at(found)
        if is_groups_file(path):
            raise FeedError(
                f"{path.name} is a file of groups, which are no activity. Load it with "
                "lantern ingest groups, and delete it here."
            )
        _as_declared(services, path, source, sha256)
        read.add(content)
    except FeedError as error:
        log.warning("feed file not loaded", source=source, file=path.name)
        trouble = Ingest(source, path.name, sha256, 0, 0, trouble=error.sentence)
        record_ingest(services.store, trouble)


def _as_declared(services: Services, path: Path, source: str, sha256: str) -> None:
    from worker.jobs.schools import ingest_formats

    with services.store.database.read() as connection:
        schools = sorted(school_codes(connection))
    said = declared(path, institution_day(services.now()), schools)
    if _is_events(services, path):
        if said == DeliveryDeclaration():
            ingest_events(services, path, source)
        else:
            ingest_events(services, path, source, said.covers, said=said, sha256=sha256)
        return
    reading = ingest_formats.declared_reading(said)
    ingest_formats.ingest_file(services, path, source, reading, said=said, known_as=sha256)


def _is_events(services: Services, path: Path) -> bool:
    """Return whether to read a file as the event feed: by its content, else by its name."""
    return path.name.endswith(EVENT_FILES) and not is_other_format(services, path)


def forget_swipes(services: Services, day: dt.date) -> int:
    """Delete card swipes older than the schools' retention; return the number of deleted files.

    Those of students whose data no period deletes now are kept. An open case is no reason.
    """
    with services.store.database.read() as connection:
        kept, keep = swipe_sources(connection, day), students_kept(connection)
    gone: list[int] = []

    def forget(source: str) -> None:
        before = day - dt.timedelta(days=kept[source])
        ledger_privacy.forget_before(Ledger(services.lake), source, before, keep)
        gone.append(services.lake.remove_before(before, source, keep))

    def named(source: str) -> Trouble:
        return Trouble(TroubleKind.FILE, f"{source}: old swipes")

    try:
        one_by_one(services.store, TroubleKind.FILE, kept, named, forget)
    finally:
        record_old_activity(services.store, sum(gone), "swipes")
    return sum(gone)


def load_delivery(
    services: Services, source: str, delivery: RosterDelivery, confirmed: int | None = None
) -> LoadReport:
    """Load a delivery of roster data into the store, and report on it."""
    roster = delivery.roster
    if services.directory is None:
        forget_directory(services.store)
    with services.store.database.read() as connection:
        before = known_colleagues(connection)
    load_roster(services.store, roster, confirmed=confirmed)
    with services.store.database.read() as connection:
        lost = lost_access(connection, before, known_colleagues(connection))
        notes = (*delivery.notes, *lost)
    ensure_sandbox_channels(services.store)
    people = (roster.staff, roster.students, roster.enrolments, roster.identifiers)
    accepted = sum(map(len, (roster.schools, roster.modules, *people)))
    return LoadReport(source, (), accepted, delivery.rejected, delivery.rejected_total, notes)


def keep_report(services: Services, file: str, sha256: str, report: LoadReport) -> None:
    """Record the report of a load; a load without any row is recorded as a problem."""
    trouble = report.waiting
    if not trouble and not report.accepted and not report.days:
        trouble = _nothing_of(file, report)
    record_ingest(
        services.store,
        Ingest(
            source=report.source,
            file=file,
            sha256=sha256,
            accepted=report.accepted,
            rejected=report.rejected_total,
            rows=report.rejected,
            trouble=trouble,
        ),
    )


def _nothing_of(file: str, report: LoadReport) -> str:
    """Say that nothing of a file was loaded, and why: a load without rows is never silent."""
    if not report.rejected_total:
        return f"{file} has no rows. If nothing happened, say which days it covers."
    why = f" The first: {report.rejected[0].reason}." if report.rejected else ""
    refused = counted(report.rejected_total, "row")
    return f"Nothing of {file} was loaded: {refused} refused.{why} Correct it and load it again."
