"""Keep who is worth a look by a school's newest screening, in place of the one before."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import sqlalchemy as sa

from store.actions.cases.open_cases import one_at_a_time
from store.actions.flags.stored_flags import still_there
from store.db.unit_of_work import Store
from store.rules.flag_rules.evidence import Finding
from store.tables import screenings, worth_a_look

_KEPT_FOR = dt.timedelta(days=14)
"""Looks of a school that is not screened any more are deleted by the screening of another one."""


def keep_looks(store: Store, school: int, day: dt.date, found: Sequence[Finding]) -> int:
    """Replace the school's looks by those of this day; return how many students they name.

    Those of an earlier day than the newest screening are not kept, since no one reads them, nor
    those of students who were erased while they were measured.
    """
    with store.unit_of_work() as work:
        one_at_a_time(work)
        newest = work.connection.execute(
            sa.select(sa.func.max(screenings.c.day)).where(screenings.c.school_id == school)
        ).scalar_one()
        kept = still_there(work.connection, found)
        if newest is None or newest <= day:
            gone = (worth_a_look.c.school_id == school) | (worth_a_look.c.day < day - _KEPT_FOR)
            work.connection.execute(sa.delete(worth_a_look).where(gone))
            if kept:
                rows = [_row(school, day, each) for each in kept]
                work.connection.execute(sa.insert(worth_a_look), rows)
    return len({each.student for each in kept})


def _row(school: int, day: dt.date, found: Finding) -> dict[str, object]:
    return {
        "student_id": found.student,
        "school_id": school,
        "day": day,
        "kind": found.rule,
        "module": found.module or "",
        "item": found.subject,
        "due": dt.date.fromisoformat(str(found.measured["due"])),
        "unseen_days": int(found.measured["days unseen"]),
        "reason_staff": found.reason_staff,
        "reason_student": found.reason_student,
        "source": found.source,
        "fresh": found.fresh,
    }
