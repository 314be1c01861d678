"""Handle emails after a restore: none is sent twice, and each is approved again.

Only the mailbox knows which emails were sent between the backup and the restore.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa

from store.actions.request import change_case
from store.db import repository
from store.db.unit_of_work import Store, UnitOfWork
from store.rules.model import CaseStatus, OutboxKind, OutboxState, OutreachStatus
from store.tables import audit, outbox, outreach, stops

SUBJECT = "restore"
WHY = "A backup was restored, and sent emails are still looked up in the mailbox"
_LONG_AGO = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
_OPEN = (OutreachStatus.DRAFT, OutreachStatus.APPROVED, OutreachStatus.UNKNOWN)


@dataclass(frozen=True, slots=True)
class PerhapsSent:
    """An email that the backup has as unsent, and that may have been sent since."""

    outreach: int
    mailbox: str
    key: str


def mail_key(connection: sa.Connection, outreach_id: int) -> str:
    """Return the key that an email carries at the mail service, such as ``mail:17:9c9d4439``.

    A new installation and a restore both reuse numbers, so the key identifies the installation and
    the restore too: an older email in the mailbox must never be taken for this one.
    """
    return _key(connection, outreach_id, _restores(connection))


def hold_back(work: UnitOfWork) -> None:
    """Stop all emails, expire every approval, and cancel chat messages due at the backup."""
    work.connection.execute(sa.insert(stops).values(why=WHY, at=work.now))
    work.connection.execute(
        sa.update(outreach)
        .where(outreach.c.status == OutreachStatus.APPROVED)
        .values(approved_at=_LONG_AGO)
    )
    work.connection.execute(
        sa.update(outbox)
        .where(
            # They may have been posted since. A card shows the current state, whenever it is
            # posted.
            outbox.c.kind.in_((OutboxKind.DIGEST, OutboxKind.NOTICE, OutboxKind.LINE)),
            outbox.c.state.in_((OutboxState.DUE, OutboxState.SENDING)),
        )
        .values(state=OutboxState.CANCELLED, settled_at=work.now)
    )


def let_go_on(store: Store) -> None:
    """End the stop set by ``hold_back``; a stop that a person set stays."""
    with store.unit_of_work() as work:
        work.connection.execute(
            sa.update(stops)
            .where(stops.c.why == WHY, stops.c.ended_at.is_(None))
            .values(ended_at=work.now)
        )
        work.record("system:cli", "start-mail", "schools:all")


def perhaps_sent(connection: sa.Connection) -> list[PerhapsSent]:
    """Return the emails that may have been sent since the backup, by number."""
    rows = connection.execute(
        sa.select(outreach.c.id, outreach.c.sender, outbox.c.idem_key)
        .outerjoin(outbox, outbox.c.outreach_id == outreach.c.id)
        .where(outreach.c.status.in_(_OPEN))
        .order_by(outreach.c.id)
    )
    # An approval gave the key before this restore was recorded.
    return [PerhapsSent(row[0], row[1], row[2] or key_of_later(connection, row[0])) for row in rows]


def newest_outreach(connection: sa.Connection) -> int:
    """Return the highest number of an email; 0 for none."""
    newest = sa.select(sa.func.coalesce(sa.func.max(outreach.c.id), 0))
    return int(connection.execute(newest).scalar_one())


def key_of_later(connection: sa.Connection, outreach_id: int) -> str:
    """Return the key that an email written after the backup had before the restore."""
    return _key(connection, outreach_id, _restores(connection) - 1)


def record_found_sent(store: Store, mail: PerhapsSent, conversation: str, message_id: str) -> None:
    """Record an email that the mailbox shows as sent. The case is in contact."""
    with store.unit_of_work() as work:
        known = repository.outreach_by_id(work.connection, mail.outreach)
        case = repository.case(work.connection, known.case, lock=True)
        settled = {"state": OutboxState.SENT, "settled_at": work.now}
        mine = outbox.c.idem_key == mail.key
        work.connection.execute(sa.update(outbox).where(mine).values(**settled))
        if work.connection.execute(sa.select(outbox.c.id).where(mine)).first() is None:
            work.connection.execute(
                sa.insert(outbox).values(
                    idem_key=mail.key, kind=OutboxKind.MAIL, case_id=case.id,
                    outreach_id=mail.outreach, school_id=case.school, not_before=work.now,
                    attempts=1, **settled,
                )
            )  # fmt: skip
        work.connection.execute(
            sa.update(outreach)
            .where(outreach.c.id == mail.outreach)
            .values(
                status=OutreachStatus.SENT,
                sent_at=work.now,
                conversation=conversation,
                message_id=message_id or None,
            )
        )
        if not case.is_closed:
            rests = case.status is CaseStatus.PAUSED
            change_case(work, case, **{"rested_from" if rests else "status": CaseStatus.IN_CONTACT})
        work.record("system:restore", "found-sent", f"case:{case.id}", outreach=mail.outreach)


def _restores(connection: sa.Connection) -> int:
    query = sa.select(sa.func.count()).select_from(audit).where(audit.c.subject == SUBJECT)
    return int(connection.execute(query).scalar_one())


def _key(connection: sa.Connection, outreach_id: int, restores: int) -> str:
    # The audit's first row is signed with a key and an instant that no other installation has, and
    # it stays what it is through every restore.
    first = sa.select(audit.c.hash).where(audit.c.seq == 1)
    installation = str(connection.execute(first).scalar_one_or_none() or "")[:8]
    after = f"-restore-{restores}" if restores > 0 else ""
    return f"mail:{outreach_id}:{installation}{after}"
