"""Read a school's morning digest, and which owners want a digest of their own."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from store.policies.versions import why_not_screened
from store.queries.cases.lists import CaseLine, open_cases
from store.queries.contacts import select_answers
from store.queries.flags.looks import LookCount, count_looks
from store.rules.model import CaseStatus
from store.tables import CASE_IS_OPEN, cases, holds, schools, screenings, staff


@dataclass(frozen=True, slots=True)
class DigestView:
    """A school's morning digest: counts, and the cases that are new or need action."""

    school: int
    school_name: str
    day: dt.date
    new: tuple[CaseLine, ...]
    answered: tuple[CaseLine, ...]
    waiting_for_approval: tuple[CaseLine, ...]
    open_total: int
    by_status: tuple[tuple[CaseStatus, int], ...]
    screened: bool
    over: tuple[CaseLine, ...] = ()
    """Those of which every reason has ended."""
    held: int = 0
    """How many held days wait for an answer; their students have no card yet."""
    looks: tuple[LookCount, ...] = ()
    """How many students without a flag are worth a look."""
    unruled: str = ""
    """Why no one is screened in the school; '' where a policy is in force."""


def cases_in_a_digest(connection: sa.Connection, school: int) -> Mapping[int, int]:
    """Map each of the school's open cases to its owner, where they want their own digest."""
    query = (
        sa.select(cases.c.id, cases.c.owner_id)
        .join(staff, staff.c.id == cases.c.owner_id)
        .where(cases.c.school_id == school, CASE_IS_OPEN, staff.c.wants_digest)
    )
    return {row.id: row.owner_id for row in connection.execute(query)}


_OF_A_DIGEST = sa.select(
    schools.c.name,
    sa.exists()
    .where(
        screenings.c.school_id == schools.c.id,
        screenings.c.day == sa.bindparam("day", type_=sa.Date()),
    )
    .label("screened"),
    sa.select(sa.func.count())
    .where(holds.c.school_id == schools.c.id, holds.c.decision.is_(None))
    .scalar_subquery()
    .label("held"),
).where(schools.c.id == sa.bindparam("school"))


def school_digest(
    connection: sa.Connection, school: int, day: dt.date, reader: int | None = None
) -> DigestView:
    """Return what a school's colleagues should know on the morning of ``day``.

    ``reader`` is the one member of staff who sees it, as for ``open_cases``.
    """
    lines = open_cases(connection, [school], reader=reader, today=day)
    answered = _ids(
        connection,
        sa.select(select_answers().c.case_id).distinct(),
    )
    known = connection.execute(_OF_A_DIGEST, {"school": school, "day": day}).one()
    counts = Counter(line.status for line in lines)
    return DigestView(
        school=school,
        school_name=known.name,
        day=day,
        new=tuple(line for line in lines if line.opened_on == day),
        answered=tuple(
            line for line in lines if line.status is CaseStatus.RESPONDED and line.id in answered
        ),
        waiting_for_approval=tuple(line for line in lines if line.has_draft and not line.is_over),
        over=tuple(line for line in lines if line.is_over),
        open_total=len(lines),
        by_status=tuple((status, counts[status]) for status in CaseStatus if counts[status]),
        screened=known.screened,
        held=known.held,
        looks=count_looks(connection, [school], day),
        unruled=why_not_screened(connection, school, day),
    )


def _ids(connection: sa.Connection, query: sa.Select[Any]) -> frozenset[int]:
    return frozenset(connection.execute(query).scalars())
