"""Files into the system: rosters into the store, activity into the lake, reports beside both."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import replace
from functools import partial
from pathlib import Path

import structlog

from integrations.bootstrap import Services
from integrations.feeds import events_csv, oulad, roster_csv
from integrations.feeds.card_swipes import load_swipes
from integrations.feeds.formats import people
from integrations.feeds.loading import LoadReport, Period, Progress, no_progress
from integrations.feeds.oulad_files import SCHOOL
from integrations.feeds.people import People
from integrations.feeds.roster_csv import RosterDelivery
from integrations.feeds.text_files import FeedError
from store.actions.notices.troubles import Trouble
from store.actions.schools.channels import ensure_sandbox_channels
from store.actions.schools.load_roster import load_roster
from store.actions.schools.record_ingest import Ingest, record_ingest, was_loaded
from store.policies.document import default_document
from store.policies.versions import policy_in_force, publish
from store.queries.schools.feeds import module_zones, swipe_sources
from store.queries.schools.roster import module_schools, school_codes, student_numbers
from store.queries.schools.staff import all_schools
from store.rules.calendar import institution_day
from store.rules.model import MarkerFamily, Role, TroubleKind
from store.rules.policies.policy import Marker
from store.rules.schools import StaffEntry
from worker.one_by_one import one_by_one

EVENT_FILES = (".csv", ".csv.gz", ".parquet")

log = structlog.get_logger(__name__)


def ingest_roster(services: Services, folder: Path) -> LoadReport:
    """Load a folder of roster files; see ``integrations.feeds.roster_csv`` for the columns."""
    with services.store.database.read() as connection:
        known = roster_csv.Known(
            schools=school_codes(connection),
            modules=frozenset(module_schools(connection)),
            numbers=frozenset(number for number, _ in student_numbers(connection)),
        )
    report = _load(services, "roster", roster_csv.read_roster(folder, known))
    if (folder / people.NAME).is_file():
        people.save_identifiers(folder / people.NAME, services.settings.home)
    _keep(services, folder.name, _digest(*sorted(folder.glob("*.csv"))), report)
    return report


def ingest_events(
    services: Services,
    path: Path,
    source: str,
    covers: Period | None = None,
    progress: Progress = no_progress,
) -> LoadReport:
    """Load a file of events as ``source``; loading it again changes nothing."""
    with services.store.database.read() as connection:
        people = People(student_numbers(connection))
        today = institution_day(services.now())
        zones, swipes = module_zones(connection, today), swipe_sources(connection, today)
    if source in swipes:
        report = load_swipes(services.lake, path, source, people, covers, progress)
    else:
        report = events_csv.load_events(
            services.lake, path, source, people, zones, covers, progress
        )
    _keep(services, path.name, _digest(path), report)
    return report


def ingest_new_files(services: Services) -> None:
    """Load every file in ``<home>/feeds/<source>/`` that has not been loaded yet.

    One bad file keeps no other from being loaded: what is wrong with it is recorded.
    """
    folder = services.settings.home / "feeds"
    files = (path for path in sorted(folder.glob("*/*")) if path.name.endswith(EVENT_FILES))
    named = partial(Trouble, TroubleKind.FILE)
    one_by_one(
        services.store,
        TroubleKind.FILE,
        files,
        lambda path: named(f"{path.parent.name}/{path.name}"),
        partial(_ingest_new, services),
    )


def _ingest_new(services: Services, path: Path) -> None:
    """Load one file, unless its very content was. What is wrong with its content is recorded, and
    asked again when the content is another; what stands in the way otherwise is noted."""
    source, digest = path.parent.name, _digest(path) if path.is_file() else ""
    if was_loaded(services.store, source, digest):
        return
    try:
        ingest_events(services, path, source)
    except FeedError as error:
        log.warning("feed file not loaded", source=source, file=path.name)
        trouble = Ingest(source, path.name, digest, 0, 0, trouble=error.sentence)
        record_ingest(services.store, trouble)


def forget_swipes(services: Services, day: dt.date) -> int:
    """Card swipes go after the days that the schools set; returns how many files went."""
    with services.store.database.read() as connection:
        kept = swipe_sources(connection, day)
    gone: list[int] = []

    def forget(source: str) -> None:
        before = day - dt.timedelta(days=kept[source])
        gone.append(services.lake.remove_before(before, source))

    def named(source: str) -> Trouble:
        return Trouble(TroubleKind.FILE, f"{source}: old swipes")

    one_by_one(services.store, TroubleKind.FILE, kept, named, forget)
    return sum(gone)


def ingest_oulad(
    services: Services, folder: Path, start: dt.date, progress: Progress = no_progress
) -> list[LoadReport]:
    """Load an Open University Learning Analytics folder, its day 0 being ``start``.

    Its school gets three invented colleagues to act as in the sandbox, and the default policy,
    unless one was published for it before.
    """
    delivery = oulad.read_oulad(folder, start)
    with_staff = replace(delivery.roster, staff=_COLLEAGUES)
    reports = [_load(services, "oulad-roster", replace(delivery, roster=with_staff))]
    _publish_default(services, start)
    with services.store.database.read() as connection:
        students = student_numbers(connection)
    reports += oulad.load_oulad(services.lake, folder, start, students, progress)
    digest = _digest(*sorted(folder.glob("*.csv*")))
    for report in reports:
        _keep(services, folder.name, digest, report)
    return reports


_COLLEAGUES = tuple(
    StaffEntry(
        email=f"{user}@oulad.example",
        name=f"{user.capitalize()} Example",
        roles=((SCHOOL, role),),
        sandbox_user=user,
    )
    for user, role in (
        ("alice", Role.ADVISER),
        ("bob", Role.STUDENT_SUPPORT_OFFICER),
        ("lena", Role.ENGAGEMENT_LEAD),
    )
)


def _load(services: Services, source: str, delivery: RosterDelivery) -> LoadReport:
    roster = delivery.roster
    load_roster(services.store, roster)
    ensure_sandbox_channels(services.store)
    accepted = sum(
        map(len, (roster.schools, roster.staff, roster.modules, roster.students, roster.enrolments))
    )
    return LoadReport(
        source, (), accepted, delivery.rejected, delivery.rejected_total, delivery.notes
    )


def _publish_default(services: Services, start: dt.date) -> None:
    with services.store.database.read() as connection:
        school = next(s for s in all_schools(connection) if s.code == SCHOOL)
        if policy_in_force(connection, school.id, dt.date.max):
            return
    markers = [
        Marker(MarkerFamily.VLE, (oulad.VLE,)),
        Marker(MarkerFamily.SUBMISSIONS, (oulad.ASSESSMENTS,)),
    ]
    document = default_document(SCHOOL, "engagement@oulad.example", start, markers)
    publish(services.store, document, "the default policy", actor="system:oulad")


def _keep(services: Services, file: str, digest: str, report: LoadReport) -> None:
    record_ingest(
        services.store,
        Ingest(
            source=report.source,
            file=file,
            sha256=digest,
            accepted=report.accepted,
            rejected=report.rejected_total,
            rows=report.rejected,
        ),
    )


def _digest(*paths: Path) -> str:
    whole = hashlib.sha256()
    for path in paths:
        with path.open("rb") as file:
            whole.update(hashlib.file_digest(file, "sha256").digest())
    return whole.hexdigest()
