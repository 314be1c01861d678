"""Hold a module's flags on a day with too many of them, until a named person has decided.

The module's organiser, or the lead, says whether the data is right. Released flags are taken up
like any others, within the daily limit. Dismissed ones stay held as long as they are found.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager

import sqlalchemy as sa

from store.actions.cases.open_cases import one_at_a_time
from store.actions.flags.queue import open_cases_from_queue
from store.actions.notices.notify import Notice, notify_person
from store.actions.request import Request, once, record_refusal
from store.db import repository
from store.db.batches import chunks
from store.db.unit_of_work import Store, UnitOfWork
from store.queries.flags.queue import HeldLine, held_line
from store.queries.schools.cover import covered_by
from store.queries.schools.responsible import responsible
from store.rules.access.permissions import Action, may
from store.rules.calendar import institution_day
from store.rules.errors import InvalidInput, NotAllowed, NotPossibleNow
from store.rules.flag_rules.evidence import Finding
from store.rules.flags.capacity import HoldDecision, ModuleSurge, Room
from store.rules.flags.surging import Flag, in_question, modules_about, surging
from store.rules.model import NoticeKind
from store.rules.text.formatting import listed, short_day
from store.rules.text.reasons import check_reason
from store.tables import enrolments, flags, holds, modules, staff

_NOT_YOURS = (
    "Only the module organiser or the engagement lead can say whether a day's data is right."
)


def release_surge(store: Store, request: Request, hold: int, why: str) -> int:
    """Release held flags because the data is right; returns how many cases were opened."""
    with _deciding(store, request, hold, HoldDecision.RELEASED, why) as (work, school):
        work.connection.execute(
            sa.update(flags).where(flags.c.hold_id == hold).values(hold_id=None)
        )
        return len(open_cases_from_queue(work, school, institution_day(work.now)).opened)


def dismiss_surge(store: Store, request: Request, hold: int, why: str) -> None:
    """Dismiss held flags because the data is wrong; they open no case while they last."""
    with _deciding(store, request, hold, HoldDecision.DISMISSED, why):
        pass


def find_question(store: Store, request: Request, wanted: str) -> HeldLine:
    """Find the question of this number, or the one open question about the module of this code.

    Only for those who may answer it; a request by anyone else is refused and audited.

    Raises:
        InvalidInput: there is no such question, or the module has several, one for each day.
        NotAllowed: the person may not answer it.
    """
    with store.database.read() as connection:
        lines = _wanted(connection, wanted)
        if not lines:
            raise InvalidInput(
                "No held day has that number or module. Use /lantern queue to see the held days."
            )
        today = institution_day(store.now())
        refused = [each for each in lines if not may_answer(connection, request.actor, each, today)]
    if refused:
        record_refusal(store, request.actor, "decide-hold", f"hold:{refused[0].id}")
        raise NotAllowed(_NOT_YOURS)
    if len(lines) > 1:
        raise InvalidInput(
            f"{lines[0].module} has {len(lines)} open questions: {listed(_named(lines))}. Answer "
            "each by its number, the oldest first."
        )
    return lines[0]


def still_open(store: Store, line: HeldLine) -> tuple[str, ...]:
    """Name the questions about the same module that no one has answered yet, oldest first."""
    with store.database.read() as connection:
        return _named(_wanted(connection, line.module))


def _named(lines: Sequence[HeldLine]) -> tuple[str, ...]:
    return tuple(
        f"question {each.id} of {short_day(each.day)}, {each.flagged} of {each.cohort}"
        for each in lines
    )


def hold_surge(
    work: UnitOfWork, school: int, day: dt.date, raised: Sequence[Finding], room: Room
) -> dict[Flag, int]:
    """Hold the new findings that are a surge; returns (student, key) → hold.

    A finding over all modules together counts for each that its student is on, and is held with the
    one that has the largest share.
    """
    raised = in_question(raised, day, room)
    if len({each.student for each in raised}) <= room.surge_from:
        return {}
    anywhere = {each.student for each in raised if not each.module}
    cohorts, modules_of = _cohorts(work.connection, school, day, anywhere)
    held: dict[Flag, int] = {}
    for surge, which in surging(modules_about(raised, modules_of), cohorts, room):
        new = [flag for flag in which if flag not in held]
        if new and (hold := _hold(work, school, day, surge)) is not None:
            held |= dict.fromkeys(new, hold)
    return held


def _hold(work: UnitOfWork, school: int, day: dt.date, surge: ModuleSurge) -> int | None:
    """Return the hold of this module and day, or make one; None where it was released."""
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
        _ask(work, school, day, surge.module, int(made))
        return int(made)
    if known.decision == HoldDecision.RELEASED:
        return None
    work.connection.execute(
        sa.update(holds).where(here).values(flagged=known.flagged + surge.flagged)
    )
    return int(known.id)


def _cohorts(
    connection: sa.Connection, school: int, day: dt.date, students: Collection[int]
) -> tuple[Mapping[str, int], Mapping[int, frozenset[str]]]:
    """Count the students on each module of the school, and list these students' modules there."""
    enrolled = (
        sa.select(modules.c.code)
        .join(enrolments, enrolments.c.module_id == modules.c.id)
        .where(
            modules.c.school_id == school,
            enrolments.c.starts <= day,
            enrolments.c.ends.is_(None) | (enrolments.c.ends >= day),
        )
    )
    counted = enrolled.add_columns(sa.func.count()).group_by(modules.c.code)
    cohorts: dict[str, int] = dict(connection.execute(counted).all())
    of_student: dict[int, set[str]] = {}
    for part in chunks(sorted(students)):
        which = enrolled.add_columns(enrolments.c.student_id).where(
            enrolments.c.student_id.in_(part)
        )
        for code, student in connection.execute(which):
            of_student.setdefault(student, set()).add(code)
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
            line = held_line(work.connection, hold)
            today = institution_day(work.now)
            if line is None or not may_answer(work.connection, request.actor, line, today):
                raise NotAllowed(_NOT_YOURS)
            if row.decision is not None:
                raise NotPossibleNow(
                    "A colleague has answered this question already. The flags were "
                    f"{row.decision}."
                )
            reason = check_reason(why, asks="Say how you know", own=line.reasons)
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


def _ask(work: UnitOfWork, school: int, day: dt.date, module: str, hold: int) -> None:
    """Ask the module's organiser; the leads, where the module has no organiser."""
    organiser = _organiser(work.connection, module)
    people = responsible(work.connection, school) if organiser is None else [organiser]
    for person in people:
        notify_person(work, person, Notice(NoticeKind.HELD, school, str(hold), about=hold, day=day))


def _organiser(connection: sa.Connection, module: str) -> int | None:
    found: int | None = connection.execute(
        sa.select(modules.c.organiser_id)
        .join(staff, staff.c.id == modules.c.organiser_id)
        .where(modules.c.code == module, staff.c.active)
    ).scalar_one_or_none()
    return found


def _wanted(connection: sa.Connection, wanted: str) -> list[HeldLine]:
    """Return the question of this number, or all open ones about the module, oldest first."""
    if wanted.isascii() and wanted.isdigit() and len(wanted) < 10:
        here = holds.c.id == int(wanted)
    else:
        here = sa.and_(holds.c.module == wanted.upper(), holds.c.decision.is_(None))
    found = connection.execute(sa.select(holds.c.id).where(here).order_by(holds.c.day, holds.c.id))
    return [line for hold in found.scalars() if (line := held_line(connection, hold))]


def may_answer(connection: sa.Connection, who: int, line: HeldLine, day: dt.date) -> bool:
    """Return whether this is the module's organiser, a colleague who covers for them, or a lead."""
    actor = repository.actor(connection, who)
    if not actor.active:
        return False
    mine = {who, *covered_by(connection, line.school, who, day)}
    return may(actor, Action.LEAD, line.school) or line.organiser in mine
