"""List what Lantern could not do with outside things, for people to read."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa

from store.rules.model import TroubleKind
from store.tables import troubles

ON_CASES = frozenset({TroubleKind.MESSAGE, TroubleKind.DRAFT, TroubleKind.SENDING})
"""Kinds shown on a case's card."""


@dataclass(frozen=True, slots=True)
class Noted:
    """A trouble as it is now. ``told_at`` None: it may still end by itself."""

    id: int
    kind: TroubleKind
    key: str
    reason: str
    school: int | None
    case: int | None
    since: dt.datetime
    last_at: dt.datetime
    again_at: dt.datetime
    tries: int
    told_at: dt.datetime | None


def troubles_now(
    connection: sa.Connection, *, school: int | None = None, case: int | None = None
) -> list[Noted]:
    """Return all troubles, or those of one school or case, oldest first."""
    query = sa.select(troubles).order_by(troubles.c.since, troubles.c.id)
    if school is not None:
        query = query.where(troubles.c.school_id == school)
    if case is not None:
        query = query.where(troubles.c.case_id == case)
    return [
        Noted(
            id=row.id,
            kind=TroubleKind(row.kind),
            key=row.key,
            reason=row.reason,
            school=row.school_id,
            case=row.case_id,
            since=row.since,
            last_at=row.last_at,
            again_at=row.again_at,
            tries=row.tries,
            told_at=row.told_at,
        )
        for row in connection.execute(query)
    ]


def told_troubles(
    connection: sa.Connection, *, school: int | None = None, case: int | None = None
) -> tuple[str, ...]:
    """Return the sentences of troubles that did not end by themselves, each once."""
    found = troubles_now(connection, school=school, case=case)
    return tuple(
        dict.fromkeys(
            each.reason
            for each in found
            if each.told_at is not None and (case is None or each.kind in ON_CASES)
        )
    )


def gaps_of_sources(connection: sa.Connection, school: int) -> dict[str, str]:
    """Map each source that is late or thin in a school to what is missing, in one sentence.

    It is what the newest night found; a source without a gap is not in it.
    """
    found: dict[str, list[str]] = {}
    for each in troubles_now(connection, school=school):
        what, _, rest = each.key.partition(":")
        if each.kind is TroubleKind.FILE and what in ("late", "thin"):
            sentence = each.reason.partition(". ")[0]
            found.setdefault(rest.rpartition(":")[0], []).append(f"{sentence}.")
    return {source: " ".join(said) for source, said in found.items()}


def reason_of(connection: sa.Connection, trouble: int) -> str:
    """Return the sentence of one trouble; '' once it is over."""
    query = sa.select(troubles.c.reason).where(troubles.c.id == trouble)
    return connection.execute(query).scalar_one_or_none() or ""
