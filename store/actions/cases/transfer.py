"""Follow a roster change: a student's home school changes, or their enrolment ends.

Nothing is closed here. A case goes to the school that may now contact its student, and waits there
to be acknowledged. The case of a student who has left says so, and a colleague decides.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, replace

import sqlalchemy as sa

from store.actions.notices.notify import Notice, notify_person
from store.actions.outreach.cancel_unsent import cancel_unsent
from store.actions.request import change_case, turned
from store.db import repository
from store.db.batches import chunks
from store.db.unit_of_work import Store, UnitOfWork
from store.delivery import outbox
from store.queries.cases.owner_suggestions import default_owners, handlers
from store.queries.schools.responsible import responsible
from store.queries.students.enrolments import students_who_left
from store.rules.calendar import institution_day
from store.rules.cases import lifecycle
from store.rules.cases.case import Case
from store.rules.cases.lifecycle import Move
from store.rules.model import FlagEnd, FlagState, NoticeKind, OutboxKind
from store.tables import (
    CASE_IS_OPEN,
    FLAG_IS_ACTIVE,
    cases,
    complaints,
    enrolments,
    flags,
    modules,
    students,
)

WORKER = "system:roster"


def transfer_cases(store: Store) -> None:
    """Apply today's roster to open cases, also without a new delivery: enrolments end by date."""
    with store.unit_of_work() as work:
        follow(work)


def follow(work: UnitOfWork) -> None:
    """Hand over the cases of students who moved, and mark those of students who left."""
    day = institution_day(work.now)
    moved = work.connection.execute(
        sa.select(cases.c.id)
        .join(students, students.c.id == cases.c.student_id)
        .where(CASE_IS_OPEN, cases.c.school_id != students.c.home_school_id)
        .order_by(cases.c.id)
    ).scalars()
    for case_id in list(moved):
        _hand_over(work, case_id, day)
    _clear_flags(work, day)
    for case, last_end in students_who_left(work.connection, day):
        outbox.put(
            work,
            OutboxKind.CARD,
            f"card:{case.id}:left:{last_end}",
            school=case.school,
            case=case.id,
        )


def _hand_over(work: UnitOfWork, case_id: int, day: dt.date) -> None:
    """Hand the case and its history to the new home school; the reference stays the same."""
    case = repository.case(work.connection, case_id, lock=True)
    home = work.connection.execute(
        sa.select(students.c.home_school_id).where(students.c.id == case.student)
    ).scalar_one()
    if case.is_closed or case.school == home:
        return
    there = replace(case, school=home)
    (owner,) = default_owners(work.connection, home, [case.student], day, case.barred)
    if case.has_own_complaint:
        owner = _new_handler(work, there, owner, day)
    status = lifecycle.after(case, Move.HAND_OVER)
    # They would be sent from the old school's mailbox, in the name of its colleagues, who hear of
    # it while the case is still theirs.
    cancelled = cancel_unsent(work, case.id, why="the case went to the student's home school")
    repository.save_case(
        work,
        case,
        status=status,
        school_id=home,
        owner_id=owner,
        # The length of the pause was the old school's decision.
        rested_from=None,
        paused_until=None,
        snoozed_until=None,
    )
    outbox.put(
        work, OutboxKind.CARD, f"card:{case.id}:{case.version + 1}", school=home, case=case.id
    )
    told = {*responsible(work.connection, home, case.barred)}
    told |= {owner} if owner is not None else set()
    for person in sorted(told - case.barred):
        key = f"hand-over:{case.id}:{case.version}"
        notify_person(work, person, Notice(NoticeKind.ALERT, home, key, case=case.id))
    work.record(
        WORKER,
        "hand-over",
        f"case:{case.id}",
        from_school=case.school,
        to_school=home,
        owner=owner,
        mails_cancelled=len(cancelled),
        **turned(case, status),
    )


def _new_handler(work: UnitOfWork, case: Case, owner: int | None, day: dt.date) -> int | None:
    """Give a carried complaint to the new school's lead."""
    able = handlers(work.connection, case, None, day)
    handler = able[0].id if able else owner
    work.connection.execute(
        sa.update(complaints)
        .where(complaints.c.case_id == case.id, complaints.c.resolved_at.is_(None))
        .values(handler_id=handler)
    )
    return handler


@dataclass(frozen=True, slots=True)
class _Enrolment:
    module: str
    school: int
    is_open: bool


def _clear_flags(work: UnitOfWork, day: dt.date) -> None:
    """End flags about modules that a student no longer takes, or of schools they have left.

    This includes flags that are queued, held or on a closed case, since nothing else ends them.
    Where the roster has no data, flags stay as they are.
    """
    rows = work.connection.execute(
        sa.select(flags, students.c.home_school_id)
        .join(students, students.c.id == flags.c.student_id)
        .where(FLAG_IS_ACTIVE)
    ).all()
    taken = _enrolments(work, sorted({row.student_id for row in rows}), day)
    over: defaultdict[int | None, list[int]] = defaultdict(list)
    for row in rows:
        known = taken.get(row.student_id)
        if known and not _applies(row.module, row.school_id, row.home_school_id, known):
            over[row.case_id].append(row.id)
    for case_id, ended in sorted(over.items(), key=lambda each: each[0] or 0):
        for part in chunks(ended):
            work.connection.execute(
                sa.update(flags)
                .where(flags.c.id.in_(part))
                .values(state=FlagState.CLEARED, ended=FlagEnd.ENROLMENT_ENDED)
            )
        if case_id is None:
            continue
        case = repository.case(work.connection, case_id, lock=True)
        if not case.is_closed:
            change_case(work, case)
        work.record(WORKER, "clear-flags", f"case:{case_id}", flags=len(ended))


def _applies(module: str | None, school: int, home: int, known: list[_Enrolment]) -> bool:
    if module is not None:
        same = [each for each in known if each.module == module]
        return not same or any(each.is_open for each in same)
    taught_by = {each.school for each in known if each.is_open}
    return school in taught_by or (school == home and bool(taught_by))


def _enrolments(work: UnitOfWork, who: list[int], day: dt.date) -> dict[int, list[_Enrolment]]:
    found: defaultdict[int, list[_Enrolment]] = defaultdict(list)
    for part in chunks(who):
        rows = work.connection.execute(
            sa.select(
                enrolments.c.student_id, modules.c.code, modules.c.school_id, enrolments.c.ends
            )
            .join(modules, modules.c.id == enrolments.c.module_id)
            .where(enrolments.c.student_id.in_(part))
        )
        for student, code, school, ends in rows:
            found[student].append(_Enrolment(code, school, ends is None or ends >= day))
    return found
