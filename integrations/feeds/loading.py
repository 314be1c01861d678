"""From judged rows to the lake: roll up, count, replace the days that a delivery covers."""

# ruff: noqa: S608 -- the SQL is put together from our own texts; values are parameters.

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import duckdb

from integrations.activity.errors import no_room
from integrations.activity.lake import COLUMNS, Lake
from integrations.activity.scratch_database import Workspace
from integrations.feeds.csv_tables import KEPT, Rejections
from integrations.feeds.people import People
from integrations.feeds.raw_table import Layout, read_carefully, read_quickly
from integrations.feeds.text_files import FeedError
from store.rules.schools import RejectedRow

LONGEST_DELIVERY = 400
"""Days that a delivery may cover without saying so. One mistyped year would make thousands."""

Period = tuple[dt.date, dt.date]
Progress = Callable[[int, int], None]
"""Told how many days of how many are written."""


def no_progress(done: int, total: int) -> None:
    """Tell nobody."""


@dataclass(frozen=True, slots=True)
class LoadReport:
    """What a load did. ``days`` are those replaced; ``accepted`` and the total count rows.

    ``rejected`` holds the first thousand rows left out, in the order of their lines, and
    ``rejected_total`` counts all of them. ``notes`` are remarks on the file as a whole.
    """

    source: str
    days: tuple[dt.date, ...]
    accepted: int
    rejected: tuple[RejectedRow, ...] = ()
    rejected_total: int = 0
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Delivery:
    """A file, and the SQL that judges its rows.

    ``judged`` selects from ``raw``: line, reason (NULL for a good row), day, student, module,
    family, item, expected, done.
    """

    path: Path
    source: str
    layout: Layout
    judged: str
    covers: Period | None = None
    people: People | None = None
    """Who the rows may speak of, for rows that spell a number otherwise; None: as they stand."""
    follows: str = ""
    """SQL for rows that follow from other files, not counted: all those columns from day on."""


def load(lake: Lake, work: Workspace, delivery: Delivery, progress: Progress) -> LoadReport:
    """Load one file. Every day it covers is replaced, or none where no row at all is good.

    Raises ``FeedError`` where the file cannot be used, ``LakeError`` where the lake cannot be
    written; days already replaced then are whole, and loading again completes the rest.
    """
    rejections = Rejections()
    try:
        notes = _roll_up_file(work, delivery, rejections)
    except (duckdb.OutOfMemoryException, duckdb.IOException) as error:
        raise no_room(delivery.path.name, error) from None
    accepted, first, last = work.con.execute(
        "SELECT coalesce(sum(rows), 0), min(day), max(day) FROM rollup WHERE student IS NOT NULL"
    ).fetchall()[0]
    covers = _covers(delivery, first, last)
    days = _days(covers) if covers and (accepted or not rejections.total) else ()
    write_days(lake, work, delivery.source, days, progress)
    rejected = tuple(sorted(rejections.rows, key=lambda row: row.line))
    return LoadReport(delivery.source, days, accepted, rejected, rejections.total, tuple(notes))


def roll_up(con: duckdb.DuckDBPyConnection, judged: str, follows: str = "") -> tuple[int, int]:
    """Make the table ``rollup`` of judged rows; returns how many rows there are, and bad ones.

    Rows that name an item state a fact, and stating it twice changes nothing. Rows without one
    are counts, and add up. Bad rows are those of no student.
    """
    # DuckDB takes a CSV file for small, and would look up the roster in it instead of the reverse.
    con.execute("SET disabled_optimizers = 'build_side_probe_side'")
    also = f" UNION ALL SELECT *, 0 FROM ({follows})" if follows else ""
    con.execute(
        "CREATE OR REPLACE TABLE rollup AS SELECT day, student, module, family, item, "
        "CAST(CASE WHEN item IS NULL THEN sum(expected) ELSE least(sum(expected), 1) END "
        "AS BIGINT) AS expected, "
        "CAST(CASE WHEN item IS NULL THEN sum(done) ELSE least(sum(done), 1) END "
        "AS BIGINT) AS done, "
        "sum(counted) AS rows FROM (SELECT day, "
        "CASE WHEN reason IS NULL THEN student END AS student, "
        f"module, family, item, expected, done, 1 AS counted FROM ({judged}){also}) "
        "GROUP BY day, student, module, family, item"
    )
    rows, good = con.execute(
        "SELECT coalesce(sum(rows), 0), coalesce(sum(rows) FILTER (student IS NOT NULL), 0) "
        "FROM rollup"
    ).fetchall()[0]
    return int(rows), int(rows - good)


def write_days(
    lake: Lake, work: Workspace, source: str, days: Iterable[dt.date], progress: Progress
) -> None:
    """Replace these days of the source by what ``rollup`` says of them, oldest first.

    In this order a load that is cut short never leaves a newer day in front of a missing one.
    """
    days = tuple(days)
    for done, day in enumerate(days, start=1):
        lake.replace_day(
            work,
            source,
            day,
            f"SELECT {', '.join(COLUMNS)} FROM rollup "
            f"WHERE student IS NOT NULL AND day = DATE '{day}' ORDER BY ALL",
        )
        progress(done, len(days))


def _roll_up_file(work: Workspace, delivery: Delivery, rejections: Rejections) -> list[str]:
    """Fill ``rollup`` and ``rejections``; returns notes on the file as a whole.

    Quickly, where that finds nothing wrong, or still tells the line of every bad row. Otherwise
    again, carefully.
    """
    path, layout = delivery.path, delivery.layout
    notes: list[str] = []
    lines = read_quickly(work, path, layout)
    try:
        rows, bad = (
            roll_up(work.con, delivery.judged, delivery.follows) if lines is not None else (0, 1)
        )
    except duckdb.InvalidInputException:
        if path.suffix == ".parquet":
            raise FeedError(f"{path.name} is damaged: fetch it again.") from None
        rows, bad = 0, 1
    # Lines of which not one becomes a row were not understood, whatever the reader says.
    if (bad or not rows) and rows != lines:
        notes += read_carefully(work, path, layout, rejections)
        rows, bad = roll_up(work.con, delivery.judged, delivery.follows)
    if bad and delivery.people and (repaired := delivery.people.repair(work)):
        notes += repaired
        rows, bad = roll_up(work.con, delivery.judged, delivery.follows)
    if bad:
        _collect(work, delivery, rejections, bad)
    return notes


def _collect(work: Workspace, delivery: Delivery, rejections: Rejections, bad: int) -> None:
    found = work.con.execute(
        f"SELECT line, reason FROM ({delivery.judged}) WHERE reason IS NOT NULL "
        f"ORDER BY line LIMIT {KEPT}"
    ).fetchall()
    for line, reason in found:
        rejections.add(delivery.path.name, line, reason)
    rejections.total += bad - len(found)


def _covers(delivery: Delivery, first: dt.date | None, last: dt.date | None) -> Period | None:
    if delivery.covers or first is None or last is None:
        return delivery.covers
    if (last - first).days >= LONGEST_DELIVERY:
        raise FeedError(
            f"{delivery.path.name} speaks of days from {first} to {last}. If that is meant, say "
            "which days it covers; else correct it. Nothing was loaded."
        )
    return first, last


def _days(covers: Period) -> tuple[dt.date, ...]:
    first, last = covers
    return tuple(first + dt.timedelta(days=at) for at in range((last - first).days + 1))
