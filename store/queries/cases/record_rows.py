"""Read the rows of a case that nearly every card needs, in one statement."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from store.db import repository
from store.db.read_once import Of, read_each
from store.db.student_keys import keys_of, know_keys
from store.db.together import Together
from store.queries.cases.entry_parts import EVERY
from store.queries.cases.over import IS_OVER
from store.tables import adjustments, cases, flags, modules, policies, schools, student_keys

_THESE: sa.BindParameter[int] = sa.bindparam("these", expanding=True)
_worded_by = policies.alias("worded_by")
_FLAGS = (
    sa.select(
        flags,
        policies.c.version,
        _worded_by.c.version.label("worded_by"),
        sa.case((policies.c.school_id != cases.c.school_id, schools.c.name), else_="").label(
            "policy_of"
        ),
        modules.c.title,
        IS_OVER.label("is_over"),
    )
    .join(policies, policies.c.id == flags.c.policy_id)
    .join(schools, schools.c.id == policies.c.school_id)
    .join(cases, cases.c.id == flags.c.case_id)
    .outerjoin(_worded_by, _worded_by.c.id == flags.c.worded_policy_id)
    .outerjoin(modules, modules.c.code == flags.c.module)
    .where(flags.c.case_id.in_(_THESE))
    .order_by(flags.c.raised_on, flags.c.id)
)


_KEYS = keys_of(
    student_keys.c.student_id.in_(sa.select(cases.c.student_id).where(cases.c.id.in_(_THESE)))
)
_AGREED = (
    sa.select(
        cases.c.id.label("case_id"),
        adjustments.c.family,
        adjustments.c.first,
        adjustments.c.last,
        adjustments.c.ended_at,
    )
    .join(adjustments, adjustments.c.student_id == cases.c.student_id)
    .where(cases.c.id.in_(_THESE))
    .order_by(adjustments.c.first, adjustments.c.id)
)
_TOGETHER = Together(EVERY, _FLAGS, repository.DRAFTS, _AGREED, _KEYS)


@dataclass(frozen=True, slots=True)
class RecordRows:
    """The rows of one case for its card: ``entries`` in the columns of ``RecordEntry``; ``flags``,
    oldest first; the ``draft``, a row of ``outreach``; None for none.
    """

    entries: tuple[Any, ...]
    flags: tuple[Any, ...]
    draft: Any | None
    agreed: tuple[Any, ...]
    """Adjustments of the student: family, first, last, ended_at; oldest first."""


@read_each(Of.CASE)
def record_rows(connection: sa.Connection, these: Collection[int]) -> Mapping[int, RecordRows]:
    """Return the rows of a case that its card needs, from one statement."""
    *found, keys = _TOGETHER.rows(connection, {"these": list(these)})
    know_keys(connection, keys)
    entries, raised, drafts, agreed = map(_by_case, found)
    return {
        each: RecordRows(
            tuple(entries[each]),
            tuple(raised[each]),
            next(iter(drafts[each]), None),
            tuple(agreed[each]),
        )
        for each in these
    }


def _by_case(rows: Iterable[Any]) -> defaultdict[int, list[Any]]:
    found: defaultdict[int, list[Any]] = defaultdict(list)
    for row in rows:
        found[row.case_id].append(row)
    return found
