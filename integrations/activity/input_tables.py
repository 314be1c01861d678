"""Create what the measures of some mornings are taken from, but for the enrolments."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Sequence

from integrations.activity.catching import Asked
from integrations.activity.coming_work import ahead_table, reach_ahead
from integrations.activity.excuses import REACH, agree_excuses, excuses_table
from integrations.activity.lake import Lake
from integrations.activity.measured import ONE_DAY, first_of
from integrations.activity.mornings import Morning, Mornings
from integrations.activity.records import AskRecords
from integrations.activity.relations import (
    AgreedSource,
    early_view,
    extensions_table,
    rows_of,
    source_tables,
    stated_view,
)
from integrations.activity.scratch_database import ScratchDatabase
from store.rules.flag_rules.base import through
from store.rules.model import MarkerFamily


def input_tables(
    work: ScratchDatabase,
    lake: Lake,
    records: AskRecords | None,
    mornings: Mornings,
    asked: Sequence[Asked],
) -> None:
    """Create ``agreed``, ``delivered``, ``early``, ``ahead``, ``extensions``, ``excuses``,
    ``delivered_rows`` and ``stated``.
    """
    each_asked = list(zip(mornings, asked, strict=True))
    first, last = first_of(mornings.day), through(mornings.day)
    _sources(work, lake, each_asked)
    recent = _rows(work, "files", lake, mornings, (first, last))
    early = _rows(
        work, "early_files", lake, mornings, (dt.date.min, first - ONE_DAY), _of_work(asked)
    )
    extensions_table(work, f"(FROM {early} UNION ALL FROM {recent})")
    early_view(work, early)
    excuses_table(work, _rows(work, "excuse_files", lake, mornings, (first - REACH, last)))
    coming = (last + ONE_DAY, last + reach_ahead(asked))
    ahead_table(work, _rows(work, "ahead_files", lake, mornings, coming, _of_work(asked)))
    if records is not None:
        _agreed_excuses(work, records, mornings)
    met = {
        (student + at.base, at.later(day))
        for at, each in each_asked
        for student, day in each.met
        if first_of(at.day) <= day <= at.through
    }
    someone_is_back = any(each.back for each in asked)
    stated_view(work, recent, someone_is_back=someone_is_back, met=met)


def _rows(
    work: ScratchDatabase,
    variable: str,
    lake: Lake,
    mornings: Mornings,
    days: tuple[dt.date, dt.date],
    only: Collection[str] | None = None,
) -> str:
    """Return SQL for the rows of these days, which are the last morning's, as each morning has
    them.

    ``only`` names the sources; None: all of them.
    """
    first, last = days
    if first > last:
        return rows_of(work, variable, ())
    since = first if first == dt.date.min else first - mornings.span
    files = lake.files(since, last).items()
    paths = [path for which, path in files if only is None or which.source in only]
    return mornings.rows(rows_of(work, variable, paths), first, last)


def _sources(
    work: ScratchDatabase, lake: Lake, each_asked: Iterable[tuple[Morning, Asked]]
) -> None:
    newest: dict[str, dt.date] = {}
    agreed: list[AgreedSource] = []
    for at, each in each_asked:
        days = lake.newest_days(at.through, first_of(at.day))
        newest |= {at.mark + source: at.later(day) for source, day in days.items()}
        agreed += (
            AgreedSource(at.mark + one.school, one.family, at.mark + one.source)
            for one in each.agreed
        )
    source_tables(work, agreed, newest)


def _of_work(asked: Iterable[Asked]) -> set[str]:
    """Return the sources with submissions, of which all days are read."""
    return {
        one.source
        for each in asked
        for one in each.agreed
        if one.family is MarkerFamily.SUBMISSIONS
    }


def _agreed_excuses(work: ScratchDatabase, records: AskRecords, mornings: Mornings) -> None:
    with records() as known:
        agreed = [
            (student + at.base, family, at.later(since), at.later(until))
            for at in mornings
            for student, family, since, until in known.adjustments(first_of(at.day), at.through)
        ]
    agree_excuses(work, agreed)
