"""List failures outside Lantern, such as of mailboxes and channels, for people to read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from store.db.read_once import read_once
from store.db.school_rows import school_rows
from store.rules.model import NoticeKind, OutboxState, TroubleKind
from store.rules.text.formatting import listed
from store.tables import notices, outbox, staff, troubles

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


_ALL = sa.select(troubles).order_by(troubles.c.since, troubles.c.id)


def troubles_now(connection: sa.Connection, *, school: int | None = None) -> list[Noted]:
    """Return all troubles, or those of one school, oldest first."""
    if school is None:
        return _noted(connection.execute(_ALL))
    return [each for each in _of_school(connection, school) if each.school == school]


@read_once
def _of_school(connection: sa.Connection, school: int) -> tuple[Noted, ...]:
    """Return the troubles of a school and of its cases."""
    return tuple(_noted(school_rows(connection, school).troubles))


def _noted(rows: Iterable[Any]) -> list[Noted]:
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
        for row in rows
    ]


def told_troubles(connection: sa.Connection, *, school: int | None = None) -> tuple[str, ...]:
    """Return the sentences of troubles that did not end by themselves, each once."""
    return _told(troubles_now(connection, school=school))


def gaps_of_sources(connection: sa.Connection, school: int) -> dict[str, str]:
    """Map each source that is late or thin in a school to what is missing, in one sentence.

    As found in the newest night; sources without a gap are not listed.
    """
    return _gaps(troubles_now(connection, school=school))


def troubles_on_case(
    connection: sa.Connection, school: int, case: int
) -> tuple[tuple[str, ...], dict[str, str]]:
    """Return what a card says: ``told_troubles`` of the case, ``gaps_of_sources`` of its school."""
    found = _of_school(connection, school)
    return (
        _told([each for each in found if each.case == case and each.kind in ON_CASES]),
        _gaps([each for each in found if each.school == school]),
    )


def _told(found: Iterable[Noted]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(each.reason for each in found if each.told_at is not None))


def _gaps(found: Iterable[Noted]) -> dict[str, str]:
    said: dict[str, list[str]] = {}
    for each in found:
        what, _, rest = each.key.partition(":")
        if each.kind is TroubleKind.FILE and what in ("late", "thin", "work"):
            sentence = each.reason.partition(". ")[0]
            said.setdefault(rest.rpartition(":")[0], []).append(f"{sentence}.")
    return {source: " ".join(sentences) for source, sentences in said.items()}


def tells_of_trouble(connection: sa.Connection, notice: int) -> bool:
    """Return whether a notice tells of a trouble, or of its end."""
    kind = connection.execute(sa.select(notices.c.kind).where(notices.c.id == notice)).scalar()
    return kind in (NoticeKind.TROUBLE, NoticeKind.TROUBLE_OVER)


def reason_of(connection: sa.Connection, trouble: int) -> str:
    """Return the sentence of one trouble, with the colleagues who hear nothing meanwhile;
    '' once it is over."""
    row = connection.execute(sa.select(troubles).where(troubles.c.id == trouble)).one_or_none()
    if row is None or row.kind != TroubleKind.COLLEAGUE:
        return row.reason if row else ""
    # Their names are read here, since what is stored is logged as well.
    names = connection.execute(_unheard(row)).scalars().all()
    return f"{row.reason} It is for {listed(names)}." if names else str(row.reason)


def _unheard(row: Any) -> sa.Select[Any]:
    """Select the names of the colleagues whose private messages wait, or of the one refused."""
    query = sa.select(staff.c.name).join(notices, notices.c.staff_id == staff.c.id)
    if str(row.key).startswith("notice:"):
        return query.where(notices.c.id == int(row.key.removeprefix("notice:")))
    waits = (outbox.c.state == OutboxState.DUE, outbox.c.waiting_since.is_not(None))
    ours = query.join(outbox, outbox.c.notice_id == notices.c.id)
    return ours.where(*waits, outbox.c.school_id == row.school_id).distinct().order_by(staff.c.name)
