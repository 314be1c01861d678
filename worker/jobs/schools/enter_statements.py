"""Read statements that a source gave, by poll or request, and enter them as one delivery."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from integrations.bootstrap import Services
from integrations.feeds import polls
from integrations.feeds.formats.files.opening import Opened
from integrations.feeds.formats.matching import loading
from integrations.feeds.formats.matching.summary import Summary
from integrations.feeds.formats.model import Format
from integrations.feeds.ledger.originals import Original
from integrations.feeds.loading import LoadReport, Terms, sha256_of
from integrations.feeds.manifest import DeliveryDeclaration
from integrations.feeds.polls import Fetched
from worker.jobs.schools.ingest import keep_report
from worker.jobs.schools.ingest_formats import declared_reading, with_left_out
from worker.jobs.schools.kept_files import ReadFile, original_of, read_changed, voided_in
from worker.jobs.schools.reading import read_as
from worker.jobs.schools.recognise_files import known_roster


class ReadStatements(NamedTuple):
    """What was read of statements, and what to keep of them."""

    summary: Summary
    original: Original | None = None

    @property
    def voids(self) -> bool:
        """Return whether a statement voids another."""
        return bool(self.original and self.original.voids)


def read_statements(
    services: Services,
    source: str,
    path: Path,
    fetched: Fetched,
    reader: Format,
    reading: Mapping[str, str],
    *,
    hands_on: bool,
) -> ReadStatements:
    """Read the statements of a file into rows of the event feed, in a CSV file beside it.

    ``hands_on``: refused rows go to the ledger, which tries them again; a poll asks again itself.
    """
    with path.with_suffix(".csv").open("w", encoding="utf-8", newline="") as out:
        if not fetched.ids:  # An empty file would be no JSON.
            out.write(",".join(loading.COLUMNS))
            return ReadStatements(Summary(reader))
        declared = declared_reading(DeliveryDeclaration(reading=reading))
        declared = replace(declared, voided=voided_in(services, source))
        opened, roster = Opened(path, path.name), known_roster(services, ())
        summary = loading.read_events(opened, reader, declared, roster, out, hands_on=hands_on)
    read = ReadFile(opened, reader, declared, roster, summary)
    original = original_of(services, read, path.parent)
    return ReadStatements(summary, original)


def enter_statements(
    services: Services,
    source: str,
    path: Path,
    fetched: Fetched,
    found: ReadStatements,
    terms: Terms,
) -> LoadReport:
    """Enter what was read, with the ids by which a repeated statement is recognised."""
    summary, original = found
    # Two deliveries with the same content, such as nothing, are still two.
    asked = f"{terms.arrived}/{terms.polled}/{sha256_of(path)}"
    terms = replace(
        terms,
        original=original,
        sha256=hashlib.sha256(asked.encode()).hexdigest(),
        ids=polls.ids_to_keep(fetched.ids, summary.refused_lines),
    )
    report = read_as(services, path.with_suffix(".csv"), source, terms)
    report = with_left_out(report, summary, path.name)
    keep_report(services, path.name, terms.sha256, report)
    if found.voids:
        read_changed(services, source)
    return report
