"""Post a line in the thread of a case's card, through the outbox, when a person is needed."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa

from store.db.unit_of_work import Store, UnitOfWork
from store.delivery import outbox
from store.delivery.claims import OutboxRow
from store.policies.versions import policy_in_force
from store.rules.calendar import institution_day
from store.rules.cases.case import Case
from store.rules.model import OutboxKind, OutboxState
from store.rules.notices.thread_notices import YIELDS_FOR, LineKind
from store.tables import line_posts, thread_lines
from store.tables import outbox as outbox_table

TOLD_THERE = "said in the thread of the case's card"


def say_in_thread(
    work: UnitOfWork,
    case: Case,
    kind: LineKind,
    occasion: str,
    *,
    by: int | None = None,
    about: int | None = None,
) -> dt.datetime:
    """Queue one line below a case's card, once for the kind and occasion.

    ``by`` is the actor, who is never mentioned. Returns when a private message about the same
    occasion may be sent: a little later, since it is left out where the line mentions its reader.
    """
    start = _not_before(work, case)
    key = f"line:{kind}:{occasion}"
    if not outbox.is_known(work, key):
        work.connection.execute(
            sa.insert(thread_lines).values(
                case_id=case.id, key=key, kind=kind, by_staff_id=by, about=about, at=work.now
            )
        )
        outbox.put(work, OutboxKind.LINE, key, school=case.school, case=case.id, not_before=start)
    return start + YIELDS_FOR


def record_line(
    store: Store, row: OutboxRow, channel: int, message: str, kind: LineKind, meant: int | None
) -> bool:
    """Record where a line was posted; False where its case was erased meanwhile.

    The person ``meant``, or their cover, was mentioned in it, so they are not told of the same
    occasion privately as well. On False the caller deletes the line.
    """
    with store.unit_of_work() as work:
        asked = sa.select(thread_lines.c.id, thread_lines.c.case_id)
        found = work.connection.execute(asked.where(thread_lines.c.key == row.key)).one_or_none()
        if found is None:
            return False
        line, case = found
        work.connection.execute(
            sa.insert(line_posts).values(
                line_id=line, case_id=case, channel_id=channel, message=message, posted_at=work.now
            )
        )
        known = outbox_table.c.id == row.id
        work.connection.execute(sa.update(outbox_table).where(known).values(unresolved_since=None))
        if meant is not None and kind.notice is not None:
            occasion = row.key.removeprefix(f"line:{kind}:")
            _leave_out(work, f"notice:{kind.notice}:{occasion}:{meant}")
    return True


def _leave_out(work: UnitOfWork, notice: str) -> None:
    waits = (outbox_table.c.idem_key == notice, outbox_table.c.state == OutboxState.DUE)
    work.connection.execute(
        sa.update(outbox_table)
        .where(*waits)
        .values(state=OutboxState.CANCELLED, trouble=TOLD_THERE, settled_at=work.now)
    )


def _not_before(work: UnitOfWork, case: Case) -> dt.datetime:
    published = policy_in_force(work.connection, case.school, institution_day(work.now))
    if published and published.policy.calendar.is_quiet(work.now):
        return published.policy.calendar.end_of_quiet(work.now)
    return work.now
