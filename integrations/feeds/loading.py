"""Load judged rows into the lake: roll up, count, enter in the ledger, build its days."""

# ruff: noqa: S608 -- the SQL is put together from our own texts; values are parameters.

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import duckdb

from integrations.activity.errors import is_of_the_machine, no_room
from integrations.activity.lake import Lake
from integrations.activity.scratch_database import ScratchDatabase
from integrations.feeds.csv_tables import KEPT, Rejections
from integrations.feeds.ledger.days import Progress, no_progress
from integrations.feeds.ledger.deliveries import Entry, Window
from integrations.feeds.ledger.entering import enter
from integrations.feeds.ledger.kept_rows import Seal
from integrations.feeds.ledger.originals import Original
from integrations.feeds.own_range import Period
from integrations.feeds.people import People
from integrations.feeds.raw_table import (
    Layout,
    read_carefully,
    read_kept,
    read_quickly,
    without_blanks_of_other_kinds,
)
from integrations.feeds.text_files import FeedError, as_it_is
from store.rules.schools import RejectedRow
from store.rules.text.formatting import counted

__all__ = [
    "ON_NO_TERMS",
    "Delivery",
    "LoadReport",
    "Period",
    "Progress",
    "Terms",
    "load_file",
    "no_progress",
]

GRACE = dt.timedelta(days=1)
"""Clocks differ: ``done`` rows are refused only if later than the day after arrival."""
_FEW_BAD = 0.001
"""The share of bad rows from which on they are looked at for what is invisible."""
FURTHEST = dt.timedelta(days=400)
"""How far ahead future sessions are accepted."""


@dataclass(frozen=True, slots=True)
class LoadReport:
    """The result of a load. ``days`` are the rebuilt days; ``accepted`` counts rows.

    ``rejected`` holds the first thousand rows left out, in the order of their lines, and
    ``rejected_total`` counts all of them. ``notes`` are remarks on the file as a whole.
    """

    source: str
    days: tuple[dt.date, ...]
    accepted: int
    rejected: tuple[RejectedRow, ...] = ()
    rejected_total: int = 0
    notes: tuple[str, ...] = ()
    number: int = 0
    """The number of the delivery in the ledger; 0 where there is none."""
    waiting: str = ""
    """Why the delivery waits for a person's decision; '' where it was accepted."""


@dataclass(frozen=True, slots=True)
class Terms:
    """The terms on which a delivery is loaded."""

    arrived: dt.datetime | None = None
    """The instant of arrival; None: now."""
    today: dt.date | None = None
    """The day of arrival by the school's clock; None: a replay, in which no day is too late."""
    complete: bool = False
    """Whether it is declared complete, so that missing rows are removed without a question."""
    schools: tuple[str, ...] = ()
    """The declared schools that it covers; none: see ``ledger_rule``."""
    sha256: str = ""
    """The digest of the delivered bytes; '' where not computed yet."""
    seal: Seal | None = None
    """Encrypts the kept rows; None: no rows are kept."""
    zones: Mapping[str, str] = field(default_factory=dict)
    """Module → time zone of its school, for instants; of others they are the institution's."""
    polled: Window | None = None
    """Of a poll: see ``Entry``."""
    instead_of: tuple[int, ...] = ()
    covered: tuple[Period, ...] = ()
    """Of a poll: the days that it speaks for. It may have rows of any day."""
    ids: bytes | None = None
    """Of a poll: the digests by which its rows are recognised when they come again."""
    again: Entry | None = None
    """The delivery that is read again from what is kept of it, to replace it."""
    original: Original | None = None
    """What was delivered, and how it was read; None: rows of no known file."""


ON_NO_TERMS = Terms()
"""The terms of a replay: arrived now, nothing kept, no day too late."""


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
    """The known people, to repair misspelt numbers; None: numbers are taken as written."""
    follows: str = ""
    """SQL for further rows derived from other files, not counted; columns from ``day`` on."""
    terms: Terms = ON_NO_TERMS
    schools: Mapping[str, str] = field(default_factory=dict)
    """Module → school, as far as it is known."""
    aside: Mapping[str, str] = field(default_factory=dict)
    """Why a row states nothing, so that ``judged`` leaves it out → SQL on ``raw`` for it."""


def load_file(
    lake: Lake, work: ScratchDatabase, delivery: Delivery, progress: Progress
) -> LoadReport:
    """Load one file: enter it in the ledger, and rebuild its days.

    Raises ``FeedError`` where the file cannot be used, ``LakeError`` where the lake cannot be
    written; days already built are complete then, and loading again completes the rest.
    """
    rejections = Rejections()
    if not delivery.terms.sha256 and delivery.path.exists():
        terms = replace(delivery.terms, sha256=sha256_of(delivery.path))
        delivery = replace(delivery, terms=terms)
    judged = _judged(delivery)
    try:
        with _judging_as_written(work.con):
            notes = _roll_up_file(work, delivery, judged, rejections)
            torn = rejections.total
            _bad_rows(work, delivery, judged, rejections)
            entered = enter(lake, work, delivery, judged, torn, rejections.total, progress)
    except (duckdb.OutOfMemoryException, duckdb.IOException) as error:
        raise no_room(delivery.path.name, error) from None
    except duckdb.Error as error:
        raise FeedError(
            f"{delivery.path.name} holds values that cannot be read ({type(error).__name__}). "
            "Compare its columns with the documented ones and export it again."
        ) from None
    return LoadReport(
        delivery.source,
        entered.days,
        entered.accepted,
        tuple(sorted(rejections.rows, key=lambda row: row.line)),
        rejections.total,
        (*notes, *entered.notes),
        entered.entry.number,
        entered.entry.why,
    )


@contextmanager
def _judging_as_written(con: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Switch off two of DuckDB's optimisations, which make judging half as fast.

    It estimates a CSV file as small, and would look up the roster in it, not the reverse. And it
    makes a join of a list of words, for all rows, where few or none are compared with them.
    """
    con.execute("SET disabled_optimizers = 'build_side_probe_side,in_clause'")
    yield
    con.execute("RESET disabled_optimizers")


def sha256_of(*paths: Path) -> str:
    """Return the SHA-256 of a file, or of the digests of several, by streaming.

    Raises ``FeedError`` where one cannot be opened.
    """
    whole = hashlib.sha256()
    for path in paths:
        with as_it_is(path) as file:
            whole.update(hashlib.file_digest(file, "sha256").digest())
    return whole.hexdigest()


def roll_up(con: duckdb.DuckDBPyConnection, judged: str, follows: str = "") -> tuple[int, int]:
    """Create the table ``rollup`` from judged rows; return (rows, bad rows).

    Rows with an item state a fact, and repeating it changes nothing. Rows without one are counts,
    and add up. Bad rows have no student.
    """
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


def _judged(delivery: Delivery) -> str:
    """Return the SQL that judges the rows, with the check for future days."""
    today = delivery.terms.today
    if today is None:
        return delivery.judged
    return (
        "SELECT * REPLACE (CASE WHEN reason IS NOT NULL THEN reason "
        f"WHEN done > 0 AND day > DATE '{today + GRACE}' THEN 'at is in the future, and what has "
        "been done cannot be: correct the date' "
        f"WHEN day > DATE '{today + FURTHEST}' THEN 'at is more than {FURTHEST.days} days ahead: "
        f"correct the date' END AS reason) FROM ({delivery.judged})"
    )


def _roll_up_file(
    work: ScratchDatabase, delivery: Delivery, judged: str, rejections: Rejections
) -> list[str]:
    """Fill ``rollup`` and ``rejections``; return notes on the file as a whole.

    The fast reader suffices if all is well or it knows the line of every bad row. Otherwise the
    file is read again, carefully.
    """
    path, layout = delivery.path, delivery.layout
    notes: list[str] = []
    terms = delivery.terms
    if terms.again and not (terms.original and terms.original.records):
        read_kept(work, path, layout)
        _, bad = roll_up(work.con, judged)
        if bad and delivery.people:
            delivery.people.repair(work)
            delivery.people.spread(work)
            roll_up(work.con, judged)
        return notes
    lines = read_quickly(work, path, layout)
    try:
        rows, bad = roll_up(work.con, judged, delivery.follows) if lines is not None else (0, 1)
    except duckdb.InvalidInputException as error:
        if is_of_the_machine(error):
            raise
        if path.suffix == ".parquet":
            raise FeedError(f"{path.name} is damaged: fetch it again.") from None
        rows, bad = 0, 1
    # If not one line became a row, the file was not understood, whatever the reader reports.
    if (bad or not rows) and rows != lines:
        notes += read_carefully(work, path, layout, rejections)
        rows, bad = roll_up(work.con, judged, delivery.follows)
        (lines,) = work.con.execute("SELECT count(*) FROM raw").fetchall()[0]
    if bad and delivery.people and (repaired := delivery.people.repair(work)):
        notes += repaired
        roll_up(work.con, judged, delivery.follows)
    notes += _tidied(work, delivery, judged, rows)
    if rows != lines and delivery.aside:
        notes += _left_aside(work, delivery.aside)
    return notes


def _tidied(work: ScratchDatabase, delivery: Delivery, judged: str, rows: int) -> list[str]:
    """Read rows again without invisible characters, where many rows are bad; say how many had some.

    Looking for them takes as long as reading, so a few bad rows of a large file are not looked at.
    """
    (bad,) = work.con.execute("SELECT count(*) FROM rollup WHERE student IS NULL").fetchall()[0]
    if not bad or bad < _FEW_BAD * rows:
        return []
    found = without_blanks_of_other_kinds(work, delivery.layout)
    if not found:
        return []
    roll_up(work.con, judged, delivery.follows)
    return [f"{counted(found, 'row')} with invisible characters around a value, read without them."]


def _left_aside(work: ScratchDatabase, aside: Mapping[str, str]) -> list[str]:
    """Return a note for each kind of row that states nothing, if there are any but blank ones."""
    counts = work.con.execute(
        f"SELECT {', '.join(f'count(*) FILTER ({each})' for each in aside.values())} FROM raw"
    ).fetchall()[0]
    found = zip(aside, counts, strict=True)
    return [f"{counted(n, 'row')} left aside: it {why}." for why, n in found if n]


def _bad_rows(
    work: ScratchDatabase, delivery: Delivery, judged: str, rejections: Rejections
) -> None:
    """Make the table ``bad`` of the rows left out, with their numbers, and report the first."""
    con = work.con
    (bad,) = con.execute("SELECT count(*) FROM rollup WHERE student IS NULL").fetchall()[0]
    if not bad:
        # The judgement of a large file takes its time, and is known already.
        columns = "line BIGINT, reason VARCHAR, day DATE, student BIGINT, module VARCHAR"
        con.execute(f"CREATE OR REPLACE TABLE bad ({columns}, number VARCHAR)")
        return
    number = "raw.student_number" if "student_number" in delivery.layout.columns else "NULL"
    con.execute(
        "CREATE OR REPLACE TABLE bad AS SELECT line, judged.reason, judged.day, judged.student, "
        f"CAST(judged.module AS VARCHAR) AS module, CAST({number} AS VARCHAR) AS number FROM raw "
        "JOIN (SELECT line, reason, day, student, module "
        f"FROM ({judged}) WHERE reason IS NOT NULL) AS judged USING (line)"
    )
    found = con.execute(f"SELECT line, reason FROM bad ORDER BY line LIMIT {KEPT}").fetchall()
    for line, reason in found:
        rejections.add(delivery.path.name, line, reason)
    (total,) = con.execute("SELECT count(*) FROM bad").fetchall()[0]
    rejections.total += total - len(found)
