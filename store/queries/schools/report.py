"""Report the outcomes of a school's cases, in figures that identify no one."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

import sqlalchemy as sa

from store.queries.contacts import select_answers
from store.queries.deaths import lives
from store.queries.tries import select_tries
from store.rules.calendar import institution_day
from store.rules.model import Help, Outcome, Usefulness
from store.rules.small_numbers import PUBLISHED, Figures, ReportPeriod
from store.tables import cases, flags, schools, views

Word = TypeVar("Word")


@dataclass(frozen=True, slots=True)
class Report:
    """Counts of cases opened in the period, all rounded alike; ``exact`` names the exact ones.

    ``useful`` counts usefulness by rule.
    """

    school_name: str
    period: ReportPeriod
    opened: int
    closed: int
    outcomes: tuple[tuple[Outcome, int], ...]
    helped: tuple[tuple[Help, int], ...]
    useful: tuple[tuple[str, tuple[tuple[Usefulness, int], ...]], ...]
    days_to_view: int | None
    """The median of days from opening to the first view; None for none, or too few."""
    answered: int
    exact: bool
    days_to_contact: int | None = None
    """The same to the first try to contact the student."""
    steps: tuple[tuple[str, int], ...] = ()
    """How many of the cases had each step of the ladder, by its rung, or a meeting or call."""


def school_report(
    connection: sa.Connection, school: int, period: ReportPeriod, figures: Figures = PUBLISHED
) -> Report:
    """Report on the cases of a school that were opened in a period, as of its end."""
    counted = sa.and_(
        cases.c.school_id == schools.c.id,
        cases.c.opened_on >= period.since,
        lives(cases.c.student_id),
    )
    found = connection.execute(
        sa.select(schools.c.name.label("school_name"), cases)
        .select_from(schools)
        .outerjoin(cases, counted)
        .where(schools.c.id == school)
    ).all()
    rows = [row for row in found if row.id is not None and period.holds(row.opened_on)]
    ended = [row for row in rows if row.closed_at and period.known(institution_day(row.closed_at))]
    opened = {row.id: row.opened_at for row in rows}
    median, viewed = _days_to(
        opened,
        connection.execute(
            sa.select(views.c.case_id, views.c.at).where(views.c.case_id.in_(opened))
        ),
        period,
    )
    tries = _tries(connection, opened, period)
    contact, contacted = _days_to(
        opened, ((each.case_id, each.at) for each in tries if each.is_contact), period
    )
    return Report(
        school_name=found[0].school_name,
        period=period,
        opened=figures.number(len(rows)),
        closed=figures.number(len(ended)),
        outcomes=figures.parts(_counted(Outcome(row.outcome) for row in ended if row.outcome)),
        helped=figures.parts(_counted(Help(each) for row in ended for each in row.helped)),
        useful=tuple(
            (rule, parts)
            for rule, counts in _useful(
                connection, {row.id: row.usefulness for row in ended if row.usefulness}
            )
            if (parts := figures.parts(counts))
        ),
        days_to_view=figures.average(median, viewed),
        answered=figures.number(_answered(connection, {row.id for row in rows}, period)),
        exact=figures.exact,
        days_to_contact=figures.average(contact, contacted),
        steps=figures.parts(_counted(step for _, step in {(t.case_id, t.step) for t in tries})),
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


def _days_to(
    opened: Mapping[int, dt.datetime],
    events: Iterable[tuple[int, dt.datetime]],
    period: ReportPeriod,
) -> tuple[int, int]:
    """Return the median of days from opening to the first event, and its number of cases."""
    first: dict[int, dt.datetime] = {}
    for case, at in events:
        if period.known(institution_day(at)):
            first[case] = min(at, first.get(case, at))
    days = sorted(max(0, (at - opened[case]).days) for case, at in first.items())
    return (days[len(days) // 2] if days else 0), len(days)


def _tries(
    connection: sa.Connection, ids: Collection[int], period: ReportPeriod
) -> list[sa.Row[Any]]:
    """Return the steps that were taken on these cases by the end of the period."""
    tries = select_tries()
    rows = connection.execute(sa.select(tries).where(tries.c.case_id.in_(ids))).all()
    return [row for row in rows if period.known(institution_day(row.at))]


def _answered(connection: sa.Connection, ids: Collection[int], period: ReportPeriod) -> int:
    heard = select_answers()
    rows = connection.execute(
        sa.select(heard.c.case_id, heard.c.at).where(heard.c.case_id.in_(ids))
    )
    return len({case for case, at in rows if period.known(institution_day(at))})
