"""Load files of any known format: recognise them, join them with the roster, fill the lake."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from integrations.bootstrap import Services
from integrations.feeds.csv_tables import KEPT, Rejections
from integrations.feeds.formats.files.opening import Opened
from integrations.feeds.formats.matching import loading, people
from integrations.feeds.formats.matching.summary import Summary
from integrations.feeds.formats.model import Declared
from integrations.feeds.formats.plain.statements import find_plain
from integrations.feeds.formats.readers import events
from integrations.feeds.formats.registry import RosterFormat, recognise, recognise_roster
from integrations.feeds.formats.times import declared_dates, declared_zone
from integrations.feeds.loading import LoadReport, Progress, no_progress, sha256_of
from integrations.feeds.manifest import DeliveryDeclaration as Said
from integrations.feeds.text_files import FeedError
from store.queries.schools.feeds import swipe_sources
from store.rules.calendar import INSTITUTION, institution_day
from store.rules.schools import RejectedRow
from store.rules.text.formatting import counted
from worker.jobs.schools import ingest as files
from worker.jobs.schools.kept_files import ReadFile, original_of, read_changed, voided_in
from worker.jobs.schools.reading import read_as, terms_of
from worker.jobs.schools.recognise_files import (
    confirmed_mappings,
    is_event_feed,
    known_numbers,
    known_roster,
    open_delivered,
    own_maps,
)


def ingest_file(
    services: Services,
    path: Path,
    source: str,
    declared: Declared,
    maps: tuple[Path, ...] = (),
    progress: Progress = no_progress,
    said: Said | None = None,
    *,
    known_as: str = "",
) -> LoadReport:
    """Load a file of any known format as ``source``. Raises ``FeedError``.

    ``said`` declares the days and schools that it covers. ``known_as`` is the digest under which
    it is recorded, where that is not the digest of its content.
    """
    said = said or Said()
    with open_delivered(path, declared) as (opened, scratch):
        if roster := recognise_roster(opened, confirmed_mappings(services)):
            return _ingest_roster(services, roster, opened, scratch, declared)
        if people.is_map(opened.first_rows):
            return _ingest_map(services, opened.path, scratch)
        sha256 = sha256_of(*([path] if path.is_file() else sorted(opened.members.values())))
        reader = recognise(opened, confirmed_mappings(services))
        if reader is events.FORMAT and is_event_feed(path, opened, declared):
            return files.ingest_events(
                services, path, source, said.covers, progress, said=said, sha256=known_as
            )
        if reader.swipes:
            _check_swipes(services, source)
        for each in own_maps(opened):
            _ingest_map(services, each, scratch)
        declared = replace(declared, voided=voided_in(services, source))
        rows, known = scratch / f"{path.stem}.csv", known_roster(services, maps)
        plain = find_plain(opened, reader, declared, known.people, known.modules, scratch)
        with rows.open("w", encoding="utf-8", newline="") as out:
            summary = loading.read_events(opened, reader, declared, known, out, plain=plain)
        remarks = opened.remarks
        read = ReadFile(opened, reader, declared, known, summary)
        original = original_of(services, read, scratch, known_as=known_as)
        if maps:  # They are not kept, and without them its people are unknown.
            original = replace(original, records=None)
        terms = replace(
            terms_of(services),
            sha256=sha256,
            complete=said.complete,
            schools=said.schools,
            original=original,
        )
        report = read_as(services, rows, source, terms, said.covers, progress)
    report = with_left_out(report, summary, path.name)
    report = replace(report, notes=(*remarks, *report.notes))
    files.keep_report(services, path.name, known_as or sha256, report)
    if original.voids:
        read_changed(services, source)
    return report


def declared_reading(said: Said) -> Declared:
    """Return how a manifest says to read a file. Raises ``FeedError``."""
    of = said.reading
    return Declared(
        declared_dates(of["dates"]) if of.get("dates") else None,
        declared_zone(of["zone"]) if of.get("zone") else INSTITUTION,
        of.get("module", ""),
        of.get("sheet", ""),
        of.get("level", ""),
    )


def _ingest_map(services: Services, path: Path, scratch: Path) -> LoadReport:
    """Load a map of identifiers, like the roster's own file of identifiers."""
    folder = scratch / "map"
    folder.mkdir()
    people.write_map(path, folder / people.NAME)
    return files.ingest_roster(services, folder)


def _ingest_roster(
    services: Services, roster: RosterFormat, opened: Opened, scratch: Path, declared: Declared
) -> LoadReport:
    """Convert an archive of people to a roster, and load that."""
    folder = scratch / opened.name.partition(".")[0]
    folder.mkdir()
    known = known_numbers(services, declared)
    found = roster.convert(opened, folder, known, declared.dates)
    report = files.ingest_roster(services, folder)
    return replace(
        report,
        rejected=(*found.rejections.rows, *report.rejected)[:KEPT],
        rejected_total=found.rejections.total + report.rejected_total,
        notes=(*found.notes(), *report.notes),
    )


def with_left_out(report: LoadReport, summary: Summary, name: str) -> LoadReport:
    """Add the rows that the reader left out, and give line numbers as in the file."""
    rejections = Rejections()
    handed_on = min(len(summary.handed_on), report.rejected_total)
    rejections.total = report.rejected_total - handed_on + summary.rejections.total
    rejections.rows = sorted(
        [
            *summary.rejections.rows,
            *(
                RejectedRow(name, summary.lines[row.line - 2], row.reason)
                for row in report.rejected
                if row.line not in summary.handed_on
            ),
        ],
        key=lambda row: row.line,
    )[:KEPT]
    passed = tuple(
        f"{counted(count, 'row')} left aside: {why}." for why, count in summary.passed.most_common()
    )
    repaired = tuple(
        f"{counted(count, 'student number is', 'student numbers are')} written otherwise: {how}."
        for how, count in summary.repaired.most_common()
    )
    notes = (f"{counted(summary.events, 'event')} read.", *repaired, *report.notes, *passed)
    return replace(
        report,
        rejected=tuple(rejections.rows),
        rejected_total=rejections.total,
        notes=notes,
    )


def _check_swipes(services: Services, source: str) -> None:
    with services.store.database.read() as connection:
        allowed = swipe_sources(connection, institution_day(services.now()))
    if source not in allowed:
        known = ", ".join(sorted(allowed)) or "none yet"
        raise FeedError(
            f"These are card swipes, and no school's policy has {source} as a source of them "
            f"(known: {known}). Nothing was loaded."
        )
