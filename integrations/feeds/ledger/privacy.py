"""Remove data from the ledger: erased students, kept rows after their time, old swipes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from integrations.activity.day_files import only_students, without_student
from integrations.activity.scratch_database import ScratchDatabase
from integrations.do_all import do_all
from integrations.feeds.ledger import kept_rows
from integrations.feeds.ledger.deliveries import Entry, Ledger
from integrations.feeds.ledger.kept_rows import Seal
from integrations.feeds.ledger.originals import forget_original
from integrations.feeds.own_range import Period
from integrations.feeds.refused import read_refused, without_refused, write_refused

KEEP_ROWS = dt.timedelta(days=60)
"""How long the delivered rows are kept. The facts derived from them stay."""


@dataclass(frozen=True, slots=True)
class DeliveredRow:
    """A row of a kept delivery, as its reader saw it."""

    arrived: dt.datetime
    source: str
    file: str
    row: str


def forget_student(ledger: Ledger, seal: Seal, student: int) -> int:
    """Rewrite every delivery with data of this student without it.

    Returns how many deliveries changed; each counts it in the ledger. A damaged one does not stop
    the others: its error is raised at the end. Calling this again completes it.
    """
    changed: list[int] = []
    with ledger.lake.workspace() as work:

        def forget(entry: Entry) -> None:
            if _forget_in(ledger, work, seal, entry, student):
                changed.append(entry.number)

        def forget_from(source: str) -> None:
            do_all(ledger.entries(source), forget)

        def forget_before_ledger(path: Path) -> None:
            without_student(ledger.lake.root, work, path, student)

        parts = (
            partial(do_all, ledger.sources(), forget_from),
            partial(do_all, ledger.files_before(), forget_before_ledger),
        )
        do_all(parts, lambda part: part())
    return len(changed)


def _forget_in(
    ledger: Ledger, work: ScratchDatabase, seal: Seal, entry: Entry, student: int
) -> bool:
    """Rewrite the files of one delivery; return whether any had the student."""
    folder, root = ledger.folder(entry), ledger.lake.root
    steps: list[Callable[[], bool]] = [
        partial(without_student, root, work, path, student)
        for path in sorted(folder.glob("facts/*.parquet"))
    ]
    steps += [
        partial(kept_rows.remove_kept_rows, work, seal, path, student)
        for path in _sealed(ledger, entry)
    ]
    steps.append(partial(_forget_refused, folder / "refused.json", student))
    found: list[bool] = []
    try:
        do_all(steps, lambda step: found.append(step()))
    finally:
        if any(found):
            ledger.save(replace(entry, erasures=entry.erasures + 1))
    return any(found)


def delivered_rows(ledger: Ledger, seal: Seal, student: int) -> Iterator[DeliveredRow]:
    """Yield what the kept deliveries say of a student, for that student."""
    with ledger.lake.workspace() as work:
        for entry in ledger.entries():
            for path in _sealed(ledger, entry):
                with kept_rows.open_kept_rows(work, seal, path) as plain:
                    for text in kept_rows.rows_about(work, plain, student):
                        yield DeliveredRow(entry.arrived, entry.source, entry.file, text)


def _sealed(ledger: Ledger, entry: Entry) -> list[Path]:
    """Return the encrypted files of what was delivered."""
    rows, original = ledger.folder(entry) / "rows.sealed", ledger.original(entry)
    return [rows] * entry.rows_kept + [original] * entry.original_kept


def _forget_refused(path: Path, student: int) -> bool:
    refused = read_refused(path)
    left = without_refused(refused, student)
    if left == refused:
        return False
    write_refused(path, left)
    return True


def forget_rows(ledger: Ledger, now: dt.datetime) -> int:
    """Delete kept rows past their time; return for how many deliveries.

    A failure does not stop the others: its error is raised at the end.
    """
    gone: list[int] = []

    def forget(entry: Entry) -> None:
        if _sealed(ledger, entry) and entry.arrived < now - KEEP_ROWS:
            _forget_sealed(ledger, entry)
            ledger.save(replace(entry, rows_kept=False, original_kept=False))
            gone.append(entry.number)

    def forget_from(source: str) -> None:
        do_all(ledger.entries(source), forget)

    parts: list[Callable[[], object]] = [
        partial(do_all, ledger.sources(), forget_from),
        partial(ledger.sweep, now),
    ]
    do_all(parts, lambda part: part())
    return len(gone)


def forget_before(ledger: Ledger, source: str, day: dt.date, keep: Collection[int] = ()) -> None:
    """Delete the facts of a source's deliveries on days before ``day``, and their kept rows.

    The kept rows of a delivery that also has later days are deleted as a whole. The facts on the
    students in ``keep`` stay.
    """
    with ExitStack() as open_while:
        work = open_while.enter_context(ledger.lake.workspace()) if keep else None

        def forget(path: Path) -> bool:
            """Return whether facts stay."""
            if work and only_students(ledger.lake.root, work, path, keep)[0]:
                return True
            path.unlink(missing_ok=True)
            return False

        for entry in ledger.entries(source):
            folder = ledger.folder(entry)
            old = [path for path in folder.glob("facts/*.parquet") if path.stem < day.isoformat()]
            if not old and not any(first < day for first, _ in entry.covered):
                continue
            kept = {dt.date.fromisoformat(path.stem) for path in old if forget(path)}
            _forget_sealed(ledger, entry)
            ledger.save(_from(entry, day, kept))
        for path in ledger.before(source, day).parent.glob("*.parquet"):
            if path.stem < day.isoformat():
                forget(path)


def _forget_sealed(ledger: Ledger, entry: Entry) -> None:
    (ledger.folder(entry) / "rows.sealed").unlink(missing_ok=True)
    forget_original(ledger, entry)


def _from(entry: Entry, day: dt.date, kept: Collection[dt.date]) -> Entry:
    covered: tuple[Period, ...] = tuple(
        (max(first, day), last) for first, last in entry.covered if last >= day
    )
    added = tuple(sorted({each for each in entry.added if each >= day} | {*kept}))
    return replace(entry, covered=covered, added=added, rows_kept=False, original_kept=False)
