"""Find the work that has not arrived, by ``arrivals`` and ``settling`` in the flag rules.

Its feed may have lost it, so no one's counts as missed: the engine asks ``held_table``, and the
messages to leads ask ``held_now``.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection

from integrations.activity.excuses import REACH, excuses_table, waive
from integrations.activity.lake import Lake
from integrations.activity.queries import make_table
from integrations.activity.relations import (
    AgreedSource,
    early_view,
    enrolments_table,
    extensions_table,
    rows_of,
    source_tables,
    stated_view,
)
from integrations.activity.scratch_database import ScratchDatabase
from store.rules.flag_rules.arrivals import (
    HABIT,
    HELD_FOR,
    ClassWork,
    HeldWork,
    held_work,
    not_to_be_judged,
)
from store.rules.flag_rules.base import through
from store.rules.flag_rules.settling import unsettled_work

_COUNTS = """
SELECT
    CAST(school AS VARCHAR), CAST(source AS VARCHAR), CAST(module AS VARCHAR), item, due,
    CASE WHEN handed_in IS NOT NULL THEN GREATEST(handed_in - due, 0) END AS late,
    COUNT(*) AS students
FROM work
WHERE is_owed AND due >= $first
GROUP BY ALL
"""


def held_table(work: ScratchDatabase, last: dt.date, corrected: Collection[str]) -> None:
    """Create ``held`` (module, item, source), the work that is not judged yet, from ``work``.

    ``corrected`` are the sources that lately corrected a day.
    """
    works = _class_work(work, last)
    doubted = not_to_be_judged(works, held_work(works, last), last)
    doubted += unsettled_work((each for each in works if each.source in corrected), last)
    work.table(
        "held",
        {"module": "VARCHAR", "item": "VARCHAR", "source": "VARCHAR"},
        ((each.module, each.item, each.source) for each in doubted),
    )


def held_now(lake: Lake, day: dt.date, agreed: Collection[AgreedSource]) -> list[HeldWork]:
    """Find the work that has not arrived on the morning of ``day``, for people to read.

    Raises ``LakeError`` where there is no roster.
    """
    last = through(day)
    first = last - HELD_FOR - HABIT
    with lake.workspace() as work:
        enrolments_table(work, lake.roster, day)
        source_tables(work, agreed, lake.newest_days(last))
        excusing = lake.files(first - REACH, last).values()
        excuses_table(work, rows_of(work, "excuse_files", excusing))
        early_view(work, rows_of(work, "early_files", ()))
        rows = rows_of(work, "files", lake.files(first, last).values())
        extensions_table(work, rows)
        stated_view(work, rows)
        waive(work)
        make_table(work, "work", "work", {"through": last})
        return held_work(_class_work(work, last), last)


def _class_work(work: ScratchDatabase, last: dt.date) -> list[ClassWork]:
    """Read the work of each class. Most students' due day is the class's: the others have more
    time."""
    first = last - HELD_FOR - HABIT
    came: dict[tuple[str, str, str, str], dict[int, int]] = defaultdict(lambda: defaultdict(int))
    asked: dict[tuple[str, str, str, str], dict[dt.date, int]] = defaultdict(
        lambda: defaultdict(int)
    )
    for *which, due, late, students in work.con.execute(_COUNTS, {"first": first}).fetchall():
        piece = (which[0], which[1], which[2], which[3])
        asked[piece][due] += students
        if late is not None:
            came[piece][late] += students
    return [
        ClassWork(
            *piece, max(dues, key=lambda due: (dues[due], due)), sum(dues.values()), came[piece]
        )
        for piece, dues in asked.items()
    ]
