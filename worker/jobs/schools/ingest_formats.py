"""Files of any known format into the lake: recognised, joined with the roster, then loaded."""

from __future__ import annotations

import codecs
import gzip
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from integrations.bootstrap import Services
from integrations.feeds.csv_tables import KEPT, Rejections
from integrations.feeds.formats import (
    drafting,
    events,
    loading,
    mapping,
    modules,
    oneroster,
    people,
)
from integrations.feeds.formats.model import Declared
from integrations.feeds.formats.oneroster_files import RosterNumbers
from integrations.feeds.formats.opening import Opened, open_file
from integrations.feeds.formats.registry import recognise
from integrations.feeds.formats.times import declared_dates, declared_zone
from integrations.feeds.loading import LoadReport, Progress, no_progress, sha256_of
from integrations.feeds.manifest import DeliveryDeclaration as Said
from integrations.feeds.text_files import FeedError
from store.queries.schools import roster as queries
from store.queries.schools.feeds import swipe_sources
from store.queries.schools.staff import staff_addresses
from store.queries.students.identifiers import identifiers_by_system
from store.rules.calendar import INSTITUTION, institution_day
from store.rules.schools import RejectedRow
from store.rules.text.formatting import counted
from worker.jobs.schools import ingest as files
from worker.jobs.schools.feeds_folder import EVENT_FILES
from worker.jobs.schools.reading import read_as, terms_of

MAP_OF_PEOPLE = "a map of identifiers"


@dataclass(frozen=True, slots=True)
class FilePreview:
    """What a file is, and what would be read of it. ``notes`` are sentences on the whole."""

    name: str
    described: str
    summary: loading.Summary
    notes: tuple[str, ...] = ()


def look(
    services: Services, path: Path, declared: Declared, maps: tuple[Path, ...] = ()
) -> FilePreview:
    """Read a file without loading it. Raises ``FeedError`` where it cannot be used."""
    with _opened(path, declared) as (opened, scratch):
        if oneroster.recognises(opened):
            return _look_at_roster(services, opened, scratch, declared)
        if people.is_map(opened.first_rows):
            note = f"{len(people.identifiers(opened.path))} identifiers."
            empty = loading.Summary(oneroster.FORMAT)
            return FilePreview(MAP_OF_PEOPLE, opened.described, empty, (note,))
        reader = recognise(opened, _mappings(services))
        roster = _roster(services, (*_own_maps(opened), *maps))
        summary = loading.read(opened, reader, declared, roster)
        return FilePreview(reader.name, opened.described, summary)


def _look_at_roster(
    services: Services, opened: Opened, scratch: Path, declared: Declared
) -> FilePreview:
    """Read an archive of OneRoster without loading it."""
    (scratch / "roster").mkdir()
    known = _known(services, declared)
    found = oneroster.convert(opened, scratch / "roster", known, declared.dates)
    summary = loading.Summary(oneroster.FORMAT, refused=found.refused)
    summary.rejections = found.rejections
    counts = tuple(f"{name}: {counted(count, 'row')}." for name, count in found.rows.items())
    return FilePreview(oneroster.FORMAT.name, opened.described, summary, (*found.notes(), *counts))


def recognised(services: Services, path: Path, sheet: str = "") -> tuple[str, bool]:
    """Say what a file is, and whether it is activity of a source. Raises ``FeedError``."""
    with _opened(path, Declared(sheet=sheet)) as (opened, _):
        if oneroster.recognises(opened):
            return f"{oneroster.FORMAT.name} ({opened.described})", False
        if people.is_map(opened.first_rows):
            return f"{MAP_OF_PEOPLE} ({opened.described})", False
        found = recognise(opened, _mappings(services))
        return f"{found.name} ({opened.described})", True


def _is_plain(path: Path, opened: Opened, declared: Declared) -> bool:
    """Say whether a file is the event feed as documented, which is read without a detour."""
    as_named = path.name.endswith(EVENT_FILES) and declared.dates is None
    if path.suffix == ".parquet" or opened.is_parquet:
        return as_named and opened.is_parquet
    packed = opened.path != path
    return (
        as_named
        and packed == (path.suffix == ".gz")
        and not opened.is_workbook
        and opened.separator == ","
        and opened.head.startswith(b"student_number")
    )


def _own_maps(opened: Opened) -> tuple[Path, ...]:
    """The map of identifiers that a folder or an archive brings with it."""
    found = (opened.members.get(name) for name in ("studentidmap.csv", people.NAME))
    return tuple(path for path in found if path)


def _known(services: Services, declared: Declared) -> RosterNumbers:
    with services.store.database.read() as connection:
        return RosterNumbers(
            frozenset(number for number, _ in queries.student_numbers(connection)),
            frozenset(queries.module_schools(connection)),
            declared.level,
        )


def draft_mapping(services: Services, path: Path, sheet: str = "") -> Path:
    """Draft a mapping for a file; returns where it is. A mapping that is there stays as it is.

    Raises ``FeedError`` where the file is no table.
    """
    folder = services.settings.home / mapping.FOLDER
    target = folder / f"{path.name.partition('.')[0] or 'mapping'}.toml"
    with _opened(path, Declared(sheet=sheet)) as (opened, _):
        text = drafting.draft(opened)
    if target.exists():
        raise FeedError(
            f"There is a mapping {target} already. Check it and set confirmed = true, or move it "
            "away to draft another."
        )
    folder.mkdir(parents=True, exist_ok=True)
    target.write_text(text, encoding="utf-8")
    return target


def _mappings(services: Services) -> list[mapping.Mapped]:
    return mapping.load_mappings(services.settings.home / mapping.FOLDER)


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

    ``said`` is what is declared of the days and schools that it speaks for, ``known_as`` the
    digest by which it is known, where that is not the one of its content.
    """
    said = said or Said()
    with _opened(path, declared) as (opened, scratch):
        if oneroster.recognises(opened):
            return _ingest_roster(services, opened, scratch, declared)
        if people.is_map(opened.first_rows):
            return _ingest_map(services, opened.path, scratch)
        sha256 = sha256_of(*([path] if path.is_file() else sorted(opened.members.values())))
        reader = recognise(opened, _mappings(services))
        if reader is events.FORMAT and _is_plain(path, opened, declared):
            return files.ingest_events(
                services, path, source, said.covers, progress, said=said, sha256=known_as
            )
        if reader.swipes:
            _check_swipes(services, source)
        for each in _own_maps(opened):
            _ingest_map(services, each, scratch)
        rows = scratch / f"{path.stem}.csv"
        with rows.open("w", encoding="utf-8", newline="") as out:
            summary = loading.read(opened, reader, declared, _roster(services, maps), out)
        terms = replace(
            terms_of(services), sha256=sha256, complete=said.complete, schools=said.schools
        )
        report = read_as(services, rows, source, terms, said.covers, progress)
    report = _joined(report, summary, path.name)
    files.keep_report(services, path.name, known_as or sha256, report)
    return report


def is_other_format(services: Services, path: Path) -> bool:
    """Say whether a file is of a known format other than the event feed, by its content."""
    if _first_line(path).lstrip(codecs.BOM_UTF8).lower().startswith(b"student_number"):
        return False
    try:
        with _opened(path, Declared()) as (opened, _):
            return (
                oneroster.recognises(opened)
                or people.is_map(opened.first_rows)
                or recognise(opened, _mappings(services)) is not events.FORMAT
            )
    except FeedError:
        return False


def _first_line(path: Path) -> bytes:
    """The beginning of a file, unpacked where it is gzip; empty where it cannot be read."""
    opens = gzip.open if path.suffix == ".gz" else open
    try:
        with opens(path, "rb") as file:
            return bytes(file.read(200))
    except (OSError, EOFError, zlib.error):
        return b""


def declared_reading(said: Said) -> Declared:
    """Give what a manifest declares of the reading of a file. Raises ``FeedError``."""
    of = said.reading
    return Declared(
        declared_dates(of["dates"]) if of.get("dates") else None,
        declared_zone(of["zone"]) if of.get("zone") else INSTITUTION,
        of.get("module", ""),
        of.get("sheet", ""),
        of.get("level", ""),
    )


def _ingest_map(services: Services, path: Path, scratch: Path) -> LoadReport:
    """Load a map of identifiers as the roster's file of them."""
    folder = scratch / "map"
    folder.mkdir()
    people.write_map(path, folder / people.NAME)
    return files.ingest_roster(services, folder)


def _ingest_roster(
    services: Services, opened: Opened, scratch: Path, declared: Declared
) -> LoadReport:
    """Convert an archive of OneRoster, and load the roster that comes of it."""
    folder = scratch / opened.name.partition(".")[0]
    folder.mkdir()
    known = _known(services, declared)
    found = oneroster.convert(opened, folder, known, declared.dates)
    report = files.ingest_roster(services, folder)
    return replace(
        report,
        rejected=(*found.rejections.rows, *report.rejected)[:KEPT],
        rejected_total=found.rejections.total + report.rejected_total,
        notes=(*found.notes(), *report.notes),
    )


@contextmanager
def _opened(path: Path, declared: Declared) -> Iterator[tuple[Opened, Path]]:
    if not path.exists():
        raise FeedError(f"{path.name}: there is no such file.")
    with tempfile.TemporaryDirectory(prefix="lantern-") as scratch:
        yield open_file(path, Path(scratch), declared.sheet), Path(scratch)


def _roster(services: Services, maps: tuple[Path, ...]) -> loading.KnownRoster:
    """Everything that rows are joined with: the roster and the maps of identifiers."""
    home = services.settings.home
    with services.store.database.read() as connection:
        return loading.KnownRoster(
            people.known_people(
                (number for number, _ in queries.student_numbers(connection)),
                queries.student_addresses(connection),
                staff_addresses(connection),
                maps,
                queries.university_domains(connection),
                identifiers_by_system(connection, institution_day(services.now())),
            ),
            modules.known_modules(queries.module_schools(connection), (home / modules.NAME,)),
            queries.enrolled_modules(connection),
        )


def _joined(report: LoadReport, summary: loading.Summary, name: str) -> LoadReport:
    """Add what the reader left out, and give every line as the file has it."""
    rejections = Rejections()
    rejections.total = report.rejected_total + summary.rejections.total
    rejections.rows = sorted(
        [
            *summary.rejections.rows,
            *(
                RejectedRow(name, summary.lines[row.line - 2], row.reason)
                for row in report.rejected
            ),
        ],
        key=lambda row: row.line,
    )[:KEPT]
    passed = tuple(
        f"{counted(count, 'row')} left aside: {why}." for why, count in summary.passed.most_common()
    )
    return replace(
        report,
        rejected=tuple(rejections.rows),
        rejected_total=rejections.total,
        notes=(f"{counted(summary.events, 'event')} read.", *report.notes, *passed),
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
