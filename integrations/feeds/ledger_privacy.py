"""What leaves the ledger: students who are erased, kept rows after their time, old swipes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

from integrations.activity.day_files import without_student
from integrations.activity.scratch_database import ScratchDatabase
from integrations.do_all import do_all
from integrations.feeds import kept_rows
from integrations.feeds.kept_rows import Seal
from integrations.feeds.ledger import Entry, Ledger
from integrations.feeds.own_range import Period
from integrations.feeds.refused import read_refused, without, write_refused

KEEP_ROWS = dt.timedelta(days=60)
"""How long the delivered rows are kept. The facts made of them stay as they are."""


def forget_student(ledger: Ledger, seal: Seal, student: int) -> int:
    """Write every delivery anew that says something of this student, without it.

    Returns how many deliveries that were; each says so in the ledger. A damaged one keeps back
    none of the others: its error is raised after them. Beginning again completes it.
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
    """Write the files of one delivery anew; returns whether any had the student."""
    folder, root = ledger.folder(entry), ledger.lake.root
    steps: list[Callable[[], bool]] = [
        partial(without_student, root, work, path, student)
        for path in sorted(folder.glob("facts/*.parquet"))
    ]
    if entry.rows_kept:
        path = folder / "rows.sealed"
        steps.append(partial(kept_rows.remove_kept_rows, work, seal, path, student))
    steps.append(partial(_forget_refused, folder / "refused.json", student))
    found: list[bool] = []
    try:
        do_all(steps, lambda step: found.append(step()))
    finally:
        if any(found):
            ledger.save(replace(entry, erasures=entry.erasures + 1))
    return any(found)


def _forget_refused(path: Path, student: int) -> bool:
    refused = read_refused(path)
    left = without(refused, student)
    if left == refused:
        return False
    write_refused(path, left)
    return True


def forget_rows(ledger: Ledger, now: dt.datetime) -> int:
    """Delete kept rows that are past their time; returns of how many deliveries.

    One that cannot be deleted keeps back none of the others: its error is raised after them.
    """
    gone: list[int] = []

    def forget(entry: Entry) -> None:
        if entry.rows_kept and entry.arrived < now - KEEP_ROWS:
            (ledger.folder(entry) / "rows.sealed").unlink(missing_ok=True)
            ledger.save(replace(entry, rows_kept=False))
            gone.append(entry.number)

    def forget_from(source: str) -> None:
        do_all(ledger.entries(source), forget)

    parts: list[Callable[[], object]] = [
        partial(do_all, ledger.sources(), forget_from),
        partial(ledger.sweep, now),
    ]
    do_all(parts, lambda part: part())
    return len(gone)


def forget_before(ledger: Ledger, source: str, day: dt.date) -> None:
    """Delete what deliveries of a source say of the days before ``day``, and their kept rows.

    Rows of a delivery that has later days go too: they are of all of its days.
    """
    for entry in ledger.entries(source):
        folder = ledger.folder(entry)
        old = [path for path in folder.glob("facts/*.parquet") if path.stem < day.isoformat()]
        if not old and not any(first < day for first, _ in entry.covered):
            continue
        for path in old:
            path.unlink(missing_ok=True)
        (folder / "rows.sealed").unlink(missing_ok=True)
        ledger.save(_from(entry, day))
    for path in ledger.before(source, day).parent.glob("*.parquet"):
        if path.stem < day.isoformat():
            path.unlink(missing_ok=True)


def _from(entry: Entry, day: dt.date) -> Entry:
    covered: tuple[Period, ...] = tuple(
        (max(first, day), last) for first, last in entry.covered if last >= day
    )
    added = tuple(each for each in entry.added if each >= day)
    return replace(entry, covered=covered, added=added, rows_kept=False)
