"""Record a failure outside Lantern, such as of a mailbox or a channel, until it works again.

A loop over such things handles each by itself. A failure is recorded here as a trouble and retried
after a growing pause, while the others continue. The school's leads are told once of a trouble that
lasts, and again if its cause changes, since that needs another repair. It stays in ``lantern
doctor`` and in the lead's week until it is over.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from store.actions.notices.notify import Notice, notify_people
from store.db.unit_of_work import Store, UnitOfWork
from store.delivery import outbox
from store.queries.schools.responsible import responsible
from store.queries.schools.troubles import ON_CASES
from store.rules.model import NoticeKind, OutboxKind, TroubleKind
from store.tables import cases, troubles

FIRST_PAUSE = dt.timedelta(seconds=15)
LONGEST_PAUSE = dt.timedelta(hours=6)
OF_A_PLACE = frozenset(
    {TroubleKind.MAILBOX, TroubleKind.WATCH, TroubleKind.SCHOOL, TroubleKind.JOB}
)
"""Kinds on which many things depend, so that they are retried sooner."""
PLACE_PAUSE = dt.timedelta(minutes=5)
TOLD_AFTER = dt.timedelta(minutes=10)
"""A trouble that ends before this time is told to no one."""
FORGOTTEN_AFTER = dt.timedelta(days=14)
"""Time after the last failure. A trouble that lasts is recorded again at each retry."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """One thing that failed. ``key`` is its id within its kind and names no person.

    ``reason`` is a sentence that says what happened and what to do; '' where it will be retried.
    ``is_final``: it is not retried, so it is told at once.
    """

    kind: TroubleKind
    key: str
    reason: str = ""
    school: int | None = None
    case: int | None = None
    conversation: str = ""
    arrived_at: dt.datetime | None = None
    is_final: bool = False
    is_told: bool = False
    """Whether people have been told of it."""
    is_silent: bool = False
    """Noted in ``lantern doctor`` and the week alone: telling of it would fail in the same way."""


@dataclass(frozen=True, slots=True)
class Note:
    """The result of recording a failure.

    ``tries``: how often it failed. ``tells``: people are told of it now. ``is_new``: its cause is
    one that was not reported before.
    """

    tries: int
    tells: bool
    is_new: bool


def record_trouble(store: Store, trouble: Trouble) -> Note:
    """Record a failure in a transaction of its own, and when it may be retried."""
    with store.unit_of_work() as work:
        return note_within(work, trouble)


def note_within(work: UnitOfWork, trouble: Trouble, also: Sequence[int] = ()) -> Note:
    """Record a failure within a transaction. ``also`` are colleagues told with the leads."""
    row = _locked(work, trouble)
    tries = row.tries + 1
    is_same = tries > 1 and trouble.reason == row.reason
    reason_since = (row.reason_since or row.since) if is_same else work.now
    this = sa.update(troubles).where(troubles.c.id == row.id)
    work.connection.execute(
        this.values(
            reason=trouble.reason,
            reason_since=reason_since,
            last_at=work.now,
            again_at=work.now + pause_after(trouble.kind, tries),
            tries=tries,
        )
    )
    # Untold it counts from the beginning: people wait, whatever the cause is.
    since = row.since if row.told_at is None else reason_since
    is_due = not trouble.is_silent and (trouble.is_final or work.now - since >= TOLD_AFTER)
    if not is_due or (row.told_at is not None and row.told_of == trouble.reason):
        return Note(tries, False, tries == 1)
    told_at = row.told_at or work.now
    work.connection.execute(this.values(told_at=told_at, told_of=trouble.reason))
    _tell(work, row, also, _mark_of(trouble.reason))
    # The first cause was reported when it was recorded.
    return Note(tries, True, tries == 1 or reason_since > row.since)


def pause_after(kind: TroubleKind, tries: int) -> dt.timedelta:
    """Return the pause after so many tries: 15, 30, 60 s and so on.

    A kind on which many things depend is retried at once the first time.
    """
    is_place = kind in OF_A_PLACE
    if is_place and tries == 1:
        return dt.timedelta()
    # The exponent is kept small: the longest pause is reached long before it matters.
    grown: dt.timedelta = FIRST_PAUSE * 2 ** min(tries - 1 - is_place, 12)
    return min(grown, PLACE_PAUSE if is_place else LONGEST_PAUSE)


def over(store: Store, kind: TroubleKind, key: str, words: str = "") -> bool:
    """End a trouble; False where there was none.

    ``words`` is the sentence for those who were told of it: that it is over, and how it ended.
    """
    mine = (troubles.c.kind == kind, troubles.c.key == key)
    with store.database.read() as connection:
        if connection.execute(sa.select(troubles.c.id).where(*mine)).first() is None:
            return False
    with store.unit_of_work() as work:
        ended = sa.delete(troubles).where(*mine).returning(troubles)
        row = work.connection.execute(ended).one_or_none()
        if row is not None and row.told_at is not None:
            _show(work, row, "over")
            if words and row.school_id is not None:
                told = Notice(NoticeKind.TROUBLE_OVER, row.school_id, str(row.id), words=words)
                notify_people(work, responsible(work.connection, row.school_id), told)
        return row is not None


def end_within(work: UnitOfWork, trouble: Trouble) -> None:
    """End a trouble within a transaction, without a word to those who were told of it."""
    work.connection.execute(
        sa.delete(troubles).where(troubles.c.kind == trouble.kind, troubles.c.key == trouble.key)
    )


def end_others(
    store: Store, kind: TroubleKind, work: str, still: Collection[str], school: int | None = None
) -> None:
    """End troubles of tasks that are no longer needed, in one school or in all.

    Of the troubles whose key begins with ``work``, those with a key in ``still`` stay.
    """
    mine = [troubles.c.kind == kind, troubles.c.key.startswith(f"{work}:", autoescape=True)]
    if school is not None:
        mine.append(troubles.c.school_id == school)
    with store.database.read() as connection:
        known = connection.execute(sa.select(troubles.c.key).where(*mine)).scalars().all()
    for key in known:
        if key not in still:
            over(store, kind, key)


def resting(connection: sa.Connection, kind: TroubleKind, now: dt.datetime) -> frozenset[str]:
    """Return the keys of troubles of this kind that are not to be retried yet."""
    query = sa.select(troubles.c.key).where(troubles.c.kind == kind, troubles.c.again_at > now)
    return frozenset(connection.execute(query).scalars())


def due(connection: sa.Connection, kind: TroubleKind, now: dt.datetime) -> list[Trouble]:
    """Return the troubles of this kind that may be retried now, oldest first."""
    query = sa.select(troubles).where(troubles.c.kind == kind, troubles.c.again_at <= now)
    return [
        Trouble(
            kind,
            row.key,
            school=row.school_id,
            case=row.case_id,
            conversation=row.conversation,
            arrived_at=row.arrived_at,
            is_told=row.told_at is not None,
        )
        for row in connection.execute(query.order_by(troubles.c.since, troubles.c.id))
    ]


def known_troubles(connection: sa.Connection, kind: TroubleKind) -> frozenset[str]:
    """Return the keys of all troubles of this kind."""
    return frozenset(
        connection.execute(sa.select(troubles.c.key).where(troubles.c.kind == kind)).scalars()
    )


def forget_old_troubles(store: Store) -> None:
    """Delete troubles recorded so long ago that no one can act on them any more."""
    with store.unit_of_work() as work:
        old = troubles.c.last_at < work.now - FORGOTTEN_AFTER
        work.connection.execute(sa.delete(troubles).where(old))


def _locked(work: UnitOfWork, trouble: Trouble) -> Any:
    """Return the trouble's row, locked; insert it if new. Two workers may record it at once."""
    is_sqlite = work.connection.dialect.name == "sqlite"
    insert = sqlite.insert(troubles) if is_sqlite else postgresql.insert(troubles)
    first = insert.values(
        kind=trouble.kind,
        key=trouble.key,
        school_id=trouble.school,
        case_id=trouble.case,
        reason=trouble.reason,
        conversation=trouble.conversation,
        arrived_at=trouble.arrived_at,
        since=work.now,
        last_at=work.now,
        again_at=work.now,
        tries=0,
    )
    work.connection.execute(first.on_conflict_do_nothing())
    mine = sa.select(troubles).where(troubles.c.kind == trouble.kind, troubles.c.key == trouble.key)
    return work.connection.execute(mine.with_for_update()).one()


def _mark_of(reason: str) -> str:
    """Return a short name of a cause, so that no one is told of it twice."""
    return hashlib.sha256(reason.encode()).hexdigest()[:12]


def _tell(work: UnitOfWork, row: Any, also: Sequence[int], cause: str) -> None:
    """Tell the school's leads, and the owner of its case, once of each cause.

    A trouble without a school is the operator's, who finds it in the log and in ``lantern doctor``.
    """
    if row.school_id is None:
        return
    _show(work, row, f"told:{cause}")
    people = [*responsible(work.connection, row.school_id), *also]
    if row.case_id:
        owner = sa.select(cases.c.owner_id).where(cases.c.id == row.case_id)
        people += [each for each in work.connection.execute(owner).scalars() if each]
    told = Notice(NoticeKind.TROUBLE, row.school_id, f"{row.id}:{cause}", row.case_id, row.id)
    notify_people(work, dict.fromkeys(people), told)


def _show(work: UnitOfWork, row: Any, when: str) -> None:
    """Update the card of its case."""
    if row.case_id is not None and row.kind in ON_CASES:
        key = f"card:{row.case_id}:trouble:{row.id}:{when}"
        outbox.put(work, OutboxKind.CARD, key, school=row.school_id, case=row.case_id)
