"""Update the charts and cards of open cases after a screening."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping

import sqlalchemy as sa

from store.db.batches import chunks
from store.db.unit_of_work import UnitOfWork
from store.delivery import outbox
from store.rules.flag_rules.session_weeks import Weeks
from store.rules.model import OutboxKind
from store.tables import CASE_IS_OPEN, FLAG_IS_ACTIVE, cases, flags


def with_active_flags(work: UnitOfWork, school: int) -> set[int]:
    """Return the cases that an active flag of this school is on, by id."""
    on_a_case = sa.select(flags.c.case_id).where(
        flags.c.school_id == school,
        FLAG_IS_ACTIVE,
        flags.c.case_id.is_not(None),
    )
    return set(work.connection.execute(on_a_case.distinct()).scalars())


def renew_charts(
    work: UnitOfWork, which: Iterable[int], weeks: Mapping[int, Weeks], day: dt.date
) -> None:
    """Store the chart of each open case up to the day before ``day``, where it is older."""
    until = day - dt.timedelta(days=1)
    for part in chunks(sorted(which)):
        rows = work.connection.execute(
            sa.select(cases.c.id, cases.c.student_id, cases.c.weeks, cases.c.weeks_until).where(
                cases.c.id.in_(part), CASE_IS_OPEN, cases.c.weeks_until < day
            )
        ).all()
        changed = [
            {"case": row.id, "chart": list(weeks[row.student_id])}
            for row in rows
            if row.student_id in weeks
            and (row.weeks_until, row.weeks) != (until, list(weeks[row.student_id]))
        ]
        if changed:
            work.connection.execute(
                sa.update(cases)
                .where(cases.c.id == sa.bindparam("case"))
                .values(weeks=sa.bindparam("chart"), weeks_until=until),
                changed,
            )


def show_afresh(work: UnitOfWork, which: Iterable[int]) -> None:
    """Queue an update of the cards of those of these cases that are open."""
    for part in chunks(sorted(which)):
        rows = work.connection.execute(
            sa.update(cases)
            .where(cases.c.id.in_(part), CASE_IS_OPEN)
            .values(version=cases.c.version + 1, changed_at=work.now)
            .returning(cases.c.id, cases.c.version, cases.c.school_id)
        ).all()
        for row in rows:
            outbox.put(
                work,
                OutboxKind.CARD,
                f"card:{row.id}:{row.version}",
                school=row.school_id,
                case=row.id,
            )
