"""Keep what was delivered, and read it again where its reader, or what voids it, has changed.

A delivery's facts follow from what is kept of it, its reader and the statements that deliveries of
its source void. ``Entry.made_with`` says with which they were made; where that is not today's any
more, they are made again, for all of its days.
"""

from __future__ import annotations

import csv
import tempfile
from array import array
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import NamedTuple

from integrations.activity.errors import LakeError
from integrations.bootstrap import Services
from integrations.feeds.csv_tables import Rejections
from integrations.feeds.formats.files.opening import Opened
from integrations.feeds.formats.keeping import Statements, kept_records, write_again
from integrations.feeds.formats.mappings.registers import format_of
from integrations.feeds.formats.matching import loading, modules
from integrations.feeds.formats.matching.known_roster import KnownRoster
from integrations.feeds.formats.matching.summary import Summary
from integrations.feeds.formats.model import Declared, Format
from integrations.feeds.formats.readers import events
from integrations.feeds.formats.registry import FORMATS
from integrations.feeds.ledger import originals
from integrations.feeds.ledger.deliveries import Entry, Ledger, State
from integrations.feeds.ledger.kept_rows import open_kept_rows
from integrations.feeds.ledger.originals import Original
from integrations.feeds.loading import LoadReport, sha256_of
from integrations.feeds.manifest import DeliveryDeclaration as Said
from store.actions.notices.troubles import Trouble
from store.encryption import SealBroken
from store.rules.errors import InvalidInput
from store.rules.model import TroubleKind
from store.rules.schools import RejectedRow
from worker.jobs.schools.reading import read_as, read_rows_again, terms_of_entry
from worker.jobs.schools.recognise_files import confirmed_mappings, known_roster
from worker.one_by_one import one_by_one

NOT_READ_AGAIN = "A kept delivery could not be read again by its changed reader. Its days stay."


class ReadFile(NamedTuple):
    """A file that was read: with what, and into what."""

    opened: Opened
    reader: Format
    declared: Declared
    roster: KnownRoster
    summary: Summary


def original_of(
    services: Services,
    read: ReadFile,
    scratch: Path,
    *,
    known_as: str = "",
    lines: Sequence[int] = (),
) -> Original:
    """Return what to keep of a file.

    ``lines`` are those of its records in the delivered file, where this is a copy of it.
    """
    opened, reader, declared, roster, summary = read
    statements, path, kept = Statements(), scratch / "original-records.csv", 0
    with path.open("w", encoding="utf-8", newline="") as out:
        write = csv.writer(out, lineterminator="\n").writerow
        for record, line, number, text in kept_records(
            opened, reader, declared, summary.fates, roster.people.named, statements
        ):
            write((record, lines[line - 1] if lines else line, number, text))
            kept += 1
    if plain := summary.plain:
        statements.ids += plain.digests()
    return Original(
        opened.name,
        known_as,
        reader.key,
        _reading(declared),
        _made_with(services, reader, originals.hit_by(declared.voided, statements.ids)),
        left_out=summary.rejections.total,
        records=path if kept or plain else None,
        plain=plain.records if plain else "",
        rows=summary.fates.rows,
        statements=statements.ids,
        voids=frozenset(statements.voids),
    )


def of_event_feed(name: str, known_as: str) -> Original:
    """Return how a file of the documented event feed is kept: by its rows."""
    return Original(name, known_as, events.FORMAT.key, {}, events.FORMAT.version)


def voided_in(services: Services, source: str) -> frozenset[bytes]:
    """Return the digests of all statements that deliveries of a source void."""
    ledger = Ledger(services.lake)
    return originals.voided_by(ledger.entries(source), ledger)


def read_changed(services: Services, source: str | None = None) -> None:
    """Make the facts again of each kept delivery that another reader made, or other voidings.

    One that fails does not stop the others; its days stay as they are.
    """
    ledger = Ledger(services.lake)
    one_by_one(
        services.store,
        TroubleKind.FILE,
        _entries(ledger, [source] if source else ledger.sources()),
        lambda entry: Trouble(TroubleKind.FILE, f"again:{entry.number}", NOT_READ_AGAIN),
        partial(_if_changed, services, ledger, _formats(services)),
    )


def read_delivery_again(services: Services, number: int) -> tuple[Entry, LoadReport]:
    """Make the facts of one delivery again from what is kept of it. Raises ``InvalidInput``."""
    entry = next((each for each in Ledger(services.lake).entries() if each.number == number), None)
    if entry is None:
        raise InvalidInput(
            f"There is no delivery {number}. To see all deliveries, run: lantern feeds list"
        )
    if entry.state is State.WITHDRAWN:
        raise InvalidInput(f"Delivery {number} was withdrawn. Load its file again.")
    if not entry.original_kept and not entry.rows_kept:
        raise InvalidInput(
            f"What delivery {number} brought is no longer kept. Load its file again."
        )
    return entry, _again(services, entry)


def read_original(services: Services, entry: Entry) -> LoadReport:
    """Read what is kept of a delivery's file, by today's reader and roster, to replace its facts.

    Raises ``FeedError`` where it cannot be read, ``InvalidInput`` where its format is no longer
    known, and ``SealBroken`` where the key does not fit.
    """
    from worker.jobs.schools.ingest_formats import declared_reading, with_left_out

    ledger = Ledger(services.lake)
    reader = _formats(services).get(entry.format)
    if reader is None:
        raise InvalidInput(
            f"Delivery {entry.number} was read as {entry.format}, which Lantern no longer reads. "
            "Restore its mapping, or load its file again."
        )
    voided = voided_in(services, entry.source)
    declared = replace(declared_reading(Said(reading=entry.reading)), voided=voided)
    with (
        tempfile.TemporaryDirectory(prefix="lantern-") as folder,
        services.lake.workspace() as work,
        open_kept_rows(work, services.store.seal, ledger.original(entry)) as plain,
    ):
        lines, texts = originals.texts_of(work, plain)
        opened = Opened(write_again(texts, Path(folder) / "again"), entry.file)
        if not opened.is_json:
            opened.separator = ","
        roster, rows = known_roster(services, ()), Path(folder) / "rows.csv"
        with rows.open("w", encoding="utf-8", newline="") as out:
            summary = loading.read_events(opened, reader, declared, roster, out, is_again=True)
        read = ReadFile(opened, reader, declared, roster, summary)
        original = original_of(
            services,
            read,
            Path(folder),
            known_as=entry.known_as,
            lines=lines,
        )
        original = replace(original, reading=entry.reading, read_at=services.now())
        terms = replace(terms_of_entry(services, entry), original=original)
        report = read_as(services, rows, entry.source, terms, entry.declared)
    return with_left_out(report, _as_delivered(summary, lines), entry.file)


def _again(services: Services, entry: Entry) -> LoadReport:
    from worker.jobs.schools.ingest import keep_report

    try:
        if entry.original_kept:
            report = read_original(services, entry)
        else:
            report = read_rows_again(services, entry)
    except SealBroken:
        raise LakeError(
            f"What delivery {entry.number} brought cannot be opened with this key. Give the older "
            "key in ENCRYPTION_KEY, or load its file again."
        ) from None
    keep_report(services, entry.file, entry.known_as or entry.sha256, report)
    return report


def _entries(ledger: Ledger, sources: Iterable[str]) -> Iterator[Entry]:
    """Yield the kept deliveries; a damaged record of one source does not stop the others."""
    for source in sources:
        with suppress(LakeError):
            for entry in ledger.entries(source):
                if entry.state is not State.WITHDRAWN and (entry.original_kept or entry.rows_kept):
                    yield entry


def _if_changed(
    services: Services, ledger: Ledger, formats: dict[str, Format], entry: Entry
) -> None:
    reader = formats.get(entry.format)
    if reader is None:
        return
    made_with = reader.version
    if entry.original_kept:
        voided = voided_in(services, entry.source)
        statements = originals.statements_of(ledger, entry) if voided else []
        made_with = _made_with(services, reader, originals.hit_by(voided, statements))
    if made_with != entry.made_with:
        _again(services, entry)


def _made_with(services: Services, reader: Format, hit: str) -> str:
    """Return what stands for a reader, the map of modules that it was used with, and voidings."""
    home = services.settings.home / modules.NAME
    known = sha256_of(home)[:8] if home.is_file() else ""
    return " ".join((reader.version, known, hit)).rstrip()


def _formats(services: Services) -> dict[str, Format]:
    mapped = map(format_of, confirmed_mappings(services).tables)
    return {each.key: each for each in (*FORMATS, *mapped)}


def _reading(declared: Declared) -> dict[str, str]:
    said = {
        "dates": declared.dates.declared if declared.dates else "",
        "zone": str(declared.zone),
        "module": declared.module,
    }
    return {name: value for name, value in said.items() if value}


def _as_delivered(summary: Summary, lines: Sequence[int]) -> Summary:
    """Return the summary with the lines of the delivered file, instead of those of its copy."""
    found = Rejections(summary.rejections.total)
    found.rows = [
        RejectedRow(row.file, lines[row.line - 1], row.reason) for row in summary.rejections.rows
    ]
    return replace(
        summary,
        lines=array("L", (lines[line - 1] for line in summary.lines)),
        rejections=found,
    )
