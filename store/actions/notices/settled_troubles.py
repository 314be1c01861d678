"""Close troubles that are over but were never marked as over.

The outbox decides. A worker may stop, or lose the database, between ending a row and ending its
trouble; or the row ends because it is no longer needed. Without this the trouble would stay in the
lead's week and on a card.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import sqlalchemy as sa

from store.actions.notices import troubles
from store.actions.notices.post_thread_notice import TOLD_THERE
from store.db.unit_of_work import Store
from store.queries.schools.troubles import Noted, troubles_now
from store.rules.model import OutboxKind, OutboxState, TroubleKind
from store.tables import outbox

ROWS_OF: Mapping[TroubleKind, tuple[OutboxKind, ...]] = {
    TroubleKind.CHANNEL: (OutboxKind.CARD, OutboxKind.DIGEST, OutboxKind.LINE),
    TroubleKind.COLLEAGUE: (OutboxKind.NOTICE,),
    TroubleKind.SENDING: (OutboxKind.MAIL, OutboxKind.AUTOMATIC_REPLY, OutboxKind.DATA_LETTER),
    TroubleKind.ERASURE: (OutboxKind.ERASURE,),
}
"""The outbox rows that wait in each kind of trouble."""

NOT_ASKED_FOR = dt.timedelta(days=4)
"""A place that needs repair is retried every few minutes while something waits for it. After this
time without a retry its state is unknown. It is longer than a weekend, so that no one is told
twice.
"""

_OPEN = outbox.c.state.in_((OutboxState.DUE, OutboxState.SENDING))
_NEWEST = (outbox.c.settled_at.desc(), outbox.c.id.desc())
_NAMED_BY: Mapping[OutboxKind, sa.Column[int]] = {
    OutboxKind.CARD: outbox.c.case_id,
    OutboxKind.DIGEST: outbox.c.school_id,
    OutboxKind.LINE: outbox.c.id,
    OutboxKind.NOTICE: outbox.c.notice_id,
    OutboxKind.MAIL: outbox.c.outreach_id,
    OutboxKind.AUTOMATIC_REPLY: outbox.c.id,
    OutboxKind.DATA_LETTER: outbox.c.id,
}
_REFUSED_FOR_GOOD = (OutboxKind.CARD, OutboxKind.DIGEST, OutboxKind.NOTICE)
"""For these kinds a trouble stays after the row, for people to read, since its cause is not over.
"""


def end_settled(store: Store) -> None:
    """Close every trouble of an outbox row or a place that nothing waits for any more."""
    with store.database.read() as connection:
        noted = [each for each in troubles_now(connection) if each.kind in ROWS_OF]
        settled = [each for each in noted if _is_settled(connection, each, store.now())]
    for each in settled:
        troubles.over(store, each.kind, each.key)


def _is_settled(connection: sa.Connection, noted: Noted, now: dt.datetime) -> bool:
    if noted.kind is TroubleKind.ERASURE:
        return _has_ended(connection, OutboxKind.ERASURE, outbox.c.idem_key == noted.key)
    kind, _, number = noted.key.rpartition(":")
    if kind:
        named = OutboxKind(kind)
        return _has_ended(connection, named, _NAMED_BY[named] == int(number))
    return _takes_again(connection, noted, now)


def _has_ended(connection: sa.Connection, kind: OutboxKind, this: sa.ColumnElement[bool]) -> bool:
    """Return whether no row for this trouble is open, and the last was not finally refused."""
    query = sa.select(outbox.c.state, outbox.c.trouble).where(outbox.c.kind == kind, this)
    if connection.execute(query.where(_OPEN).limit(1)).first() is not None:
        return False
    last = connection.execute(query.order_by(*_NEWEST).limit(1)).one_or_none()
    if last is None or last.state == OutboxState.SENT:
        return True
    if last.state == OutboxState.UNKNOWN:
        return False  # A person has to look into the mailbox.
    return last.trouble == TOLD_THERE or not (last.trouble and kind in _REFUSED_FOR_GOOD)


def _takes_again(connection: sa.Connection, place: Noted, now: dt.datetime) -> bool:
    """Return whether a place works again.

    It does where nothing waits for it, and it has accepted something since its last failure or has
    not been used for a long time. One that no one was told of is over with what waited for it.
    """
    of_place = (outbox.c.kind.in_(ROWS_OF[place.kind]), outbox.c.school_id == place.school)
    waits = sa.select(outbox.c.id).where(*of_place, _OPEN, outbox.c.waiting_since.is_not(None))
    taken = sa.select(outbox.c.id).where(
        *of_place, outbox.c.state == OutboxState.SENT, outbox.c.settled_at > place.last_at
    )
    if connection.execute(waits.limit(1)).first() is not None:
        return False
    is_old = place.told_at is None or now - place.last_at > NOT_ASKED_FOR
    return is_old or connection.execute(taken.limit(1)).first() is not None
