"""What became of a school's cases, in numbers. Who may not see small ones is the card's affair."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import TypeVar

import sqlalchemy as sa

from store.queries.outreach.replies import heard
from store.rules.model import Help, Outcome, Usefulness
from store.tables import cases, flags, schools, views

Word = TypeVar("Word")
SMALLEST = 5
"""Below it a faculty lead sees no number: few students could be told apart."""


@dataclass(frozen=True, slots=True)
class Report:
    """``useful`` is by rule. Counts of cases that were opened in the period."""

    school_name: str
    since: dt.date
    opened: int
    closed: int
    outcomes: tuple[tuple[Outcome, int], ...]
    helped: tuple[tuple[Help, int], ...]
    useful: tuple[tuple[str, tuple[tuple[Usefulness, int], ...]], ...]
    days_to_view: int | None
    """The median of days from opening to the first view; None where there was none."""
    answered: int


def report(connection: sa.Connection, school: int, since: dt.date) -> Report:
    """The cases of a school that were opened on or after a day."""
    name = connection.execute(sa.select(schools.c.name).where(schools.c.id == school)).scalar_one()
    rows = connection.execute(
        sa.select(cases).where(cases.c.school_id == school, cases.c.opened_on >= since)
    ).all()
    ids = [row.id for row in rows]
    return Report(
        school_name=name,
        since=since,
        opened=len(rows),
        closed=sum(row.closed_at is not None for row in rows),
        outcomes=_counted(Outcome(row.outcome) for row in rows if row.outcome),
        helped=_counted(Help(each) for row in rows for each in row.helped),
        useful=_useful(connection, {row.id: row.usefulness for row in rows if row.usefulness}),
        days_to_view=_days_to_view(connection, {row.id: row.opened_at for row in rows}),
        answered=_answered(connection, ids),
    )


def _counted(words: Iterable[Word]) -> tuple[tuple[Word, int], ...]:
    return tuple(Counter(words).most_common())


def _useful(
    connection: sa.Connection, said: dict[int, str]
) -> tuple[tuple[str, tuple[tuple[Usefulness, int], ...]], ...]:
    found: dict[str, Counter[Usefulness]] = {}
    pairs = connection.execute(
        sa.select(flags.c.rule, flags.c.case_id).where(flags.c.case_id.in_(said)).distinct()
    )
    for rule, case in pairs:
        found.setdefault(rule, Counter())[Usefulness(said[case])] += 1
    return tuple((rule, tuple(each.most_common())) for rule, each in sorted(found.items()))


def _days_to_view(connection: sa.Connection, opened: dict[int, dt.datetime]) -> int | None:
    first: dict[int, dt.datetime] = {}
    rows = connection.execute(
        sa.select(views.c.case_id, views.c.at).where(views.c.case_id.in_(opened))
    )
    for case, at in rows:
        first[case] = min(at, first.get(case, at))
    days = sorted((at - opened[case]).days for case, at in first.items())
    return days[len(days) // 2] if days else None


def _answered(connection: sa.Connection, ids: Collection[int]) -> int:
    query = sa.select(sa.func.count(heard.c.case_id.distinct())).where(heard.c.case_id.in_(ids))
    return int(connection.execute(query).scalar_one())
