"""Check what a delivery would remove, before it does: a large loss waits for a person."""

# ruff: noqa: S608 -- the SQL is put together from our own texts; values are parameters.

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path

from integrations.activity.scratch_database import ScratchDatabase
from store.rules.text.formatting import counted, on_day

LARGEST_SHARE = 0.2
"""A loss of more than this share of a day's rows..."""
AT_LEAST = 10
"""...and at least so many rows is much, and so is as much of all the days together: of a small
class a day has few rows. All rows of a day that had some is much, too."""


@dataclass(frozen=True, slots=True)
class Loss:
    """The rows that a day would lose, and how many it has."""

    day: dt.date
    lost: int
    had: int


def losses(
    work: ScratchDatabase,
    files: Iterable[Path],
    modules: Collection[str] | None,
    beside: Iterable[Path] = (),
) -> list[Loss]:
    """Return the days of these files that would lose much, or all that would lose something where
    they lose much together, if ``rollup`` replaced them.

    ``modules`` are those that the delivery covers; None: all. ``beside`` are the facts of
    deliveries that arrived together with it, which stay.
    """
    paths = [str(path) for path in files]
    if not paths:
        return []
    work.table("spoken_for", {"module": "VARCHAR"}, ((each,) for each in modules or ()))
    spoken = (
        "true"
        if modules is None
        else "coalesce(module, '') IN (SELECT coalesce(module, '') FROM spoken_for)"
    )
    together = [str(path) for path in beside]
    also = (
        "UNION SELECT CAST(parse_filename(filename, true) AS DATE), student, module, family, item, "
        "true FROM read_parquet($beside, filename = true)"
        if together
        else ""
    )
    rows = work.con.execute(
        f"""
        WITH old AS (
            SELECT CAST(parse_filename(filename, true) AS DATE) AS day, student, module, family,
                item, {spoken} AS spoken
            FROM read_parquet($files, filename = true)
        ),
        new AS (
            SELECT DISTINCT day, student, module, family, item, true AS stays
            FROM rollup WHERE student IS NOT NULL {also}
        ),
        of_day AS (
            SELECT old.day, count(*) AS had, count(*) FILTER (spoken AND stays IS NULL) AS lost
            FROM old LEFT JOIN new
                ON new.day = old.day AND new.student = old.student AND new.module = old.module
                AND new.family = old.family AND new.item IS NOT DISTINCT FROM old.item
            GROUP BY old.day
        )
        SELECT day, lost, had, day IN (SELECT day FROM new) FROM of_day ORDER BY day
        """,
        {"files": paths} | ({"beside": together} if together else {}),
    ).fetchall()
    of_day = [
        Loss(day, lost, had)
        for day, lost, had, has_rows in rows
        if _is_much(lost, had) or (lost and lost == had and not has_rows)
    ]
    together_much = _is_much(sum(row[1] for row in rows), sum(row[2] for row in rows))
    if of_day or not together_much:
        return of_day
    return [Loss(day, lost, had) for day, lost, had, _ in rows if lost]


def _is_much(lost: int, had: int) -> bool:
    return lost >= AT_LEAST and lost > LARGEST_SHARE * had


def describe_loss(name: str, number: int, found: Collection[Loss]) -> str:
    """Write what the delivery would remove, and what to do."""
    worst = max(found, key=lambda each: (each.lost / each.had, each.lost))
    days = "" if len(found) == 1 else f", and much of {counted(len(found) - 1, 'other day')}"
    return (
        f"{name} would remove {worst.lost} of the {counted(worst.had, 'row')} of "
        f"{on_day(worst.day)}{days}. It waits for your decision, and nothing was changed. If it "
        "is right, run: "
        f"lantern feeds accept {number}. If not, run: lantern feeds withdraw {number}, correct "
        "the file and load it again. If the file is complete, load it with --complete."
    )
