"""Record the result for each remnant of an erasure, until none is left."""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa

from store.actions.notices.notify import Notice, notify_person
from store.actions.privacy.external_copies import Remains
from store.db.unit_of_work import Store, UnitOfWork
from store.delivery import outbox, results
from store.delivery.claims import OutboxRow
from store.queries.schools.staff import protection_officers
from store.rules.model import NoticeKind, OutboxKind, OutboxState
from store.rules.privacy import ExternalCopy, RemnantKind, RemnantState
from store.tables import erasures, remnants

WORKER = "system:erasure"


def remnant_behind(connection: sa.Connection, row: OutboxRow) -> ExternalCopy:
    """Return the remnant (a copy outside the tables) that an outbox row asks to delete."""
    number = int(row.key.rpartition(":")[2])
    found = connection.execute(sa.select(remnants).where(remnants.c.id == number)).one()
    return ExternalCopy(
        id=found.id,
        erasure=found.erasure_id,
        school=row.school,
        kind=RemnantKind(found.kind),
        platform=found.platform,
        tenant=found.tenant,
        channel=found.channel,
        message=found.message,
        posted_at=found.posted_at,
        state=RemnantState(found.state),
        trouble=found.trouble,
    )


def queue_deletions(work: UnitOfWork, erasure: int, school: int, found: Iterable[Remains]) -> None:
    """Record each copy outside the tables, and queue its deletion by the worker."""
    for each in found:
        remnant = work.connection.execute(
            sa.insert(remnants)
            .values(
                erasure_id=erasure,
                kind=each.kind,
                platform=each.platform,
                tenant=each.tenant,
                channel=each.channel,
                message=each.message,
                posted_at=each.posted_at,
                state=RemnantState.WAITING,
            )
            .returning(remnants.c.id)
        ).scalar_one()
        outbox.put(work, OutboxKind.ERASURE, f"erasure:{remnant}", school=school)


def add_replies(store: Store, root: ExternalCopy, messages: Iterable[str]) -> None:
    """Add the replies below a card as remnants, each once."""
    with store.unit_of_work() as work:
        known = set(
            work.connection.execute(
                sa.select(remnants.c.message).where(
                    remnants.c.erasure_id == root.erasure,
                    remnants.c.channel == root.channel,
                    remnants.c.platform == root.platform,
                )
            ).scalars()
        )
        new = [
            Remains(RemnantKind.REMARK, each, root.platform, root.tenant, root.channel)
            for each in messages
            if each not in known
        ]
        queue_deletions(work, root.erasure, root.school, new)


def record_external_erasure(
    store: Store, row: OutboxRow, remnant: ExternalCopy, state: RemnantState, trouble: str = ""
) -> None:
    """Record the result of a remnant; the last one ends the erasure and tells the officer."""
    with store.unit_of_work() as work:
        left = state is RemnantState.LEFT
        ends = OutboxState.CANCELLED if left else OutboxState.SENT
        # Two workers that end at once would each see the other's remnant as unfinished.
        this = sa.select(erasures).where(erasures.c.id == remnant.erasure).with_for_update()
        work.connection.execute(this).one()
        if not results.settle(work, row, ends, trouble or None):
            return
        work.connection.execute(
            sa.update(remnants)
            .where(remnants.c.id == remnant.id)
            .values(
                state=state,
                trouble=trouble,
                settled_at=work.now,
                # The id of an email can hold its writer's domain, and is no longer needed.
                message=remnants.c.message if left else "",
            )
        )
        _finish(work, remnant.erasure)


def _finish(work: UnitOfWork, erasure: int) -> None:
    states = list(
        work.connection.execute(
            sa.select(remnants.c.state).where(remnants.c.erasure_id == erasure)
        ).scalars()
    )
    if RemnantState.WAITING in states:
        return
    row = work.connection.execute(
        sa.update(erasures)
        .where(erasures.c.id == erasure, erasures.c.finished_at.is_(None))
        .values(finished_at=work.now)
        .returning(erasures)
    ).one_or_none()
    if row is None:
        return
    left = states.count(RemnantState.LEFT)
    work.record(
        WORKER, "erased", f"student:{row.student}", erasure=erasure, reached=len(states), left=left
    )
    # What the retention periods deleted matters only where a person has to do the rest.
    told = [row.by_staff_id] if row.by_staff_id is not None else []
    if not told and left:
        told = protection_officers(work.connection, row.school_id)
    for person in told:
        notice = Notice(NoticeKind.ERASED, row.school_id, str(erasure), about=erasure)
        notify_person(work, person, notice)
