"""Report the outcomes of a school's cases, in figures that identify no one."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

import sqlalchemy as sa

from store.db.read_once import Of, read_each
from store.queries.contacts import select_answers
from store.queries.deaths import lives
from store.queries.schools.staff import all_schools
from store.queries.tries import select_tries
from store.rules.calendar import institution_day
from store.rules.model import Help, Outcome, Usefulness
from store.rules.small_numbers import PUBLISHED, Figures, ReportPeriod
from store.tables import cases, flags, views

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
    read = _read(connection, school, period.since)
    rows = [row for row in read.cases if period.holds(row.opened_on)]
    ended = [row for row in rows if row.closed_at and period.known(institution_day(row.closed_at))]
    opened = {row.id: row.opened_at for row in rows}
    median, viewed = _days_to(
        opened, ((row.case_id, row.at) for row in read.views if row.case_id in opened), period
    )
    tries = [row for row in read.tries if row.case_id in opened and _known(row.at, period)]
    contact, contacted = _days_to(
        opened, ((each.case_id, each.at) for each in tries if each.is_contact), period
    )
    return Report(
        school_name=read.school_name,
        period=period,
        opened=figures.number(len(rows)),
        closed=figures.number(len(ended)),
        outcomes=figures.parts(_counted(Outcome(row.outcome) for row in ended if row.outcome)),
        helped=figures.parts(_counted(Help(each) for row in ended for each in row.helped)),
        useful=tuple(
            (rule, parts)
            for rule, counts in _useful(
                read.flags, {row.id: row.usefulness for row in ended if row.usefulness}
            )
            if (parts := figures.parts(counts))
        ),
        days_to_view=figures.average(median, viewed),
        answered=figures.number(
            len(
                {
                    row.case_id
                    for row in read.answers
                    if row.case_id in opened and _known(row.at, period)
                }
            )
        ),
        exact=figures.exact,
        days_to_contact=figures.average(contact, contacted),
        steps=figures.parts(_counted(step for _, step in {(t.case_id, t.step) for t in tries})),
    )


@dataclass(frozen=True, slots=True)
class _Rows:
    """What the report on one school counts: its cases opened since a day, and what is on them."""

    school_name: str
    cases: tuple[Any, ...]
    views: tuple[Any, ...]
    tries: tuple[Any, ...]
    flags: tuple[Any, ...]
    answers: tuple[Any, ...]


@read_each(Of.SCHOOL)
def _read(connection: sa.Connection, these: Collection[int], since: dt.date) -> Mapping[int, _Rows]:
    """Return the rows of a school; of many, in as many statements as of one."""
    counted = (
        cases.c.school_id.in_(these),
        cases.c.opened_on >= since,
        lives(cases.c.student_id),
    )

    def by_school(query: sa.Select[Any]) -> defaultdict[int, list[Any]]:
        found: defaultdict[int, list[Any]] = defaultdict(list)
        for row in connection.execute(query.where(*counted)):
            found[row.of_school].append(row)
        return found

    def on_cases(table: sa.FromClause, *columns: str) -> defaultdict[int, list[Any]]:
        on_case = cases.c.id == table.c.case_id
        wanted = (table.c[name] for name in ("case_id", *columns))
        return by_school(sa.select(_OF, *wanted).select_from(table).join(cases, on_case))

    opened, given = by_school(sa.select(_OF, cases)), on_cases(views, "at")
    taken, raised = on_cases(select_tries(), "at", "step", "is_contact"), on_cases(flags, "rule")
    heard = on_cases(select_answers(), "at")
    return {
        school.id: _Rows(
            school.name, *(tuple(each[school.id]) for each in (opened, given, taken, raised, heard))
        )
        for school in all_schools(connection)
        if school.id in these
    }


_OF = cases.c.school_id.label("of_school")


def _counted(words: Iterable[Word]) -> tuple[tuple[Word, int], ...]:
    return tuple(Counter(words).most_common())


def _useful(
    raised: Iterable[Any], said: dict[int, str]
) -> tuple[tuple[str, tuple[tuple[Usefulness, int], ...]], ...]:
    found: dict[str, Counter[Usefulness]] = {}
    for rule, case in {(row.rule, row.case_id) for row in raised if row.case_id in said}:
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


def _known(at: dt.datetime, period: ReportPeriod) -> bool:
    return period.known(institution_day(at))
