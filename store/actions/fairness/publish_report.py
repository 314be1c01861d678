"""Publish a school's fairness report of a year: made once, and the same ever after.

If it were made again after a student objected, left or was corrected, the difference would tell in
which group that student is.
"""

from __future__ import annotations

import secrets
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from enum import Enum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from store.actions.request import Request, in_school
from store.db.unit_of_work import Store
from store.policies.versions import school_policy
from store.queries.fairness.groups import groups_of_school
from store.queries.fairness.happened import Happened, what_happened
from store.queries.fairness.published import published_figures, to_json
from store.queries.schools.staff import School
from store.rules.access.permissions import Action
from store.rules.calendar import institution_day
from store.rules.errors import InvalidInput, NotPossibleNow
from store.rules.fairness.protect import Published, changed_by_few, hidden_by_step, protect_counts
from store.rules.fairness.report import (
    Characteristic,
    DaysToContact,
    FairnessReport,
    fairness_report,
)
from store.rules.fairness.statistics import compare_times, median_range
from store.rules.fairness.steps import Step
from store.rules.fairness.words import said_year
from store.rules.fairness.years import AcademicYear
from store.rules.text.formatting import long_date
from store.tables.group_tables import fairness_figures

Earlier = Mapping[str, Sequence[Mapping[str, Collection[str]]]]
"""Characteristic → for each earlier report, step → digests of the students that it counts."""


def publish_report(store: Store, school: School, year: AcademicYear) -> FairnessReport:
    """Return the report of a school and year; make what is not made yet.

    A characteristic is reported once the groups of half of the students are known.

    Raises:
        NotPossibleNow: the year can not be reported yet.
        InvalidInput: no groups are loaded, or the school has no policy in force.
    """
    today = institution_day(store.now())
    if today < year.reported_from:
        raise NotPossibleNow(
            f"The year to {long_date(year.last)} can be reported from "
            f"{long_date(year.reported_from)} on, when its last cases have had time."
        )
    with store.database.read() as connection:
        done = published_figures(connection, school.id, year)
        made, why = _new_figures(store, connection, school, year, {c.name for c in done})
    if made:
        _save(store, school.id, year, made)
        with store.database.read() as connection:
            done = published_figures(connection, school.id, year)
    if not done:
        raise InvalidInput(_nothing(school, year, why))
    return fairness_report(school.code, school.name, year, done)


def record_look(store: Store, request: Request, school: int, year: AcademicYear) -> None:
    """Record that a person sees the report. Raises ``NotAllowed`` where they may not."""
    with in_school(store, request, Action.FAIRNESS, school) as asked:
        asked.record("fairness", year=year.first.isoformat())


class _Lacks(Enum):
    """What a report needs and does not have."""

    STUDENTS = "students of that year"
    GROUPS = "the groups of most of them"
    ENOUGH = "groups that are large enough"


New = list[tuple[Characteristic, dict[str, list[str]]]]
"""What is published of each characteristic, and step → digests of the students counted."""


def _new_figures(
    store: Store,
    connection: sa.Connection,
    school: School,
    year: AcademicYear,
    done: Collection[str],
) -> tuple[New, _Lacks]:
    """Make the figures that are missing; also return why there may be none."""
    groups = groups_of_school(connection, store.seal, school.id)
    names = {name for each in groups.values() for name in each} - set(done)
    if not names:
        return [], _Lacks.GROUPS
    scope = school_policy(connection, school.id, institution_day(store.now())).scope
    happened = what_happened(connection, school.id, scope, year)
    everyone = happened.steps[Step.STUDENTS]
    earlier = _counted_before(connection, school.id)
    marks = {who: store.mark(f"counted:{who}")[:16] for who in everyone}
    made: New = []
    why = _Lacks.GROUPS if everyone else _Lacks.STUDENTS
    for name in sorted(names):
        of = {who: each[name] for who, each in groups.items() if name in each and who in everyone}
        if not of or 2 * len(of) < len(everyone):
            continue
        counted = {
            step: [marks[who] for who in sorted(those & of.keys())]
            for step, those in happened.steps.items()
        }
        withheld = [
            step
            for step in Step
            if changed_by_few(counted[step], [each[step] for each in earlier[name] if step in each])
        ]
        figures = _figures(name, of, happened, withheld)
        shown = figures.counts.get(Step.STUDENTS)
        if shown is None or any(number is not None for number in shown.values()):
            made.append((figures, {step: counted[step] for step in figures.counts}))
        else:
            why = _Lacks.ENOUGH
    return made, why


def _nothing(school: School, year: AcademicYear, why: _Lacks) -> str:
    if why is _Lacks.STUDENTS:
        return (
            f"No student of {school.name} was enrolled from {said_year(year)}, so there is nothing "
            "to compare. A report covers 1 August to 31 July, and can be made from 29 August on."
        )
    if why is _Lacks.ENOUGH:
        return (
            f"{school.name} had too few students in this year for figures that identify no one. "
            "Wider groups may help."
        )
    return (
        f"The groups of too few students of {school.name} from {said_year(year)} are known. Load "
        "them: lantern ingest groups FILE"
    )


def _figures(
    name: str, of: Mapping[int, str], happened: Happened, withheld: Collection[Step]
) -> Characteristic:
    names = sorted(set(of.values()))
    counts = {
        step: {group: sum(of.get(who) == group for who in those) for group in names}
        for step, those in happened.steps.items()
    }
    published = protect_counts(counts, secrets.SystemRandom().random, withheld)
    hidden = hidden_by_step(counts)[Step.CONTACTED]
    waits: defaultdict[str, list[int]] = defaultdict(list)
    for who, days in happened.days.items():
        if who in of and of[who] not in hidden:
            waits[of[who]].append(days)
    return Characteristic(name, published, _days(published, waits))


def _days(published: Published, waits: Mapping[str, Sequence[int]]) -> dict[str, DaysToContact]:
    if Step.CONTACTED not in published:
        return {}
    found = {}
    for group, days in waits.items():
        others = [day for other, each in waits.items() if other != group for day in each]
        chance = compare_times(days, others) if others else 1.0
        found[group] = DaysToContact(*median_range(days), round(chance, 6))
    return found


def _counted_before(
    connection: sa.Connection, school: int
) -> defaultdict[str, list[Mapping[str, Collection[str]]]]:
    found: defaultdict[str, list[Mapping[str, Collection[str]]]] = defaultdict(list)
    rows = connection.execute(
        sa.select(fairness_figures.c.characteristic, fairness_figures.c.counted).where(
            fairness_figures.c.school_id == school
        )
    )
    for name, counted in rows:
        found[name].append(counted)
    return found


def _save(store: Store, school: int, year: AcademicYear, made: New) -> None:
    with store.unit_of_work() as work:
        is_sqlite = work.connection.dialect.name == "sqlite"
        insert: Callable[[sa.Table], Any] = sqlite.insert if is_sqlite else postgresql.insert
        for figures, counted in made:
            # Of two that make it at once, the first counts.
            work.connection.execute(
                insert(fairness_figures)
                .values(
                    school_id=school,
                    first=year.first,
                    characteristic=figures.name,
                    figures=to_json(figures),
                    counted=counted,
                    at=work.now,
                )
                .on_conflict_do_nothing()
            )
        work.record(
            "system:fairness",
            "publish-fairness",
            f"school:{school}",
            year=year.first.isoformat(),
            characteristics=len(made),
        )
