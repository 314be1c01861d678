"""Build days of the lake from the facts of deliveries, with notes on what they leave unknown."""

# ruff: noqa: S608 -- the SQL is put together from our own texts; values are parameters.

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path

from integrations.activity.day_files import quoted
from integrations.activity.day_notes import DayNote
from integrations.activity.lake import COLUMNS
from integrations.activity.scratch_database import ScratchDatabase
from integrations.feeds.ledger.corrected import corrected_on
from integrations.feeds.ledger.deliveries import Entry, Ledger, State
from integrations.feeds.ledger.rule import DaySaid, said_of
from integrations.feeds.own_range import in_periods
from integrations.feeds.refused import RefusedByDay, read_refused

Progress = Callable[[int, int], None]
"""Called with (days written, days in all)."""

_KEY = "student, module, family, item"


def no_progress(done: int, total: int) -> None:
    """Do nothing, for callers that do not report progress."""


def make_days(
    ledger: Ledger,
    work: ScratchDatabase,
    source: str,
    days: Iterable[dt.date],
    progress: Progress = no_progress,
    entry: Entry | None = None,
) -> None:
    """Build these days of the source from all of its deliveries, and save the record ``entry``.

    All days are written before the record and the first day take their places: a disk that fills
    leaves everything as it was. The oldest day comes first, so that an interrupted run never leaves
    a gap before a newer day. Building a day again changes nothing.
    """
    with ledger.lake.making():
        entries, wanted = _with(ledger.entries(source), entry), sorted(set(days))
        ready = _prepared(ledger, work, source, wanted, entries, progress)
        if entry:
            ledger.save(entry)
        for put in ready:
            put()


def _prepared(
    ledger: Ledger,
    work: ScratchDatabase,
    source: str,
    wanted: list[dt.date],
    entries: list[Entry],
    progress: Progress,
) -> list[Callable[[], None]]:
    """Write these days; return what puts each in its place."""
    refused = {each.number: read_refused(ledger.folder(each) / "refused.json") for each in entries}
    ready: list[Callable[[], None]] = []
    for done, day in enumerate(wanted, start=1):
        said = said_of(entries, day, was_before=ledger.before(source, day).exists())
        if said.parts or said.covered:
            note = _note(said, refused, day, corrected_on(ledger, entries, day))
            rows = _rows(ledger, source, day, said)
            ready.append(ledger.lake.prepare_day(work, source, day, rows, note))
        else:
            ready.append(partial(ledger.lake.remove_day, source, day))
        progress(done, len(wanted))
    return ready


def _with(entries: list[Entry], entry: Entry | None) -> list[Entry]:
    """Return the deliveries as they are once this one is saved."""
    if entry is None:
        return entries
    others = (each for each in entries if each.number != entry.number)
    return sorted((*others, entry), key=lambda each: each.order)


def keep_what_was_before(ledger: Ledger, source: str, days: Iterable[dt.date]) -> None:
    """Save days of the lake that are older than the ledger, before a delivery changes them."""
    days = [day for day in days if ledger.lake.path(source, day).exists()]
    if not days:
        return
    # A waiting delivery has not built any day yet.
    entries = [each for each in ledger.entries(source) if each.state is not State.WAITING]
    for day in days:
        made = any(in_periods(day, each.covered) or day in each.added for each in entries)
        kept = ledger.before(source, day)
        if not made and not kept.exists():
            kept.parent.mkdir(parents=True, exist_ok=True)
            unfinished = kept.with_suffix(".new")
            shutil.copyfile(ledger.lake.path(source, day), unfinished)
            unfinished.replace(kept)


def days_of_deliveries(entries: Iterable[Entry]) -> set[dt.date]:
    """Return every day that these deliveries cover or have rows on."""
    found: set[dt.date] = set()
    for entry in entries:
        found.update(entry.added)
        for first, last in entry.covered:
            found.update(
                first + dt.timedelta(days=offset) for offset in range((last - first).days + 1)
            )
    return found


def _rows(ledger: Ledger, source: str, day: dt.date, said: DaySaid) -> str | Path:
    """Return the query of all rows of the day, each fact once; the file, if one has them all.

    Most days have one delivery, whose facts are in the order of a day already.
    """
    if len(said.parts) == 1 and (only := said.parts[0]).entry and not only.without:
        facts = ledger.facts(only.entry, day)
        if facts.exists():
            return facts
    texts: list[str] = []
    polls: list[str] = []
    for part in said.parts:
        path = ledger.facts(part.entry, day) if part.entry else ledger.before(source, day)
        if path.exists():
            names = ", ".join(f"'{name.replace(chr(39), 2 * chr(39))}'" for name in part.without)
            but = f" WHERE module NOT IN ({names})" if names else ""
            of_poll = part.entry and part.entry.polled
            (polls if of_poll else texts).append(
                f"SELECT {', '.join(COLUMNS)} FROM read_parquet('{quoted(path)}'){but}"
            )
    if not texts and not polls:
        columns = (f"CAST(NULL AS {kind}) AS {name}" for name, kind in COLUMNS.items())
        return f"SELECT {', '.join(columns)} WHERE false"
    if len(texts) > 1:
        texts = [
            f"SELECT {_KEY}, max(expected) AS expected, max(done) AS done "
            f"FROM ({' UNION ALL '.join(texts)}) GROUP BY {_KEY}"
        ]
    if len(texts) + len(polls) == 1:
        return f"{(texts + polls)[0]} ORDER BY ALL"
    counts = ", ".join(
        f"CAST(CASE WHEN item IS NULL THEN sum({each}) ELSE max({each}) END AS BIGINT) AS {each}"
        for each in ("expected", "done")
    )
    return (
        f"SELECT {_KEY}, {counts} FROM ({' UNION ALL '.join(texts + polls)}) "
        f"GROUP BY {_KEY} ORDER BY ALL"
    )


def _note(
    said: DaySaid, refused: dict[int, RefusedByDay], day: dt.date, corrected: dt.date | None
) -> DayNote:
    students: set[int] = set()
    strangers: dict[str, float] = {}
    for part in said.parts:
        if part.entry is None or not in_periods(day, part.entry.covered):
            continue
        of_delivery = refused[part.entry.number]
        students |= of_delivery.students_on(day)
        for school, share in of_delivery.strangers_on(day).items():
            strangers[school] = max(share, strangers.get(school, 0.0))
    return DayNote(said.covered, frozenset(students), strangers, corrected)
