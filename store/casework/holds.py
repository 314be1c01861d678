"""A day that flagged too many of a module at once: held until a named person has looked.

The module's organiser, or the lead, says whether the data are right. Released flags are taken up
like any others, within the room there is; dismissed ones stay held for as long as they are found.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from enum import StrEnum

import sqlalchemy as sa

from store import repository
from store.casework.opening import one_at_a_time
from store.casework.queueing import take_up
from store.casework.request import Request, once, record_refusal
from store.rules.access import Action, may
from store.rules.calendar import institution_day
from store.rules.capacity import Room, Surge, surges
from store.rules.errors import InvalidInput, NotAllowed, NotPossibleNow
from store.rules.evidence import Finding
from store.rules.outreach import check_reason
from store.tables import enrolments, flags, holds, modules
from store.unit_of_work import Store, UnitOfWork


class HoldDecision(StrEnum):
    """What a person said about a day that was held."""

    RELEASED = "released"
    """The data are right, so the students are taken up."""
    DISMISSED = "dismissed"
    """The data are wrong, so nobody is asked about them."""


def release(store: Store, request: Request, hold: int, why: str) -> int:
    """The data are right: have the students taken up. Returns how many cases that opened."""
    with _deciding(store, request, hold, HoldDecision.RELEASED, why) as (work, school):
        work.connection.execute(
            sa.update(flags).where(flags.c.hold_id == hold).values(hold_id=None)
        )
        return len(take_up(work, school, institution_day(work.now)).opened)


def dismiss(store: Store, request: Request, hold: int, why: str) -> None:
    """The data are wrong: these flags open no case for as long as they go on."""
    with _deciding(store, request, hold, HoldDecision.DISMISSED, why):
        pass


def hold_back(
    work: UnitOfWork, school: int, day: dt.date, raised: Sequence[Finding], room: Room
) -> dict[tuple[int, str], int]:
    """Hold what is a surge among new findings: (student, key) → hold, for those that are held.

    A finding over all modules together counts for each that its student is on, and is held with
    the one that has the largest share.
    """
    if len({each.student for each in raised}) <= room.surge_from:
        return {}
    cohorts, modules_of = _cohorts(work.connection, school, day)
    about = {
        (each.student, each.key): frozenset({each.module})
        if each.module
        else modules_of.get(each.student, frozenset())
        for each in raised
    }
    flagged: dict[int, set[str]] = {}
    for (student, _), those in about.items():
        flagged.setdefault(student, set()).update(those)
    held: dict[tuple[int, str], int] = {}
    for surge in surges(flagged, cohorts, room):
        which = [flag for flag, those in about.items() if surge.module in those - {None}]
        new = [flag for flag in which if flag not in held]
        if new and (hold := _hold(work, school, day, surge)) is not None:
            held |= dict.fromkeys(new, hold)
    return held


def _hold(work: UnitOfWork, school: int, day: dt.date, surge: Surge) -> int | None:
    """The hold of this module and day, made where there is none; None where it was released."""
    here = sa.and_(holds.c.school_id == school, holds.c.module == surge.module, holds.c.day == day)
    known = work.connection.execute(sa.select(holds).where(here)).one_or_none()
    if known is None:
        made = work.connection.execute(
            sa.insert(holds)
            .values(
                school_id=school,
                module=surge.module,
                day=day,
                flagged=surge.flagged,
                cohort=surge.cohort,
                at=work.now,
            )
            .returning(holds.c.id)
        ).scalar_one()
        work.record(
            "system:screening", "hold", f"hold:{made}", school=school, flagged=surge.flagged
        )
        return int(made)
    if known.decision == HoldDecision.RELEASED:
        return None
    work.connection.execute(
        sa.update(holds).where(here).values(flagged=known.flagged + surge.flagged)
    )
    return int(known.id)


def _cohorts(
    connection: sa.Connection, school: int, day: dt.date
) -> tuple[Mapping[str, int], Mapping[int, frozenset[str]]]:
    """How many are on each module of the school, and each student's modules there."""
    rows = connection.execute(
        sa.select(modules.c.code, enrolments.c.student_id)
        .join(enrolments, enrolments.c.module_id == modules.c.id)
        .where(
            modules.c.school_id == school,
            enrolments.c.starts <= day,
            enrolments.c.ends.is_(None) | (enrolments.c.ends >= day),
        )
    ).all()
    of_student: dict[int, set[str]] = {}
    for code, student in rows:
        of_student.setdefault(student, set()).add(code)
    cohorts = Counter(code for code, _ in rows)
    return cohorts, {student: frozenset(codes) for student, codes in of_student.items()}


@contextmanager
def _deciding(
    store: Store, request: Request, hold: int, decision: HoldDecision, why: str
) -> Iterator[tuple[UnitOfWork, int]]:
    """Record a named person's decision on a hold, audited; a refusal is audited as well."""
    try:
        with store.unit_of_work() as work:
            once(work, request.key)
            one_at_a_time(work)
            row = work.connection.execute(
                sa.select(holds).where(holds.c.id == hold).with_for_update(key_share=True)
            ).one_or_none()
            if row is None:
                raise InvalidInput("That question does not exist.")
            _check(work, request.actor, row.school_id, row.module)
            if row.decision is not None:
                raise NotPossibleNow(f"That question is answered already: it was {row.decision}.")
            reason = check_reason(why)
            work.connection.execute(
                sa.update(holds)
                .where(holds.c.id == hold)
                .values(
                    decision=decision, decided_by=request.actor, why=reason, decided_at=work.now
                )
            )
            work.record(f"staff:{request.actor}", "decide-hold", f"hold:{hold}", decision=decision)
            yield work, row.school_id
    except NotAllowed:
        record_refusal(store, request.actor, "decide-hold", f"hold:{hold}")
        raise


def _check(work: UnitOfWork, actor_id: int, school: int, module: str) -> None:
    actor = repository.actor(work.connection, actor_id)
    organiser = work.connection.execute(
        sa.select(modules.c.organiser_id).where(modules.c.code == module)
    ).scalar_one_or_none()
    if not (may(actor, Action.LEAD, school) or (actor.active and actor.id == organiser)):
        raise NotAllowed(
            "Whether a day's data are right is said by the module's organiser or the engagement "
            "lead."
        )
