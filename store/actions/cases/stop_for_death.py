"""Stop all work on a student who is reported to have died, and ask a second colleague to confirm.

A colleague reports it, or the roster does. The stop does not wait for the confirmation.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import sqlalchemy as sa

from store.actions.cases.open_cases import one_at_a_time, open_new
from store.actions.notices.notify import Notice, notify_people
from store.actions.outreach.cancel_unsent import cancel_unsent
from store.actions.request import change_case
from store.db import repository
from store.db.unit_of_work import UnitOfWork
from store.delivery import outbox
from store.queries.cases.contributing import cards_of_student
from store.queries.deaths import who_has_died
from store.queries.schools.responsible import responsible
from store.queries.schools.staff import colleagues
from store.rules.access.death import REPORTED, SAID_BY_ROSTER, SAID_NO_LONGER, DeathDecision
from store.rules.access.permissions import Action
from store.rules.calendar import institution_day
from store.rules.cases.case import Case
from store.rules.model import ExemptionKind, NoticeKind, OutboxKind
from store.rules.schools import Roster
from store.tables import deaths, enrolments, exemptions, students, waiting


def stop_for_death(work: UnitOfWork, case: Case, reporter: int | None, known: str) -> int:
    """Stop all work on the student of a case; returns how many emails were cancelled.

    ``reporter`` is None for a report by the roster. ``known`` says how the death is known.
    """
    cards = cards_of_student(work.connection, case.student)
    asked = _who_confirms(work, case, reporter)
    _exempt(work, case.student, case.school, reporter, known)
    stopped = [
        mail
        for each in cards
        # Those who are asked to confirm it learn of it from that request.
        for mail in cancel_unsent(work, each, why=REPORTED, by=reporter, not_told=asked)
    ]
    number = work.connection.execute(
        sa.insert(deaths)
        .values(
            student_id=case.student,
            school_id=case.school,
            case_id=case.id,
            reported_by=reporter,
            known=known,
            stopped=stopped,
            at=work.now,
        )
        .returning(deaths.c.id)
    ).scalar_one()
    _show(work, cards, locked=case)
    _ask_a_second(work, case, reporter, int(number), asked)
    return len(stopped)


def report_by_roster(work: UnitOfWork, roster: Roster, ids: Mapping[str, int], actor: str) -> None:
    """Record deaths that a roster reports as first reports, once for each student.

    A colleague confirms or corrects each on the student's case, which is opened if there is none. A
    death is not reported again while the roster keeps stating it. Where the roster no longer states
    it, the colleagues are told and asked again; where it is confirmed by then, the leads are told.
    No colleague is asked about students without a case who are on no module, such as those of years
    ago: they count as dead for as long as the roster states it.
    """
    died = {ids[number] for number in roster.have_died if number in ids}
    alive = {ids[number] for number in roster.live if number in ids}
    _lift(work, alive)
    _compare(work, died, alive)
    reported = sa.select(deaths.c.student_id).where(
        deaths.c.reported_by.is_(None), deaths.c.known != SAID_NO_LONGER
    )
    known = who_has_died(work.connection) | set(work.connection.execute(reported).scalars())
    for student in sorted(died - known):
        newest = next(iter(reversed(cards_of_student(work.connection, student))), None)
        if newest is None and _is_enrolled(work, student):
            one_at_a_time(work)
            newest = open_new(work, [student], {}, institution_day(work.now), by=actor)[student]
        if newest is None:
            home = sa.select(students.c.home_school_id).where(students.c.id == student)
            school = work.connection.execute(home).scalar_one()
            _exempt(work, student, school, None, SAID_BY_ROSTER)
            work.record(actor, "report-death", f"student:{student}", mails_cancelled=0)
            continue
        case = repository.case(work.connection, newest, lock=True)
        stopped = stop_for_death(work, case, None, SAID_BY_ROSTER)
        work.record(actor, "report-death", f"case:{case.id}", mails_cancelled=stopped)


def show_everywhere(work: UnitOfWork, student: int) -> None:
    """Queue an update of every card about the student, for each school separately.

    A channel that cannot be reached does not delay the others.
    """
    _show(work, cards_of_student(work.connection, student))


def _show(work: UnitOfWork, cards: Mapping[int, list[int]], locked: Case | None = None) -> None:
    """Queue the cards of these cases, by school; ``locked`` is one that was read and locked
    already.
    """
    for each, schools in cards.items():
        if locked is not None and locked.id == each:
            case = locked
        else:
            case = repository.case(work.connection, each, lock=True)
        change_case(work, case)
        for school in schools:
            key = f"card:{case.id}:{case.version + 1}:{school}"
            outbox.put(work, OutboxKind.CARD, key, school=school, case=case.id)


def _exempt(work: UnitOfWork, student: int, school: int, reporter: int | None, known: str) -> None:
    work.connection.execute(
        sa.insert(exemptions).values(
            student_id=student,
            school_id=school,
            kind=ExemptionKind.DECEASED,
            first=institution_day(work.now),
            reason=known,
            by_staff_id=reporter,
            at=work.now,
        )
    )
    work.connection.execute(sa.delete(waiting).where(waiting.c.student_id == student))


def _lift(work: UnitOfWork, who: set[int]) -> None:
    """End the roster's reports on students without a case that it no longer repeats."""
    said = work.connection.execute(
        sa.select(exemptions.c.id, exemptions.c.student_id).where(
            exemptions.c.kind == ExemptionKind.DECEASED,
            exemptions.c.by_staff_id.is_(None),
            exemptions.c.ended_at.is_(None),
            exemptions.c.student_id.not_in(sa.select(deaths.c.student_id)),
        )
    ).all()
    for row in said:
        if row.student_id in who:
            work.connection.execute(
                sa.update(exemptions).where(exemptions.c.id == row.id).values(ended_at=work.now)
            )


def _compare(work: UnitOfWork, died: set[int], alive: set[int]) -> None:
    """Record which of the roster's earlier reports this roster repeats, and which it no longer
    does.
    """
    said = work.connection.execute(
        sa.select(deaths).where(deaths.c.reported_by.is_(None)).order_by(deaths.c.id)
    ).all()
    for row in said:
        again = row.student_id in died and row.decision is None
        if not again and row.student_id not in alive:
            continue
        known = SAID_BY_ROSTER if again else SAID_NO_LONGER
        if known == row.known:
            continue
        work.connection.execute(sa.update(deaths).where(deaths.c.id == row.id).values(known=known))
        occasion = f"{row.id}-{work.now.isoformat()}"
        if row.decision is None:
            show_everywhere(work, row.student_id)
            case = repository.case(work.connection, row.case_id)
            asked = _who_confirms(work, case, None)
            _ask_a_second(work, case, None, row.id, asked, occasion)
        elif row.decision == DeathDecision.CONFIRMED:
            _doubt(work, repository.case(work.connection, row.case_id), occasion)


def _doubt(work: UnitOfWork, case: Case, occasion: str) -> None:
    """Tell the leads that the roster takes a confirmed report back; they can undo it."""
    told = Notice(NoticeKind.DEATH_DOUBTED, case.school, occasion, case=case.id)
    notify_people(work, responsible(work.connection, case.school, case.barred), told)


def _is_enrolled(work: UnitOfWork, student: int) -> bool:
    ends = enrolments.c.ends
    on_a_module = sa.select(enrolments.c.module_id).where(
        enrolments.c.student_id == student,
        ends.is_(None) | (ends >= institution_day(work.now)),
    )
    return work.connection.execute(on_a_module.limit(1)).first() is not None


def _who_confirms(work: UnitOfWork, case: Case, reporter: int | None) -> list[int]:
    """Return the leads and the owner; where neither is another person, everyone who may confirm."""
    able = {each.id for each in colleagues(work.connection, case.school, Action.CONFIRM_DEATH)}
    able -= {reporter, *case.barred}
    answering = responsible(work.connection, case.school, case.barred)
    return sorted((able & {*answering, case.owner}) or able or answering)


def _ask_a_second(
    work: UnitOfWork,
    case: Case,
    reporter: int | None,
    number: int,
    people: Iterable[int],
    occasion: str = "",
) -> None:
    key = occasion or str(number)
    told = Notice(NoticeKind.DEATH, case.school, key, case=case.id, about=number)
    notify_people(work, people, told, by=reporter)
