"""Save a student's message once, on their case, for its owner.

Links in emails, the student's own page, the chat in Teams and the sandbox all come here. The
message is an answer like a reply by email: it moves the case and stops the ladder.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace

import sqlalchemy as sa

from store.actions.notices.notify import Notice, notify_person
from store.actions.notices.post_thread_notice import say_in_thread
from store.actions.notices.read_now import have_it_read
from store.actions.outreach.apply_answer import student_answered
from store.actions.request import change_case
from store.db import repository
from store.db.student_keys import close_words
from store.db.unit_of_work import Store, UnitOfWork
from store.queries.cases.owner_suggestions import default_owners
from store.queries.contacts import CHATTED
from store.queries.deaths import has_died
from store.queries.schools.responsible import responsible
from store.queries.students.messages import preference_of
from store.rules.calendar import INSTITUTION, institution_day
from store.rules.cases.case import Case
from store.rules.errors import InvalidInput, NotPossibleNow
from store.rules.model import NoticeKind
from store.rules.notices.thread_notices import LineKind
from store.rules.students.links import without_secrets
from store.rules.students.messages import PREFERENCES, ROOM, Said, Saying, check_said, heard_again
from store.rules.students.urgent_words import may_speak_of_danger
from store.rules.text.formatting import on_day
from store.tables import CASE_IS_OPEN, audit, cases, outreach, preferences, sayings, students

CLOSED = "This service is closed. Contact your school office."
"""Told to everyone who writes in the name of a student who is recorded as having died."""


def record_message(
    store: Store,
    said: Said,
    key: str,
    check: Callable[[UnitOfWork], None] | None = None,
    also: Callable[[UnitOfWork, int], None] | None = None,
) -> bool:
    """Save a student's message once for its ``key``; False where it was saved before.

    ``check`` may refuse it; no other message of the student is saved meanwhile. ``also`` saves what
    belongs to the message, by its id, with it. The secrets of links are not saved with the words.

    It goes to the student's open case. Without one it goes to the case of the email whose link was
    followed, which is reopened unless only a preference was given. Without either it waits for an
    officer of the home school.

    Raises:
        InvalidInput: words or a choice are missing. The sentence is for the student.
        NotPossibleNow: too many unread messages wait already. The sentence is for the student.
    """
    said = check_said(said)
    said = replace(said, words=without_secrets(said.words))
    with store.unit_of_work() as work:
        school = _student(work, said.student)
        if _is_kept(work, key):
            return False
        if check is not None:
            check(work)
        _check_room(work, said)
        case = _case(work, said)
        number = _keep(work, said, key, case.school if case else school, case)
        if also is not None:
            also(work, number)
        _prefer(work, said)
        details: dict[str, str | int] = {"saying": number, **_move(work, said, case)}
        if said.mail:
            details["outreach"] = said.mail
        who = f"student:{said.student}"
        work.record(who, f"said-{said.kind}", f"case:{case.id}" if case else who, **details)
        later = None
        if case is not None:
            later = say_in_thread(work, case, LineKind.SAID, str(number), about=number)
        have_it_read(
            work,
            said.words,
            key=f"saying:{number}",
            student=said.student,
            school=case.school if case else school,
            case=case,
            about=number,
        )
        for person in _who_to_tell(work, said, school, case):
            told = Notice(
                NoticeKind.SAID,
                case.school if case else school,
                str(number),
                case=case.id if case else None,
                about=number,
                not_before=later,
            )
            notify_person(work, person, told)
    return True


def note_chat(store: Store, student: int) -> None:
    """Record that a student wrote to Lantern in Teams, without the words, once a day."""
    with store.unit_of_work() as work:
        who, today = f"student:{student}", institution_day(work.now)
        last = work.connection.execute(
            sa.select(sa.func.max(audit.c.at)).where(
                audit.c.subject == who, audit.c.action == CHATTED
            )
        ).scalar_one()
        if last is None or institution_day(last) < today:
            work.record(who, CHATTED, who)


def _student(work: UnitOfWork, student: int) -> int:
    """Return the student's home school. Locks the student, so that messages at the same time are
    saved in turn.
    """
    school: int | None = work.connection.execute(
        sa.select(students.c.home_school_id)
        .where(students.c.id == student, students.c.erased_at.is_(None))
        .with_for_update(key_share=True)
    ).scalar_one_or_none()
    if school is None:
        raise InvalidInput("Lantern no longer has your record. Write to your school.")
    if has_died(work.connection, student):
        raise InvalidInput(CLOSED)
    return school


def _is_kept(work: UnitOfWork, key: str) -> bool:
    query = sa.select(sayings.c.id).where(sayings.c.key == key)
    return work.connection.execute(query).first() is not None


def _check_room(work: UnitOfWork, said: Said) -> None:
    """Refuse one message too many, and say when the next is possible.

    An urgent message is never refused. A wish for no more email always counts; the way back does
    not, so that the two cannot be alternated without end.
    """
    most = max(number for number, _ in ROOM)
    mine = sa.select(sayings.c.at).where(sayings.c.student_id == said.student)
    newest = work.connection.execute(mine.order_by(sayings.c.at.desc()).limit(most))
    until = heard_again(newest.scalars().all(), work.now)
    if until is None or may_speak_of_danger(said.words):
        return
    if said.kind is Saying.OPT_OUT:
        if not preference_of(work.connection, said.student).has_opted_out:
            return
        raise NotPossibleNow("You get no more emails about engagement. This is saved already.")
    raise NotPossibleNow(
        "You have sent many messages in a short time, and your school still has to read them. "
        f"This last one was not saved. Send it again after {_moment(until)}, or write to your "
        "school."
    )


def _moment(at: dt.datetime) -> str:
    """Return the end of the minute, as a clock on the campus shows it."""
    there = (at + dt.timedelta(minutes=1)).astimezone(INSTITUTION)
    return f"{there:%H:%M} on {on_day(there.date())}"


def _case(work: UnitOfWork, said: Said) -> Case | None:
    """Return the student's open case, or their email's; locked. Another's email is ignored."""
    found = work.connection.execute(
        sa.select(cases.c.id).where(cases.c.student_id == said.student, CASE_IS_OPEN)
    ).scalar_one_or_none()
    if found is None and said.mail is not None:
        found = work.connection.execute(
            sa.select(cases.c.id)
            .join(outreach, outreach.c.case_id == cases.c.id)
            .where(outreach.c.id == said.mail, cases.c.student_id == said.student)
        ).scalar_one_or_none()
    return None if found is None else repository.case(work.connection, found, lock=True)


def _keep(work: UnitOfWork, said: Said, key: str, school: int, case: Case | None) -> int:
    made: int = work.connection.execute(
        sa.insert(sayings)
        .values(
            student_id=said.student,
            school_id=school,
            case_id=case.id if case else None,
            outreach_id=said.mail,
            key=key,
            kind=said.kind,
            way=said.way,
            words=_closed(work, said),
            at=work.now,
        )
        .returning(sayings.c.id)
    ).scalar_one()
    return made


def _prefer(work: UnitOfWork, said: Said) -> None:
    """Save the newest preference where the checks of contact read it."""
    match said.kind:
        case Saying.CONTACT_BY:
            words = _closed(work, said)
            changes: dict[str, object] = {"way": said.way, "words": words, "said_at": work.now}
        case Saying.OPT_OUT:
            changes = {"opted_out_at": work.now}
        case Saying.OPT_IN:
            changes = {"opted_out_at": None}
        case _:
            return
    mine = preferences.c.student_id == said.student
    changed = work.connection.execute(sa.update(preferences).where(mine).values(**changes))
    if not changed.rowcount:
        work.connection.execute(
            sa.insert(preferences).values({"student_id": said.student} | changes)
        )


def _closed(work: UnitOfWork, said: Said) -> str:
    return close_words(work.connection, said.student, said.words) if said.words else ""


def _move(work: UnitOfWork, said: Said, case: Case | None) -> dict[str, str]:
    if case is None:
        return {}
    if case.is_closed and said.kind in PREFERENCES:
        change_case(work, case)
        return {}
    return student_answered(work, case)


def _who_to_tell(work: UnitOfWork, said: Said, school: int, case: Case | None) -> list[int]:
    """Return the owner of the case; else the officer who would be, else the school's lead."""
    if case is not None and case.owner is not None:
        return [case.owner]
    where, barred = (case.school, case.barred) if case else (school, frozenset[int]())
    day = institution_day(work.now)
    (owner,) = default_owners(work.connection, where, [said.student], day, barred)
    if owner is not None:
        return [owner]
    return responsible(work.connection, where, barred)[:1]
