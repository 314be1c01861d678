"""Troubles whose work is done, though no one lived to say that they are over.

The outbox is the truth. A worker may die, or lose the database, between the end of a row and the
end of the trouble that was noted for it; or the row ends since no one needs it any more. Then the
trouble would stand in the lead's week and on a card for as long as anything is kept.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import sqlalchemy as sa

from store.actions.notices import troubles
from store.db.unit_of_work import Store
from store.queries.schools.troubles import Noted, troubles_now
from store.rules.model import OutboxKind, OutboxState, TroubleKind
from store.tables import outbox

ROWS_OF: Mapping[TroubleKind, tuple[OutboxKind, ...]] = {
    TroubleKind.CHANNEL: (OutboxKind.CARD, OutboxKind.DIGEST, OutboxKind.LINE),
    TroubleKind.COLLEAGUE: (OutboxKind.NOTICE,),
    TroubleKind.SENDING: (OutboxKind.MAIL,),
    TroubleKind.ERASURE: (OutboxKind.ERASURE,),
}
"""Which rows of the outbox wait in each kind of trouble."""

NOT_ASKED_FOR = dt.timedelta(days=4)
"""A place that waits for a repair is asked again every few minutes while something waits for it,
so after so long nothing is known of it. Longer than a weekend, so that no one is told twice."""

_OPEN = outbox.c.state.in_((OutboxState.DUE, OutboxState.SENDING))
_NAMED_BY: Mapping[OutboxKind, sa.Column[int]] = {
    OutboxKind.CARD: outbox.c.case_id,
    OutboxKind.DIGEST: outbox.c.school_id,
    OutboxKind.LINE: outbox.c.id,
    OutboxKind.NOTICE: outbox.c.notice_id,
    OutboxKind.MAIL: outbox.c.outreach_id,
}
_REFUSED_FOR_GOOD = (OutboxKind.CARD, OutboxKind.DIGEST, OutboxKind.NOTICE)
"""Of these a trouble stays after the row, for people to read: what was in the way is not over."""


def end_settled(store: Store) -> None:
    """End every trouble of an outbox row, or of a place, for which nothing waits any more."""
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
    """Whether no row for this is open, and the last one was not refused for good."""
    query = sa.select(outbox.c.state, outbox.c.trouble).where(outbox.c.kind == kind, this)
    if connection.execute(query.where(_OPEN).limit(1)).first() is not None:
        return False
    last = connection.execute(query.order_by(outbox.c.settled_at.desc()).limit(1)).one_or_none()
    if last is None or last.state == OutboxState.SENT:
        return True
    if last.state == OutboxState.UNKNOWN:
        return False  # a person looks into the mailbox
    return not (last.trouble and kind in _REFUSED_FOR_GOOD)


def _takes_again(connection: sa.Connection, place: Noted, now: dt.datetime) -> bool:
    """Whether nothing waits for a school's place, and it has taken something since it last did
    not, or was asked for nothing in a long time."""
    of_place = (outbox.c.kind.in_(ROWS_OF[place.kind]), outbox.c.school_id == place.school)
    waits = sa.select(outbox.c.id).where(*of_place, _OPEN, outbox.c.waiting_since.is_not(None))
    taken = sa.select(outbox.c.id).where(
        *of_place, outbox.c.state == OutboxState.SENT, outbox.c.settled_at > place.last_at
    )
    if connection.execute(waits.limit(1)).first() is not None:
        return False
    is_old = now - place.last_at > NOT_ASKED_FOR
    return is_old or connection.execute(taken.limit(1)).first() is not None
