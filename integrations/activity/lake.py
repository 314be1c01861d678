"""The activity lake: ``activity/<source>/<YYYY-MM-DD>.parquet``, and ``roster.parquet``.

A day's file is replaced whole, so that loading it again, or a late correction, is harmless. An
empty file means "nothing happened", no file means "unknown", and a note beside the file states what
is unknown about the day (``day_notes``): rows alone do not make a day known, however new they are.
A file found damaged becomes ``….parquet.corrupt``, and its day counts as not delivered until it is
loaded again: missing is not zero.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

from integrations.activity.day_files import (
    flush,
    is_sound,
    only_students,
    replace_file,
    without_student,
    write_file,
)
from integrations.activity.day_notes import (
    DayNote,
    prepare_note,
    put_note,
    read_note,
    remove_from_note,
    write_note,
)
from integrations.activity.errors import LakeError, cannot_write
from integrations.activity.lake_folders import (
    DayFile,
    SourceDay,
    damaged_name,
    list_day_files,
)
from integrations.activity.scratch_database import ScratchDatabase, locked, open_workspace
from integrations.activity.spark import Spark
from integrations.do_all import do_all

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


def is_source_name(name: str) -> bool:
    """Return whether a source may have this name, which is also that of its folder."""
    return bool(_SOURCE.fullmatch(name))


class Lake:
    """The activity lake under ``root``; the directory is created when first written to."""

    def __init__(self, root: Path, spark: Spark | None = None) -> None:
        """``spark`` runs the engine's queries; None: DuckDB does."""
        self._root, self._spark = root, spark
        self._activity = root / "activity"

    @property
    def root(self) -> Path:
        """Return the directory that holds all of the lake's files."""
        return self._root

    @property
    def roster(self) -> Path:
        """The snapshot of enrolments for which measures are taken."""
        return self._root / "roster.parquet"

    def as_listed_now(self) -> Lake:
        """Return this lake with the files that it has now: for many days, its folders are listed
        once.
        """
        return _ListedLake(self._root)

    def _day_files(
        self, first: dt.date = dt.date.min, last: dt.date = dt.date.max
    ) -> Iterator[DayFile]:
        return list_day_files(self._activity, first, last)

    def workspace(self) -> AbstractContextManager[ScratchDatabase]:
        """Return a DuckDB connection and room for unfinished files; see ``workspace``."""
        return open_workspace(self._root / ".work", spark=self._spark)

    def path(self, source: str, day: dt.date) -> Path:
        """Return the file of this source and day. Raises ``LakeError`` on an unusable source
        name."""
        if not is_source_name(source):
            raise LakeError(
                "The source's name cannot be used: small letters, digits and hyphens are allowed, "
                "63 at most, and a letter or digit comes first."
            )
        return self._activity / source / f"{day}.parquet"

    def replace_day(
        self,
        work: ScratchDatabase,
        source: str,
        day: dt.date,
        rows: str | Path,
        note: DayNote | None = None,
    ) -> None:
        """Replace a day of a source by the rows of the query ``rows`` (``COLUMNS``, in order), or
        of a file that such a query made.

        ``note`` states what is unknown. Data becomes unknown before the rows change, and known
        after, so that an interrupted run claims too little, never too much.
        """
        self.prepare_day(work, source, day, rows, note)()

    def prepare_day(
        self,
        work: ScratchDatabase,
        source: str,
        day: dt.date,
        rows: str | Path,
        note: DayNote | None = None,
    ) -> Callable[[], None]:
        """Write a day as ``replace_day`` does, beside its place; return what moves it there.

        Moving needs no more disk space.
        """
        path, said = self.path(source, day), note or DayNote()
        unfinished = write_file(work, path, rows)
        prepared = _noted(path, said)

        def put() -> None:
            if prepared:
                put_note(path, prepared)
            with locked(self._root):
                unfinished.replace(path)
            flush(path.parent)
            damaged_name(path).unlink(missing_ok=True)
            if not prepared:
                put_note(path, None)

        return put

    def making(self) -> AbstractContextManager[None]:
        """Hold the lock that keeps preparing days and removing a student apart.

        A day that was prepared before would bring a removed student back.
        """
        return locked(self._root / ".making")

    def remove_day(self, source: str, day: dt.date) -> None:
        """Make the day unknown again: no delivery covers it."""
        path = self.path(source, day)
        for each in (path, damaged_name(path)):
            each.unlink(missing_ok=True)
        write_note(path, DayNote())

    def notes(self, first: dt.date, last: dt.date) -> dict[SourceDay, DayNote]:
        """Return the notes on these days, both included; fully known days have none."""
        found = {
            SourceDay(each.source, each.day): read_note(each.path)
            for each in self._day_files(first, last)
            if each.has_note and not each.is_corrupt
        }
        return {which: note for which, note in found.items() if note.is_needed}

    def write_roster(self, rows: Iterable[RosterRow]) -> None:
        """Replace the snapshot of enrolments. 300,000 rows take about half a second."""
        with self.workspace() as work:
            work.table("roster", ROSTER_COLUMNS, rows)
            replace_file(self._root, work, self.roster, "FROM roster ORDER BY ALL")

    def files(self, first: dt.date, last: dt.date) -> dict[SourceDay, Path]:
        """Return the files of all sources for these days, both included."""
        return {
            SourceDay(each.source, each.day): each.path
            for each in self._day_files(first, last)
            if not each.is_corrupt
        }

    def newest_days(self, through: dt.date, first: dt.date = dt.date.min) -> dict[str, dt.date]:
        """Map each source to its last delivered day, up to ``through``.

        A damaged day from ``first`` on moves this back to the day before, since later data does not
        show what happened on the damaged day.
        """
        newest: dict[str, dt.date] = {}
        # From the newest backwards, since each day's note is a file to read.
        for each in reversed(list(self._day_files(last=through))):
            if each.source not in newest and not each.is_corrupt and each.is_covered:
                newest[each.source] = each.day
        for gap in self.damaged_days():
            before = gap.day - dt.timedelta(days=1)
            if first <= gap.day <= through:
                newest[gap.source] = min(before, newest.get(gap.source, before))
        return newest

    def days_delivered(self, first: dt.date, last: dt.date) -> dict[str, frozenset[dt.date]]:
        """Map each source to its days here that a delivery covers and whose file is intact."""
        found: dict[str, set[dt.date]] = {}
        for each in self._day_files(first, last):
            if not each.is_corrupt and each.is_covered:
                found.setdefault(each.source, set()).add(each.day)
        return {source: frozenset(days) for source, days in found.items()}

    def damaged_days(self) -> tuple[SourceDay, ...]:
        """Return the days to load again, whose file was set aside and not replaced since."""
        return tuple(
            sorted(
                SourceDay(each.source, each.day)
                for each in self._day_files()
                if each.is_corrupt and not each.path.with_suffix("").exists()
            )
        )

    def set_aside_damaged(self, first: dt.date, last: dt.date) -> tuple[SourceDay, ...]:
        """Read every file of these days in full and set aside those that cannot be read.

        Raises ``LakeError`` where a file cannot even be opened: that is a problem of permissions or
        of the disk, and the file may be intact.
        """
        with self.workspace() as work, locked(self._root):
            damaged = [
                (which, path)
                for which, path in sorted(self.files(first, last).items())
                if not is_sound(work, path, COLUMNS)
            ]
            for _, path in damaged:
                path.replace(damaged_name(path))
        return tuple(which for which, _ in damaged)

    def remove_before(
        self, day: dt.date, source: str | None = None, keep: Collection[int] = ()
    ) -> int:
        """Delete files older than ``day``, of all sources or one; return how many (retention).

        The rows of the students in ``keep`` stay; the day itself is then unknown.
        """
        old = [
            each
            for each in self._day_files(last=day - dt.timedelta(days=1))
            if source in (None, each.source)
        ]
        if not keep:
            for each in old:
                self._remove(each.path)
            return len(old)
        done = 0
        with self.workspace() as work, self.making():
            for each in old:
                left, changed = False, True
                if not each.is_corrupt:
                    left, changed = only_students(self._root, work, each.path, keep)
                if left:
                    write_note(each.path, DayNote(covered=False))
                else:
                    self._remove(each.path)
                done += changed or not left
        return done

    def _remove(self, path: Path) -> None:
        path.unlink(missing_ok=True)
        write_note(path, DayNote())

    def remove_student(self, student: int) -> int:
        """Rewrite every file with rows of this student without them; return how many (erasure).

        A damaged file does not stop the others: its error is raised at the end. After a crash,
        calling this again completes it.
        """
        changed: list[bool] = []
        with self.workspace() as work, self.making():

            def forget(path: Path) -> None:
                changed.append(without_student(self._root, work, path, student))
                remove_from_note(path, student)

            do_all([*self.files(dt.date.min, dt.date.max).values(), self.roster], forget)
        return sum(changed)


class _ListedLake(Lake):
    """A lake whose folders were listed once; what is set aside through it is seen."""

    def __init__(self, root: Path) -> None:
        super().__init__(root)
        self._listed = list(super()._day_files())

    def _day_files(
        self, first: dt.date = dt.date.min, last: dt.date = dt.date.max
    ) -> Iterator[DayFile]:
        return (each for each in self._listed if first <= each.day <= last)

    def set_aside_damaged(self, first: dt.date, last: dt.date) -> tuple[SourceDay, ...]:
        damaged = super().set_aside_damaged(first, last)
        self._listed = list(super()._day_files())
        return damaged


def _noted(day_file: Path, note: DayNote) -> Path | None:
    try:
        return prepare_note(day_file, note)
    except OSError as error:
        raise cannot_write(f"{day_file.parent.name}/{day_file.name}", error) from None
