"""Stop all emails of a school, or of all schools, until a colleague starts them again."""

from __future__ import annotations

import sqlalchemy as sa

from store.actions.request import Request, SchoolRequest, in_school
from store.db.unit_of_work import Store, UnitOfWork
from store.rules.access.permissions import Action
from store.rules.errors import InvalidInput, NotPossibleNow
from store.rules.text.reasons import check_reason
from store.tables import schools, stops

COMMAND_LINE = "system:cli"


def stop_mail(store: Store, request: Request, school: int, why: str) -> None:
    """Stop the emails of a lead's school. Approved ones wait; nothing is lost.

    Raises ``NotPossibleNow`` where they are stopped already.
    """
    with in_school(store, request, Action.LEAD, school) as asked:
        tidy = check_reason(why, field="why", asks="Say why")
        if _stopped(asked.work, school):
            raise NotPossibleNow("Your school's emails are stopped already.")
        _insert(asked.work, school, tidy, asked.actor.id)
        asked.record("stop-mail")


def start_mail(store: Store, request: Request, school: int) -> None:
    """Start the school's emails. A stop of the whole institution ends on the command line only.

    Raises ``NotPossibleNow`` where nothing of this school is stopped.
    """
    with in_school(store, request, Action.LEAD, school) as asked:
        if not _end(asked.work, stops.c.school_id == school):
            raise NotPossibleNow(_why_not_started(asked))
        asked.record("start-mail")


def stop_from_outside(store: Store, why: str, code: str | None = None) -> None:
    """Stop emails from the command line: for one school by its code, or for all."""
    tidy = check_reason(why, field="why", asks="Say why")
    with store.unit_of_work() as work:
        school = _by_code(work, code)
        if not _stopped(work, school):
            _insert(work, school, tidy, None)
            work.record(COMMAND_LINE, "stop-mail", _subject(school))


def start_from_outside(store: Store, code: str | None = None) -> bool:
    """Start emails from the command line; False where nothing was stopped."""
    with store.unit_of_work() as work:
        school = _by_code(work, code)
        here = stops.c.school_id.is_(None) if school is None else stops.c.school_id == school
        ended = _end(work, here)
        if ended:
            work.record(COMMAND_LINE, "start-mail", _subject(school))
    return ended


def stopped_because(connection: sa.Connection, school: int) -> str | None:
    """Return why this school sends no emails now; None where it may send."""
    found: str | None = connection.execute(
        sa.select(stops.c.why)
        .where(
            stops.c.ended_at.is_(None),
            stops.c.school_id.is_(None) | (stops.c.school_id == school),
        )
        .order_by(stops.c.id)
        .limit(1)
    ).scalar_one_or_none()
    return found


def _stopped(work: UnitOfWork, school: int | None) -> bool:
    here = stops.c.school_id.is_(None) if school is None else stops.c.school_id == school
    query = sa.select(stops.c.id).where(here, stops.c.ended_at.is_(None))
    return work.connection.execute(query).first() is not None


def _insert(work: UnitOfWork, school: int | None, why: str, by: int | None) -> None:
    work.connection.execute(
        sa.insert(stops).values(school_id=school, stopped_by=by, why=why, at=work.now)
    )


def _end(work: UnitOfWork, here: sa.ColumnElement[bool]) -> bool:
    done = work.connection.execute(
        sa.update(stops).where(here, stops.c.ended_at.is_(None)).values(ended_at=work.now)
    )
    return bool(done.rowcount)


def _why_not_started(asked: SchoolRequest) -> str:
    if stopped_because(asked.work.connection, asked.school):
        return (
            "Emails are stopped for the whole institution. Only your Lantern administrator can "
            "start them again, with lantern outreach start."
        )
    return "Your school's emails are not stopped."


def _by_code(work: UnitOfWork, code: str | None) -> int | None:
    if code is None:
        return None
    found: int | None = work.connection.execute(
        sa.select(schools.c.id).where(schools.c.code == code.upper())
    ).scalar_one_or_none()
    if found is None:
        raise InvalidInput(f"There is no school {code}. Use the school's code from the roster.")
    return found


def _subject(school: int | None) -> str:
    return "mail" if school is None else f"school:{school}"
