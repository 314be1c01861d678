"""Compare the audit with its anchors: records of its end at earlier moments, kept elsewhere.

A person who can write to the database can cut off the audit's newest rows and set its head back.
The chain alone does not show that; an anchor does, for every row up to the one it names.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import sqlalchemy as sa

from store.audit import Broken, head_of, readable
from store.queries.health import RESTORE
from store.rules.calendar import institution_day
from store.rules.model import NoticeKind, OutboxState
from store.rules.text.formatting import on_day
from store.tables import audit, notices, outbox

ANCHORING = "begin-anchors"
"""The audit action for the first line of an anchor file."""
BEFORE_THE_FIRST = dt.timedelta(minutes=1)
"""How long before that line the action is recorded, at most, while the disk has room."""


@dataclass(frozen=True, slots=True)
class Anchor:
    """The audit's end at one moment: its newest row, and that row's hash."""

    seq: int
    hash: str
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class Compared:
    """The result of comparing the current audit with its anchors.

    ``waiting`` counts the rows that no anchor covers yet, ``since`` is when the oldest of them was
    written. ``replaced`` are sentences about anchored rows that a restored backup does not hold.
    ``begun`` is when anchoring first began, if the anchors from then on are not all here.
    """

    broken: Broken | None
    anchored: int
    waiting: int
    since: dt.datetime | None
    replaced: tuple[str, ...] = ()
    begun: dt.datetime | None = None


def audit_end(connection: sa.Connection, at: dt.datetime) -> Anchor | None:
    """Return the audit's end as an anchor of this moment; None where it has no row.

    Raises:
        AuditDamaged: the audit has no head, or not one that Lantern wrote.
    """
    seq, link = head_of(connection)
    return Anchor(seq, link, at) if seq else None


def anchoring_began(connection: sa.Connection) -> dt.datetime | None:
    """Return when anchoring first began; None if it was not noted. Raises ``AuditDamaged`` where
    that cannot be read."""
    noted = sa.select(sa.func.min(audit.c.at)).where(audit.c.action == ANCHORING)
    with readable():
        return connection.execute(noted).scalar()


def sent_anchor(
    connection: sa.Connection, *, arrived: bool = False
) -> tuple[int, dt.datetime] | None:
    """Return the newest row whose anchor was sent to the data protection officers, and when.

    ``arrived``: only one that a platform has accepted. None where there is none.
    """
    query = sa.select(sa.func.max(notices.c.about), sa.func.max(notices.c.at)).where(
        notices.c.kind == NoticeKind.ANCHOR
    )
    if arrived:
        query = query.join(outbox, outbox.c.notice_id == notices.c.id).where(
            outbox.c.state == OutboxState.SENT
        )
    seq, at = connection.execute(query).one()
    return None if seq is None else (int(seq), at)


def waiting_after(connection: sa.Connection, anchored: int) -> Compared:
    """Return how many rows came after an anchored one, without a comparison. Raises
    ``AuditDamaged`` where the time of the oldest cannot be read."""
    after = sa.select(sa.func.count(), sa.func.min(audit.c.at)).where(audit.c.seq > anchored)
    with readable():
        waiting, since = connection.execute(after).one()
    return Compared(None, anchored, waiting, since)


def compare(connection: sa.Connection, anchors: Iterable[Anchor]) -> Compared:
    """Compare each anchor's hash with that of the row it names.

    Raises:
        AuditDamaged: a hash or time that it needs cannot be read.
    """
    kept = list(anchors)
    begun = anchoring_began(connection)
    if begun and kept and kept[0].at - begun < BEFORE_THE_FIRST:
        begun = None
    wanted = sa.select(audit.c.seq, audit.c.hash).where(audit.c.seq.in_({a.seq for a in kept}))
    restored_at = sa.select(audit.c.seq, audit.c.at).where(audit.c.action == RESTORE)
    with readable():
        hashes: Mapping[int, str] = {row.seq: row.hash for row in connection.execute(wanted)}
        restores = connection.execute(restored_at).all()
    replaced: dict[dt.datetime, int] = {}
    anchored = 0
    for anchor in kept:
        if hashes.get(anchor.seq) == anchor.hash:
            anchored = max(anchored, anchor.seq)
            continue
        restored = next(
            (row.at for row in restores if row.seq <= anchor.seq and row.at >= anchor.at), None
        )
        if restored is None:
            when = on_day(institution_day(anchor.at))
            what = "was changed" if anchor.seq in hashes else "is missing"
            broken = Broken(anchor.seq, f"this row was anchored on {when}, and {what} since")
            return Compared(broken, anchored, 0, None)
        replaced[restored] = max(replaced.get(restored, 0), anchor.seq)
    return replace(
        waiting_after(connection, anchored),
        replaced=tuple(
            f"The restore of {on_day(institution_day(at))} replaced the rows up to {seq}, which "
            "had been anchored before."
            for at, seq in sorted(replaced.items())
        ),
        begun=begun,
    )
