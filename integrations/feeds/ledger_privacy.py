"""What leaves the ledger: students who are erased, kept rows after their time, old swipes."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from integrations.activity.day_files import without_student
from integrations.feeds import kept_rows
from integrations.feeds.kept_rows import Seal
from integrations.feeds.ledger import Entry, Ledger
from integrations.feeds.own_range import Period
from integrations.feeds.refused import read_refused, without, write_refused

KEEP_ROWS = dt.timedelta(days=60)
"""How long the delivered rows are kept. The facts made of them stay as they are."""


def forget_student(ledger: Ledger, seal: Seal, student: int) -> int:
    """Write every delivery anew that says something of this student, without it.

    Returns how many deliveries that were; each says so in the ledger. Beginning again after a
    crash completes it.
    """
    changed = 0
    with ledger.lake.workspace() as work:
        for entry in ledger.entries():
            folder = ledger.folder(entry)
            found = [
                without_student(ledger.lake.root, work, path, student)
                for path in sorted(folder.glob("facts/*.parquet"))
            ]
            if entry.rows_kept:
                path = folder / "rows.sealed"
                found.append(kept_rows.forget_student(work, seal, path, student))
            refused = read_refused(folder / "refused.json")
            left = without(refused, student)
            if left != refused:
                write_refused(folder / "refused.json", left)
                found.append(True)
            if any(found):
                ledger.save(replace(entry, erasures=entry.erasures + 1))
                changed += 1
        for owner, path in ledger.files_of_facts():
            if owner is None:
                without_student(ledger.lake.root, work, path, student)
    return changed


def forget_rows(ledger: Ledger, now: dt.datetime) -> int:
    """Delete kept rows that are past their time; returns of how many deliveries."""
    old = [
        entry for entry in ledger.entries() if entry.rows_kept and entry.arrived < now - KEEP_ROWS
    ]
    for entry in old:
        (ledger.folder(entry) / "rows.sealed").unlink(missing_ok=True)
        ledger.save(replace(entry, rows_kept=False))
    ledger.sweep(now)
    return len(old)


def forget_before(ledger: Ledger, source: str, day: dt.date) -> None:
    """Delete what deliveries of a source say of the days before ``day``, and their kept rows.

    For sources that may be kept a few days only. Rows of a delivery that has later days go too:
    they are of all of its days.
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
