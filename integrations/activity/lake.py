"""Where activity lies: ``activity/<source>/<YYYY-MM-DD>.parquet``, and ``roster.parquet``.

A day's file is replaced whole, so that loading it again, or a late correction, is harmless. The
newest day with a file says how far a source has been delivered; an empty file says "nothing
happened", no file says "nothing is known". A file found damaged becomes ``….parquet.corrupt`` and
its day counts as not delivered until it is loaded again: missing is not zero.
"""

# ruff: noqa: S608 -- the SQL is put together from our own texts; values are parameters.

from __future__ import annotations

import datetime as dt
import os
import re
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

import duckdb

from integrations.activity.errors import LakeError, cannot_write
from integrations.activity.scratch_database import Workspace, locked, open_workspace, path_literal

COLUMNS = {
    "student": "BIGINT",
    "module": "VARCHAR",
    "family": "VARCHAR",
    "item": "VARCHAR",
    "expected": "BIGINT",
    "done": "BIGINT",
}
"""A daily rollup row. ``item`` is an assessment or a session, NULL where there is none; one row
per student, module, family and item. Day and source are the file's name."""

ROSTER_COLUMNS = {
    "student": "BIGINT",
    "home_school": "VARCHAR",
    "module": "VARCHAR",
    "module_school": "VARCHAR",
    "starts": "DATE",
    "ends": "DATE",
}
RosterRow = tuple[int, str, str, str, dt.date, dt.date | None]
"""One enrolment, in the order of ``ROSTER_COLUMNS``; both days included, ``ends`` may be open."""

_SOURCE = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")
_FILE = re.compile(r"(\d{4}-\d{2}-\d{2})\.parquet(\.corrupt)?")
_CORRUPT = ".corrupt"


@dataclass(frozen=True, slots=True, order=True)
class SourceDay:
    """One source on one day."""

    source: str
    day: dt.date


class Lake:
    """The activity lake under ``root``; the directory is created when first written to."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._activity = root / "activity"

    @property
    def roster(self) -> Path:
        """The snapshot of enrolments that measures are taken of."""
        return self._root / "roster.parquet"

    def workspace(self) -> AbstractContextManager[Workspace]:
        """A DuckDB connection and room for unfinished files; see ``workspace``."""
        return open_workspace(self._root / ".work")

    def path(self, source: str, day: dt.date) -> Path:
        """The file of this source and day. Raises ``LakeError`` on an unusable source name."""
        if not _SOURCE.fullmatch(source):
            raise LakeError(
                "The source's name cannot be used: small letters, digits and hyphens are allowed, "
                "63 at most, and a letter or digit comes first."
            )
        return self._activity / source / f"{day}.parquet"

    def replace_day(self, work: Workspace, source: str, day: dt.date, rows: str) -> None:
        """Make the query ``rows`` (``COLUMNS``, in order) all there is of this source and day."""
        path = self.path(source, day)
        self._replace(work, path, rows)
        _corrupt(path).unlink(missing_ok=True)

    def write_roster(self, rows: Iterable[RosterRow]) -> None:
        """Replace the snapshot of enrolments. 300,000 rows take about half a second."""
        with self.workspace() as work:
            work.table("roster", ROSTER_COLUMNS, rows)
            self._replace(work, self.roster, "FROM roster ORDER BY ALL")

    def files(self, first: dt.date, last: dt.date) -> dict[SourceDay, Path]:
        """The files of these days, both included."""
        return {
            SourceDay(source, day): path
            for source, day, path, corrupt in self._entries()
            if not corrupt and first <= day <= last
        }

    def newest_days(self, through: dt.date, first: dt.date = dt.date.min) -> dict[str, dt.date]:
        """How far each source has been delivered, looking at days up to ``through``.

        A damaged day from ``first`` on takes this back to the day before it, since what came
        later does not say what happened on it.
        """
        newest: dict[str, dt.date] = {}
        for source, day, _, corrupt in self._entries():
            if day <= through and not corrupt:
                newest[source] = max(day, newest.get(source, day))
        for gap in self.damaged_days():
            before = gap.day - dt.timedelta(days=1)
            if first <= gap.day <= through:
                newest[gap.source] = min(before, newest.get(gap.source, before))
        return newest

    def days_delivered(self, first: dt.date, last: dt.date) -> dict[str, frozenset[dt.date]]:
        """Source → its days with a sound file among these, both included."""
        found: dict[str, set[dt.date]] = {}
        for each in self.files(first, last):
            found.setdefault(each.source, set()).add(each.day)
        return {source: frozenset(days) for source, days in found.items()}

    def damaged_days(self) -> tuple[SourceDay, ...]:
        """What must be loaded again: days whose file was set aside and not replaced since."""
        return tuple(
            sorted(
                SourceDay(source, day)
                for source, day, path, corrupt in self._entries()
                if corrupt and not path.with_suffix("").exists()
            )
        )

    def set_aside_damaged(self, first: dt.date, last: dt.date) -> tuple[SourceDay, ...]:
        """Read every file of these days in full and set aside those that cannot be read.

        Raises ``LakeError`` where a file cannot even be opened: that is a matter of permissions
        or of the disk, and the file may be sound.
        """
        with self.workspace() as work, locked(self._root):
            damaged = [
                (which, path)
                for which, path in sorted(self.files(first, last).items())
                if not _is_sound(work, path)
            ]
            for _, path in damaged:
                path.replace(_corrupt(path))
        return tuple(which for which, _ in damaged)

    def remove_before(self, day: dt.date, source: str | None = None) -> int:
        """Retention: delete what is older than ``day``, of all sources or of one; returns how many
        files went."""
        old = [
            path
            for which, that, path, _ in self._entries()
            if that < day and source in (None, which)
        ]
        for path in old:
            path.unlink(missing_ok=True)
        return len(old)

    def remove_student(self, student: int) -> int:
        """Erasure: write every file anew that has rows of this student, without them; returns how
        many files that were. Beginning again after a crash completes it."""
        changed = 0
        with self.workspace() as work:
            for path in [*(each for _, _, each, bad in self._entries() if not bad), self.roster]:
                while path.exists() and _has(work, path, student):
                    rows = (
                        f"FROM read_parquet('{path_literal(path)}') WHERE student <> {int(student)}"
                    )
                    # Where somebody loads the day meanwhile, theirs stays, and is looked at again.
                    changed += self._replace(work, path, rows, only=_state(path))
        return changed

    def _entries(self) -> Iterator[tuple[str, dt.date, Path, bool]]:
        for path in sorted(self._activity.glob("*/*")):
            if match := _FILE.fullmatch(path.name):
                day = dt.date.fromisoformat(match[1])
                yield path.parent.name, day, path, match[2] is not None

    def _replace(
        self, work: Workspace, path: Path, rows: str, only: tuple[int, ...] | None = None
    ) -> bool:
        """Put the rows in the place of a file; with ``only``, if it still is in that state."""
        unfinished = work.file(".parquet")
        try:
            work.con.execute(
                f"COPY ({rows}) TO '{_quoted(unfinished)}' (FORMAT parquet, COMPRESSION zstd)"
            )
            path.parent.mkdir(parents=True, exist_ok=True)
            _flush(unfinished)
            with locked(self._root):
                if only is not None and _state(path) != only:
                    return False
                unfinished.replace(path)
            _flush(path.parent)
            return True
        except (OSError, duckdb.IOException) as error:
            unfinished.unlink(missing_ok=True)
            raise cannot_write(f"{path.parent.name}/{path.name}", error) from None


def _corrupt(path: Path) -> Path:
    return path.with_name(path.name + _CORRUPT)


def _state(path: Path) -> tuple[int, ...]:
    """What changes whenever a file is replaced."""
    found = path.stat()
    return (found.st_ino, found.st_mtime_ns, found.st_size)


def _has(work: Workspace, path: Path, student: int) -> bool:
    query = "SELECT 1 FROM read_parquet($path) WHERE student = $student LIMIT 1"
    values = {"path": path_literal(path, quoted=False), "student": student}
    return bool(work.con.execute(query, values).fetchall())


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")


def _flush(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _is_sound(work: Workspace, path: Path) -> bool:
    try:
        path.read_bytes()
    except OSError as error:
        raise LakeError(
            f"{path.parent.name}/{path.name} cannot be opened ({error.strerror}). "
            "Correct its permissions or check the disk; it was left where it is.",
            permanent=False,
        ) from None
    columns = ", ".join(f"CAST({name} AS {kind})" for name, kind in COLUMNS.items())
    try:
        work.con.execute(
            f"SELECT bit_xor(hash({columns})) FROM read_parquet($path)",
            {"path": path_literal(path, quoted=False)},
        ).fetchall()
    except duckdb.Error:
        return False
    return True
