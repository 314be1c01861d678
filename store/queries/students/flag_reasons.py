"""Read what a student is told about their active flags: reasons and sources, each once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from store.letters.welsh_reasons import in_welsh
from store.queries.flag_facts import facts_once
from store.queries.module_titles import names_of, titled
from store.rules.flag_rules.inactivity import says_where, without_where
from store.rules.flag_rules.measured_days import gaps_once
from store.rules.flag_rules.source_dates import by_family, dates_of_flag, stored_dates
from store.rules.flags.grace import SILENCE
from store.rules.model import FlagState, MarkerFamily
from store.tables import flags, modules


@dataclass(frozen=True, slots=True)
class FlagReasons:
    """The reasons for a student, each once, and the families of evidence behind them.

    Inactivity comes first, since the other reasons may follow from it; then the oldest.
    """

    reasons: tuple[str, ...]
    welsh: tuple[str, ...]
    """Each of them in Welsh; '' where it is not known."""
    fresh: Mapping[MarkerFamily, dt.date]
    """The last day that is known of each family."""


def reasons_for_student(connection: sa.Connection, which: sa.ColumnElement[bool]) -> FlagReasons:
    """Return the reasons of the active flags that the condition ``which`` selects.

    Families and their days are separate from the sentences, which might contradict each other. A
    flag of an earlier version without such days keeps the sentence that names them.
    """
    return reasons_of(
        connection.execute(
            sa.select(flags, modules.c.title)
            .outerjoin(modules, modules.c.code == flags.c.module)
            .where(which)
            .order_by(flags.c.raised_on, flags.c.id)
        ).all()
    )


def reasons_of(found: Iterable[Any]) -> FlagReasons:
    """Return the same of rows of ``flags``, oldest first, with the title of the module."""
    active = [row for row in found if row.state == FlagState.ACTIVE]
    rows = sorted(active, key=lambda row: row.rule != SILENCE)
    titles = names_of({row.module: row.title or "" for row in rows if row.module})
    told = {row.id for row in facts_once(rows, "reason_student")}
    said: dict[str, Any] = {}
    """Each reason, with the module's code, and its row."""
    fresh: dict[MarkerFamily, dt.date] = {}
    for row in rows:
        by_itself = says_where(row.reason_student)
        dates = stored_dates(row.measured)
        keeps = by_itself and not dates
        reason = row.reason_student if keeps else without_where(row.reason_student)
        if row.id in told:
            said.setdefault(reason, row)
        if keeps:
            continue
        of_flag = by_family(
            dates_of_flag(row.measured, MarkerFamily(row.family), row.source, row.fresh)
        )
        for family, day in of_flag.items():
            fresh[family] = max(day, fresh.get(family, day))
    told_once = list(zip(gaps_once(said), said.values(), strict=True))
    return FlagReasons(
        tuple(titled(reason, row.module, titles) for reason, row in told_once),
        tuple(welsh_of_flag(row, reason, titles) for reason, row in told_once),
        dict(sorted(fresh.items())),
    )


def welsh_of_flag(row: Any, reason: str, titles: Mapping[str, str]) -> str:
    """Return the reason of a row of ``flags`` in Welsh, with the module's title; '' where it is
    not known. ``reason`` names the module by its code.
    """
    subject = row.key.removeprefix(f"{row.rule}|{row.module or ''}|")
    return titled(in_welsh(reason, row.module, subject) or "", row.module, titles)
