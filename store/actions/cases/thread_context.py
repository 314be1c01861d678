"""Save what colleagues say in the thread of a case's card as context, never as a view."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa

from store.db import repository
from store.db.student_keys import close_note
from store.db.unit_of_work import Store, UnitOfWork
from store.policies.versions import policy_in_force
from store.rules.access.permissions import Action, authorise
from store.rules.calendar import institution_day
from store.rules.errors import CaseworkError
from store.rules.model import Platform
from store.rules.students.links import without_secrets
from store.rules.text.formatting import storable
from store.tables import cases, remarks

LONGEST = 3000


def remark(
    store: Store,
    platform: Platform,
    message: str,
    author: int,
    case_id: int,
    text: str,
    at: dt.datetime,
) -> bool:
    """Save a remark once; False where it is not saved.

    It is not saved where the school does not want it, the author may not see the case, it is empty,
    or it has been saved before.
    """
    body = _kept(text)
    with store.unit_of_work() as work:
        try:
            case = repository.case(work.connection, case_id, lock=True)
            authorise(repository.actor(work.connection, author), Action.SEE, case)
        except CaseworkError:
            return False
        published = policy_in_force(work.connection, case.school, institution_day(work.now))
        wanted = published is not None and published.policy.discussion.capture_threads
        key = _key(platform, message)
        known = sa.select(remarks.c.id).where(remarks.c.message == key)
        if not wanted or not body or work.connection.execute(known).first():
            return False
        sealed = close_note(work.connection, case.student, body)
        made = work.connection.execute(
            sa.insert(remarks)
            .values(case_id=case_id, author_id=author, message=key, body=sealed, at=at)
            .returning(remarks.c.id)
        ).scalar_one()
        work.record(f"staff:{author}", "remark", f"case:{case_id}", remark=made)
    return True


def follow_edit(store: Store, platform: Platform, message: str, text: str) -> bool:
    """Save a colleague's edit of a remark. An edit to empty text deletes it."""
    body = _kept(text)
    if not body:
        return follow_deletion(store, platform, message)
    is_it = remarks.c.message == _key(platform, message)
    with store.unit_of_work() as work:
        of_case = sa.select(cases.c.student_id).join(remarks, remarks.c.case_id == cases.c.id)
        student = work.connection.execute(of_case.where(is_it)).scalar_one_or_none()
        if student is None:
            return False
        sealed = close_note(work.connection, student, body)
        return _follow(work, sa.update(remarks).values(body=sealed).where(is_it), "edit-remark")


def follow_deletion(store: Store, platform: Platform, message: str) -> bool:
    """Delete a remark that its author deleted in the thread."""
    gone = sa.delete(remarks).where(remarks.c.message == _key(platform, message))
    with store.unit_of_work() as work:
        return _follow(work, gone, "delete-remark")


def _kept(text: str) -> str:
    """Return what is saved of a remark: a link of a student's may be pasted into one."""
    return without_secrets(storable(text).strip()[:LONGEST])


def _follow(work: UnitOfWork, change: sa.Update | sa.Delete, action: str) -> bool:
    row = work.connection.execute(
        change.returning(remarks.c.id, remarks.c.case_id, remarks.c.author_id)
    ).one_or_none()
    if row is None:
        return False
    work.record(f"staff:{row.author_id}", action, f"case:{row.case_id}", remark=row.id)
    return True


def _key(platform: Platform, message: str) -> str:
    return f"{platform}:{message}"
