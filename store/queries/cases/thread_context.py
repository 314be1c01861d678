"""Read what colleagues said in the thread of a case's card."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa

from store.db.student_keys import keys_of, know_keys, open_notes
from store.db.together import Together
from store.tables import cases, remarks, staff, student_keys

_CASE: sa.BindParameter[int] = sa.bindparam("case", type_=sa.BigInteger)
_WITH_KEYS = Together(
    sa.select(staff.c.name, remarks.c.body, remarks.c.at)
    .join(staff, staff.c.id == remarks.c.author_id)
    .where(remarks.c.case_id == _CASE)
    .order_by(remarks.c.at, remarks.c.id),
    keys_of(
        student_keys.c.student_id.in_(sa.select(cases.c.student_id).where(cases.c.id == _CASE))
    ),
)


@dataclass(frozen=True, slots=True)
class ThreadReply:
    """One reply, with its author's name. It is context, never a view."""

    author: str
    body: str
    at: dt.datetime


def remarks_on(connection: sa.Connection, case_id: int) -> tuple[ThreadReply, ...]:
    """Return all remarks on a case, oldest first."""
    rows, keys = _WITH_KEYS.rows(connection, {"case": case_id})
    know_keys(connection, keys)
    said = open_notes(connection, [row.body for row in rows])
    return tuple(
        ThreadReply(row.name, words, row.at) for row, words in zip(rows, said, strict=True)
    )
