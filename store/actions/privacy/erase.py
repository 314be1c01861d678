"""Erase a student (paragraph 28): the tables in one transaction, the rest through the outbox.

One transaction deletes the rows and lists everything outside the tables. The worker then deletes
that one by one, with retries. A process that dies has either done nothing, or left a list for the
next one.
"""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from store.actions.cases.open_cases import one_at_a_time
from store.actions.erased_numbers import remember_erased
from store.actions.kept_words import think_twice
from store.actions.privacy import external_copies as remains
from store.actions.privacy.erasure_blockers import erasure_blocker
from store.actions.privacy.extent import Extent, extent_of
from store.actions.privacy.external_copies import CasePeriod, Remains, period_of
from store.actions.privacy.purge import queue_deletions
from store.actions.privacy.request import StudentRequest, on_student
from store.actions.request import Request
from store.db import dependents as reach
from store.db.unit_of_work import Store, UnitOfWork
from store.delivery import outbox
from store.queries.schools.roster import ROSTER
from store.rules.access.permissions import Action
from store.rules.calendar import institution_day
from store.rules.errors import InvalidInput, NotPossibleNow, OvertakenError
from store.rules.model import OutboxKind
from store.rules.privacy import RemnantKind
from store.rules.text.reasons import check_reason
from store.tables import cases, erasures, posts, revisions, students

LONGEST_WHY = 500
RETENTION = "system:retention"


@dataclass(frozen=True, slots=True)
class ErasureRequest:
    """A request for an erasure. ``by`` is the officer's id; None: the retention period."""

    school: int
    student: int
    by: int | None
    why: str

    @property
    def actor(self) -> str:
        """Return the actor of the request, for the audit."""
        return RETENTION if self.by is None else f"staff:{self.by}"


def preview_erasure(store: Store, request: Request, number: str, why: str | None = None) -> Extent:
    """Return how much an erasure would delete, for confirmation; the access is audited.

    ``why`` is the reason where it is given already: one that ``erase_student`` would refuse is
    refused here too.

    Raises:
        NotPossibleNow: the student cannot be erased now; the sentence says why.
    """
    with on_student(store, request, Action.ERASE, number) as asked:
        if why is not None:
            _reason(asked.work, asked, why)
        secure(asked.work, students, [asked.student])
        _refuse_if_hindered(asked.work, asked.student)
        extent = _extent(asked.work, students, [asked.student])
        asked.record("preview-erasure", rows=extent.rows, messages=extent.messages)
        return extent


def erase_student(store: Store, request: Request, number: str, why: str, seen: str) -> int:
    """Erase a student; returns the erasure's id. ``seen`` is the ``Extent`` that was confirmed.

    Raises:
        OvertakenError: the extent has changed since; the officer looks again.
        NotPossibleNow: the student cannot be erased now; the sentence says why.
    """
    with on_student(store, request, Action.ERASE, number) as asked:
        work = asked.work
        reason = _reason(work, asked, why)
        secure(work, students, [asked.student])
        _refuse_if_hindered(work, asked.student)
        extent = _extent(work, students, [asked.student])
        if seen.strip() != str(extent):
            raise OvertakenError(
                f"The figure does not match: this would now delete {extent.words}. Check again, "
                f"and confirm with {extent}."
            )
        remember_erased(store, work, asked.student, number.strip())
        who = ErasureRequest(asked.school, asked.student, asked.actor.id, reason)
        return take_away(work, students, [asked.student], who)


def secure(work: UnitOfWork, root: sa.Table, ids: Sequence[int]) -> None:
    """Lock students or cases, so that no screening, colleague or worker adds to their data."""
    one_at_a_time(work)
    work.connection.execute(sa.select(root.c.id).where(root.c.id.in_(ids)).with_for_update()).all()
    mine = reach.reach(work.connection, root, ids)[cases]
    work.connection.execute(sa.select(cases.c.id).where(mine).with_for_update()).all()


def take_away(work: UnitOfWork, root: sa.Table, ids: Sequence[int], asked: ErasureRequest) -> int:
    """Delete students or cases (``root``) with all dependent rows; return the erasure's id.

    The caller has locked them, and checked that they can be erased.
    """
    reached, periods, found = _all_of_it(work, root, ids)
    today = institution_day(work.now)
    shown = remains.schools_shown(work.connection, periods)
    gone = sum(reach.count(work.connection, reached).values())
    remains.forget(work.connection, periods, today)
    reach.wipe(work.connection, reached, work.now)
    if root is students:
        found += [Remains(RemnantKind.LAKE, str(each)) for each in ids]
        _renew_copies(work)
    number = int(
        work.connection.execute(
            sa.insert(erasures)
            .values(
                school_id=asked.school,
                student=asked.student,
                by_staff_id=asked.by,
                why=asked.why,
                rows_gone=gone,
                at=work.now,
            )
            .returning(erasures.c.id)
        ).scalar_one()
    )
    queue_deletions(work, number, asked.school, found)
    _renew_digests(work, number, shown, today)
    if root is cases:
        _renew_cards(work, number, ids)
    subject = f"student:{asked.student}"
    work.record(asked.actor, "erase", subject, erasure=number, rows=gone, elsewhere=len(found))
    return number


def _renew_digests(work: UnitOfWork, erasure: int, schools: Sequence[int], today: dt.date) -> None:
    """Update this morning's digests where they were posted."""
    for school in schools:
        subject = f"{remains.DIGEST}{school}:{today}"
        shown = sa.select(posts.c.id).where(posts.c.subject == subject)
        if work.connection.execute(shown).first():
            key = f"{subject}:erasure:{erasure}"
            outbox.put(work, OutboxKind.DIGEST, key, school=school, day=today)


def _renew_cards(work: UnitOfWork, erasure: int, gone: Sequence[int]) -> None:
    """Update the cards of cases that refer to one of these: earlier, later or merged ones."""
    beside = sa.select(cases.c.follows_id).where(cases.c.id.in_(gone))
    named = cases.c.follows_id.in_(gone) | cases.c.merged_into.in_(gone) | cases.c.id.in_(beside)
    rows = sa.select(cases.c.id, cases.c.school_id).where(named, cases.c.erased_at.is_(None))
    for case, school in work.connection.execute(rows):
        key = f"card:{case}:erasure:{erasure}"
        outbox.put(work, OutboxKind.CARD, key, school=school, case=case)


def _all_of_it(
    work: UnitOfWork, root: sa.Table, ids: Sequence[int]
) -> tuple[reach.Reached, list[CasePeriod], list[Remains]]:
    """Find all dependent rows, the cases' periods and the copies outside the tables."""
    reached = reach.reach(work.connection, root, ids)
    rows = work.connection.execute(sa.select(cases).where(reached[cases])).all()
    periods = [period_of(row, work.now) for row in rows]
    today = institution_day(work.now)
    return reached, periods, remains.remains(work.connection, reached, periods, today)


def _extent(work: UnitOfWork, root: sa.Table, ids: Sequence[int]) -> Extent:
    reached, _, found = _all_of_it(work, root, ids)
    return extent_of(reach.count(work.connection, reached), [each.kind for each in found])


def _refuse_if_hindered(work: UnitOfWork, student: int) -> None:
    if found := erasure_blocker(work.connection, student):
        raise NotPossibleNow(found.sentence, permanent=not found.passes)


def _reason(work: UnitOfWork, asked: StudentRequest, why: str) -> str:
    """Refuse a reason that names the student, since it stays after the erasure."""
    tidy = check_reason(why, field="why", asks="Give the reason", longest=LONGEST_WHY)
    think_twice(asked, tidy, "why")
    row = work.connection.execute(sa.select(students).where(students.c.id == asked.student)).one()
    names = (
        row.number,
        row.given_name,
        row.family_name,
        row.university_email,
        row.personal_email,
    )
    if any(name and name.casefold() in tidy.casefold() for name in names):
        raise InvalidInput(
            "The reason is kept when the student's data is gone. Give it without their "
            "name, number or address.",
            field="why",
        )
    return tidy


def _renew_copies(work: UnitOfWork) -> None:
    """Mark the lake's snapshot of enrolments, so that it is rebuilt before its next use."""
    work.connection.execute(
        sa.update(revisions).where(revisions.c.name == ROSTER).values(token=secrets.token_hex(8))
    )
