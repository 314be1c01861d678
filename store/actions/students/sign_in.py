"""Sign students in and out: match the account with the roster, and keep server-side sessions.

A browser's cookie is stored as a digest only. Signing in starts a new session and ends the one that
the browser had before. Every refusal is a row of the audit that names no account.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from store.db.unit_of_work import Store, UnitOfWork
from store.queries.deaths import has_died, lives
from store.rules.letters.letter import Language, language_of
from store.rules.students.sign_in import (
    LONGEST,
    SIGN_IN_LIFE,
    AccountHolder,
    SignInRefusal,
    SignInRefused,
    has_ended,
)
from store.tables import sign_ins, student_accounts, student_sessions, students

_BETWEEN_NOTES = dt.timedelta(minutes=1)
"""How often a session's last use is written down."""
_SOMEONE = "student:unknown"


@dataclass(frozen=True, slots=True)
class StudentSession:
    """Who is signed in, and since when. ``csrf`` has to come back with each of their forms."""

    student: int
    language: Language
    since: dt.datetime
    csrf: str


def begin_sign_in(store: Store, flow: Mapping[str, Any]) -> str:
    """Store the state of a sign-in; return the secret for this browser's cookie."""
    token = secrets.token_urlsafe(32)
    sealed = store.seal.close(json.dumps(dict(flow)))
    with store.unit_of_work() as work:
        # Each sign-in also clears away what others left unfinished.
        over = sign_ins.c.at < work.now - SIGN_IN_LIFE
        work.connection.execute(sa.delete(sign_ins).where(over))
        work.connection.execute(
            sa.insert(sign_ins).values(mark=_mark(token), flow=sealed, at=work.now)
        )
    return token


def take_sign_in(store: Store, token: str) -> dict[str, Any]:
    """Return the state that ``begin_sign_in`` stored, once.

    Raises:
        SignInRefused: this browser has no sign-in in progress, it was used before, or it is too
            old.
    """
    with store.unit_of_work() as work:
        row = work.connection.execute(
            sa.delete(sign_ins)
            .where(sign_ins.c.mark == _mark(token))
            .returning(sign_ins.c.flow, sign_ins.c.at)
        ).one_or_none()
    if row is None or row.at < store.now() - SIGN_IN_LIFE:
        raise SignInRefused(SignInRefusal.BROKEN)
    found: dict[str, Any] = json.loads(store.seal.open(row.flow))
    return found


def refuse_sign_in(store: Store, reason: SignInRefusal) -> None:
    """Record that a sign-in was refused before anyone was recognised."""
    with store.unit_of_work() as work:
        work.record(_SOMEONE, "sign-in-refused", _SOMEONE, reason=reason.value)


def sign_in(store: Store, holder: AccountHolder, before: str = "") -> str:
    """Start a session for the account's student; return its secret.

    ``before`` is the browser's previous secret, whose session ends. The account is recognised by
    its immutable id; the first time, it is matched by address and remembered.

    Raises:
        SignInRefused: no student of the roster matches, several do, or the one that does has signed
        in with another account. It is audited.
    """
    refused = None
    with store.unit_of_work() as work:
        student = _known(work, holder)
        if student is None:
            student, refused = _matched(work, holder)
        if refused is None and student is not None and has_died(work.connection, student):
            refused = SignInRefusal.CLOSED
        who = _SOMEONE if student is None else f"student:{student}"
        if refused is not None or student is None:
            refused = refused or SignInRefusal.UNKNOWN
            work.record(_SOMEONE, "sign-in-refused", who, reason=refused.value)
        else:
            token = _open_session(work, student, before)
            work.record(who, "sign-in", who)
    if refused is not None:
        raise SignInRefused(refused)
    return token


def sign_in_locally(store: Store, number: str, before: str = "") -> str:
    """Start a session for the student with this number; return its secret. Only for the sandbox.

    In the sandbox anyone may act as anyone.

    Raises:
        SignInRefused: there is no such student.
    """
    with store.unit_of_work() as work:
        student = work.connection.execute(
            sa.select(students.c.id).where(
                students.c.number == number.strip(), students.c.erased_at.is_(None)
            )
        ).scalar_one_or_none()
        if student is None or has_died(work.connection, student):
            raise SignInRefused(SignInRefusal.UNKNOWN)
        work.record(f"student:{student}", "sign-in", f"student:{student}", sandbox=True)
        return _open_session(work, student, before)


def session_of(store: Store, token: str) -> StudentSession | None:
    """Return the session of a browser's secret; None where there is none or it has ended."""
    if not token:
        return None
    now = store.now()
    with store.database.read() as connection:
        row = connection.execute(
            sa.select(student_sessions, students.c.language)
            .join(students, students.c.id == student_sessions.c.student_id)
            .where(
                student_sessions.c.mark == _mark(token),
                students.c.erased_at.is_(None),
                lives(students.c.id),
            )
        ).one_or_none()
    if row is None or has_ended(row.at, row.seen_at, now):
        return None
    if now - row.seen_at >= _BETWEEN_NOTES:
        with store.unit_of_work() as work:
            mine = student_sessions.c.mark == row.mark
            work.connection.execute(
                sa.update(student_sessions).where(mine).values(seen_at=work.now)
            )
    csrf = store.mark(f"csrf {token}")
    return StudentSession(row.student_id, language_of(row.language), row.at, csrf)


def is_own_form(session: StudentSession, csrf: str) -> bool:
    """Return whether a form was made for this session, compared in constant time."""
    return hmac.compare_digest(session.csrf.encode(), csrf.encode())


def sign_out(store: Store, session: StudentSession) -> None:
    """End every session of the student, on all devices, so that a copied cookie is worthless."""
    with store.unit_of_work() as work:
        mine = student_sessions.c.student_id == session.student
        work.connection.execute(sa.delete(student_sessions).where(mine))
        who = f"student:{session.student}"
        work.record(who, "sign-out", who)


def end_all_sessions(work: UnitOfWork) -> int:
    """End every session and sign-in under way, as after a restore; return how many sessions.

    A backup may hold a session that was ended since.
    """
    work.connection.execute(sa.delete(sign_ins))
    return work.connection.execute(sa.delete(student_sessions)).rowcount


def _known(work: UnitOfWork, holder: AccountHolder) -> int | None:
    found: int | None = work.connection.execute(
        sa.select(student_accounts.c.student_id).where(
            student_accounts.c.issuer == holder.issuer,
            student_accounts.c.subject == holder.subject,
        )
    ).scalar_one_or_none()
    return found


def _matched(work: UnitOfWork, holder: AccountHolder) -> tuple[int | None, SignInRefusal | None]:
    """Return (student, refusal): the one student with an address of the account, remembered."""
    found = (
        work.connection.execute(
            # Locked, so that two accounts at once do not both become this student's.
            sa.select(students.c.id)
            .where(
                sa.func.lower(students.c.university_email).in_(sorted(holder.addresses)),
                students.c.erased_at.is_(None),
            )
            .with_for_update(key_share=True)
        )
        .scalars()
        .all()
    )
    if len(found) != 1:
        return None, SignInRefusal.UNKNOWN
    (student,) = found
    mine = student_accounts.c.student_id == student
    if work.connection.execute(sa.select(student_accounts).where(mine)).first() is not None:
        return student, SignInRefusal.OTHER_ACCOUNT
    work.connection.execute(
        sa.insert(student_accounts).values(
            student_id=student, issuer=holder.issuer, subject=holder.subject, at=work.now
        )
    )
    return student, None


def _open_session(work: UnitOfWork, student: int, before: str) -> str:
    token = secrets.token_urlsafe(32)
    over = sa.or_(
        student_sessions.c.at < work.now - LONGEST, student_sessions.c.mark == _mark(before)
    )
    work.connection.execute(sa.delete(student_sessions).where(over))
    work.connection.execute(
        sa.insert(student_sessions).values(
            mark=_mark(token), student_id=student, at=work.now, seen_at=work.now
        )
    )
    return token


def _mark(token: str) -> str:
    """Return a digest. The token is random and long, so that no key or salt is needed."""
    return hashlib.sha256(token.encode()).hexdigest()
