"""Read and change stored flags, for comparison with a screening's findings."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from store.db.batches import chunks
from store.db.unit_of_work import Store, UnitOfWork
from store.policies.versions import PublishedPolicy
from store.rules.flag_rules.evidence import Finding
from store.rules.flags.reconcile import FlagRun
from store.rules.model import FlagEnd, FlagState, MarkerFamily
from store.tables import FLAG_IS_ACTIVE, flags, screenings, students

IS_LOOSE = sa.and_(flags.c.case_id.is_(None), flags.c.hold_id.is_(None), FLAG_IS_ACTIVE)
"""Active flags that are not held and on no case."""

_WORDED_BY = sa.func.coalesce(flags.c.worded_policy_id, flags.c.policy_id).label("worded_by")

FACTS = ("family", "reason_staff", "reason_student", "source", "fresh", "seen_on", "measured")
"""Columns of a flag that may change from day to day while it is active."""


def still_there(connection: sa.Connection, found: Sequence[Finding]) -> list[Finding]:
    """Return the findings without those of students who were erased while they were measured."""
    there: set[int] = set()
    for part in chunks(sorted({each.student for each in found})):
        known = sa.select(students.c.id).where(
            students.c.id.in_(part), students.c.erased_at.is_(None)
        )
        there.update(connection.execute(known).scalars())
    return [each for each in found if each.student in there]


def load_flags(
    connection: sa.Connection, school: int, day: dt.date, clear_after_days: int
) -> list[FlagRun]:
    """Return the stored flags as ``reconcile`` takes them."""
    rows = connection.execute(
        sa.select(
            flags.c.id,
            flags.c.student_id,
            flags.c.key,
            flags.c.state,
            flags.c.raised_on,
            flags.c.last_found_on,
            flags.c.missed_on,
            flags.c.source,
            flags.c.family,
            flags.c.measured,
            flags.c.ended,
            flags.c.ended_on,
            flags.c.cleared_on,
        ).where(
            flags.c.school_id == school,
            sa.or_(
                FLAG_IS_ACTIVE,
                flags.c.last_found_on > day - dt.timedelta(days=clear_after_days),
                flags.c.ended_on == day,
            ),
        )
    )
    return [_run(row) for row in rows]


def _run(row: Any) -> FlagRun:
    return FlagRun(
        id=row.id,
        student=row.student_id,
        key=row.key,
        state=FlagState(row.state),
        raised_on=row.raised_on,
        last_found_on=row.last_found_on,
        missed_on=frozenset(dt.date.fromisoformat(each) for each in row.missed_on),
        family=MarkerFamily(row.family),
        source=row.source,
        measured=row.measured,
        end=FlagEnd(row.ended) if row.ended else None,
        # Earlier versions stored only the day of a return.
        ended_on=row.ended_on or row.cleared_on,
    )


def change_flags(
    work: UnitOfWork, changed: Sequence[FlagRun], known: Mapping[int, FlagRun]
) -> set[int]:
    """Write the new state of known flags after a day; returns the cases whose cards change."""
    if not changed:
        return set()
    work.connection.execute(
        sa.update(flags)
        .where(flags.c.id == sa.bindparam("flag"))
        .values(
            state=sa.bindparam("new_state"),
            raised_on=sa.bindparam("first"),
            last_found_on=sa.bindparam("last"),
            missed_on=sa.bindparam("missed"),
            ended=sa.bindparam("end"),
            ended_on=sa.bindparam("end_day"),
            # The figures about letters ask when a student was back.
            cleared_on=sa.bindparam("back_on"),
        ),
        [
            {
                "flag": run.id,
                "new_state": run.state,
                "first": run.raised_on,
                "last": run.last_found_on,
                "missed": sorted(each.isoformat() for each in run.missed_on),
                "end": run.end,
                "end_day": run.ended_on,
                "back_on": run.ended_on if run.end is None or run.end.is_return else None,
            }
            for run in changed
        ],
    )
    # A flag that was found for one more day changes nothing on the card.
    turned = [
        run.id
        for run in changed
        if (run.state, run.raised_on) != (known[run.id].state, known[run.id].raised_on)
    ]
    affected: set[int] = set()
    for part in chunks(turned):
        affected |= set(
            work.connection.execute(
                sa.select(flags.c.case_id).where(flags.c.id.in_(part), flags.c.case_id.is_not(None))
            ).scalars()
        )
    return affected


def active_again(changed: Sequence[FlagRun], known: Mapping[int, FlagRun]) -> frozenset[int]:
    """Return flags that are active again, since a correction was itself corrected."""
    return frozenset(
        run.id
        for run in changed
        if run.state is FlagState.ACTIVE and known[run.id].state is not FlagState.ACTIVE
    )


def renew_facts(
    work: UnitOfWork,
    published: PublishedPolicy,
    day: dt.date,
    found: Sequence[Finding],
    lasting: Sequence[Finding] = (),
    again: frozenset[int] = frozenset(),
) -> set[int]:
    """Update the figures of active flags, and the dates up to which their data is known.

    ``lasting`` are flags that were not found on ``day`` and have not ended either; ``again`` those,
    by id, that are active again. Screening a day again after later ones changes nothing. The
    version that raised a flag stays; beside it the flag has the version that its words follow now
    (§21). Returns the cases of flags in ``lasting`` whose text has changed, and of all flags whose
    words follow another version than before.
    """
    school = published.school
    said = {(each.student, each.key): each for each in found}
    going_on = (
        {}
        if _is_later_screened(work, school, day)
        else {(each.student, each.key): each for each in lasting}
    )
    rows = work.connection.execute(
        sa.select(
            flags.c.id,
            flags.c.student_id,
            flags.c.case_id,
            flags.c.key,
            flags.c.last_found_on,
            flags.c.reason_staff,
            flags.c.fresh,
            flags.c.seen_on,
            _WORDED_BY,
        ).where(
            flags.c.school_id == school,
            FLAG_IS_ACTIVE,
            flags.c.last_found_on <= day,
            (flags.c.raised_on < day) | flags.c.id.in_(again),
        )
    ).all()
    newer = [
        (row.id, each)
        for row in rows
        if (each := (said if row.last_found_on == day else going_on).get((row.student_id, row.key)))
        and (each.reason_staff, each.fresh, each.seen_on, published.id)
        != (row.reason_staff, row.fresh, row.seen_on, row.worded_by)
    ]
    if newer:
        work.connection.execute(
            sa.update(flags)
            .where(flags.c.id == sa.bindparam("flag"))
            .values(
                {name: sa.bindparam(f"new_{name}") for name in FACTS}
                | {"worded_policy_id": published.id}
            ),
            [
                {"flag": flag} | {f"new_{name}": getattr(each, name) for name in FACTS}
                for flag, each in newer
            ],
        )
    changed = dict(newer)
    return {
        row.case_id
        for row in rows
        if row.case_id is not None
        and row.id in changed
        and (
            row.worded_by != published.id
            or (row.last_found_on < day and changed[row.id].reason_staff != row.reason_staff)
        )
    }


def note_corrected(store: Store, which: Collection[int]) -> None:
    """Record that later data corrected the figures of these continuing flags, by id.

    An email that states the figures and has not been sent is written again.
    """
    with store.unit_of_work() as work:
        for part in chunks(sorted(which)):
            work.connection.execute(
                sa.update(flags).where(flags.c.id.in_(part)).values(corrected_at=work.now)
            )


def _is_later_screened(work: UnitOfWork, school: int, day: dt.date) -> bool:
    newer = sa.select(screenings.c.day).where(
        screenings.c.school_id == school, screenings.c.day > day
    )
    return work.connection.execute(newer.limit(1)).first() is not None
