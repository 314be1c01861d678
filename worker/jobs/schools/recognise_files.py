"""Recognise delivered files: their format, what would be read, and how people are matched."""

from __future__ import annotations

import codecs
import gzip
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from integrations.bootstrap import Services
from integrations.feeds.formats.files.opening import Opened, open_file
from integrations.feeds.formats.mappings import drafting, mapping
from integrations.feeds.formats.matching import loading, modules, people
from integrations.feeds.formats.matching.known_roster import KnownRoster
from integrations.feeds.formats.matching.summary import Summary
from integrations.feeds.formats.model import Declared
from integrations.feeds.formats.plain.statements import find_plain
from integrations.feeds.formats.readers import events
from integrations.feeds.formats.readers.roster_files import RosterNumbers
from integrations.feeds.formats.registry import (
    CONVERTED,
    RosterFormat,
    recognise,
    recognise_roster,
)
from integrations.feeds.text_files import FeedError, refuse_pipe
from store.queries.schools import roster as queries
from store.queries.schools.staff import staff_addresses
from store.queries.students.identifiers import identifiers_by_system
from store.rules.calendar import institution_day
from store.rules.text.formatting import counted
from worker.jobs.schools.feeds_folder import EVENT_FILES

MAP_OF_PEOPLE = "a map of identifiers"


@dataclass(frozen=True, slots=True)
class FilePreview:
    """A file's format, and what would be read from it. ``notes`` are sentences about the whole
    file."""

    name: str
    described: str
    summary: Summary
    notes: tuple[str, ...] = ()


def preview_file(
    services: Services, path: Path, declared: Declared, maps: tuple[Path, ...] = ()
) -> FilePreview:
    """Read a file without loading it. Raises ``FeedError`` where it cannot be used."""
    with open_delivered(path, declared) as (opened, scratch):
        if found := recognise_roster(opened, confirmed_mappings(services)):
            return _preview_roster(services, found, opened, scratch, declared)
        if people.is_map(opened.first_rows):
            note = f"{counted(len(people.read_identifiers(opened.path)), 'identifier')}."
            empty = Summary(CONVERTED[0].format)
            return FilePreview(MAP_OF_PEOPLE, opened.described, empty, (note,))
        reader = recognise(opened, confirmed_mappings(services))
        roster = known_roster(services, (*own_maps(opened), *maps))
        plain = find_plain(opened, reader, declared, roster.people, roster.modules, scratch)
        summary = loading.read_events(opened, reader, declared, roster, plain=plain)
        return FilePreview(reader.name, opened.described, summary, tuple(opened.remarks))


def _preview_roster(
    services: Services, roster: RosterFormat, opened: Opened, scratch: Path, declared: Declared
) -> FilePreview:
    """Read an archive of people without loading it."""
    (scratch / "roster").mkdir()
    known = known_numbers(services, declared)
    found = roster.convert(opened, scratch / "roster", known, declared.dates)
    summary = Summary(roster.format, refused=found.refused)
    summary.rejections = found.rejections
    counts = tuple(f"{name}: {counted(count, 'row')}." for name, count in found.rows.items())
    return FilePreview(roster.format.name, opened.described, summary, (*found.notes(), *counts))


def recognise_file(services: Services, path: Path, sheet: str = "") -> tuple[str, bool]:
    """Return a file's format in words, and whether it is activity of a source. Raises
    ``FeedError``."""
    with open_delivered(path, Declared(sheet=sheet)) as (opened, _):
        if roster := recognise_roster(opened, confirmed_mappings(services)):
            return f"{roster.format.name} ({opened.described})", False
        if people.is_map(opened.first_rows):
            return f"{MAP_OF_PEOPLE} ({opened.described})", False
        found = recognise(opened, confirmed_mappings(services))
        return f"{found.name} ({opened.described})", True


def is_other_format(services: Services, path: Path) -> bool:
    """Return whether a file is of a known format other than the event feed, by its content."""
    if _first_line(path).lstrip(codecs.BOM_UTF8).lower().startswith(b"student_number"):
        return False
    try:
        with open_delivered(path, Declared()) as (opened, _):
            return (
                recognise_roster(opened, confirmed_mappings(services)) is not None
                or people.is_map(opened.first_rows)
                or recognise(opened, confirmed_mappings(services)) is not events.FORMAT
                or not events.has_header_first(opened)
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


def is_event_feed(path: Path, opened: Opened, declared: Declared) -> bool:
    """Return whether a file is in the documented format of the event feed, which needs no
    conversion."""
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


def write_mapping_draft(services: Services, path: Path, sheet: str = "") -> Path:
    """Draft a mapping for a file, and return its path. An existing mapping is never overwritten.

    Raises ``FeedError`` where the file is not a table.
    """
    folder = services.settings.home / mapping.FOLDER
    target = folder / f"{path.name.partition('.')[0] or 'mapping'}.toml"
    with open_delivered(path, Declared(sheet=sheet)) as (opened, _):
        text = drafting.draft_mapping(opened)
    if target.exists():
        raise FeedError(
            f"There is a mapping {target} already. Check it and set confirmed = true, or move it "
            "away to draft another."
        )
    folder.mkdir(parents=True, exist_ok=True)
    target.write_text(text, encoding="utf-8")
    return target


def confirmed_mappings(services: Services) -> mapping.Mappings:
    """Load the confirmed mappings for tables in no known format."""
    return mapping.load_mappings(services.settings.home / mapping.FOLDER)


def own_maps(opened: Opened) -> tuple[Path, ...]:
    """Find the map of identifiers in a folder or an archive."""
    found = (opened.members.get(name) for name in ("studentidmap.csv", people.NAME))
    return tuple(path for path in found if path)


def known_numbers(services: Services, declared: Declared) -> RosterNumbers:
    """Read the student numbers and modules with which a OneRoster archive is compared."""
    with services.store.database.read() as connection:
        return RosterNumbers(
            frozenset(number for number, _ in queries.student_numbers(connection)),
            frozenset(queries.module_schools(connection)),
            declared.level,
            {
                number: {module: starts for module, starts, ends in of if ends is None}
                for number, of in queries.enrolled_modules(connection).items()
            },
        )


def known_roster(services: Services, maps: tuple[Path, ...]) -> KnownRoster:
    """Read the roster and the maps of identifiers, with which rows are joined."""
    home = services.settings.home
    with services.store.database.read() as connection:
        return KnownRoster(
            people.known_people(
                (number for number, _ in queries.student_numbers(connection)),
                queries.student_addresses(connection),
                staff_addresses(connection),
                maps,
                queries.university_domains(connection),
                identifiers_by_system(connection, institution_day(services.now())),
                services.settings.student_number_pattern,
            ),
            modules.known_modules(queries.module_schools(connection), (home / modules.NAME,)),
            queries.enrolled_modules(connection),
        )


@contextmanager
def open_delivered(path: Path, declared: Declared) -> Iterator[tuple[Opened, Path]]:
    """Open a file, and a folder for what is unpacked from it, which is deleted at the end.

    Raises ``FeedError`` where there is no such file, or it cannot be opened.
    """
    if not path.exists():
        raise FeedError(f"{path.name}: there is no such file.")
    refuse_pipe(path)
    with tempfile.TemporaryDirectory(prefix="lantern-") as scratch:
        yield open_file(path, Path(scratch), declared.sheet), Path(scratch)
