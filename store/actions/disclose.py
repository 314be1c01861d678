"""Record what is shown about a student, to which colleague and for what purpose.

Every path on which a name, an address, a note, an answer or frozen evidence is shown goes through
``disclose``, whether the colleague stated a purpose or the step implies one.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence

import sqlalchemy as sa

from store.audit import Detail
from store.db.student_keys import close_note
from store.db.unit_of_work import Store, UnitOfWork
from store.rules.access.disclosures import Implied, Shows
from store.tables import cases as table
from store.tables import reveals

READS_FOR = dt.timedelta(hours=1)
"""How long one recorded purpose covers further reading by the same colleague."""

LOOKS = ("see", "reveal")
"""Audit actions which show that a person has seen a case's evidence."""


_IN_ACCESS_LOG = frozenset(Shows) - {Shows.NOTES}
"""What the student's access log records too; notes alone do not identify a student."""


def disclose(
    work: UnitOfWork,
    actor: int | str,
    subject: str,
    shows: Collection[Shows],
    purpose: str,
    *,
    action: str = "reveal",
    why: str = "",
    again: bool = False,
    **details: Detail,
) -> None:
    """Record what a reader is shown, in the transaction that reads it.

    ``actor`` is a colleague's id, or another actor such as ``system:cli``. ``subject`` is as in the
    audit: ``case:7``, ``student:12``, ``school:1``. ``why`` is in the reader's own words, which may
    name the student, so it stays out of the audit. ``again``: the reader continues under a purpose
    that the access log already has, and the hour of that entry does not start again.
    """
    _record(work, actor, subject, shows, purpose, action, details)
    kind, _, number = subject.partition(":")
    if isinstance(actor, int) and kind == "case" and not again:
        _log(work, actor, [int(number)], shows, purpose, why)


def _record(
    work: UnitOfWork,
    actor: int | str,
    subject: str,
    shows: Collection[Shows],
    purpose: str,
    action: str,
    details: Mapping[str, Detail],
) -> None:
    shown = ", ".join(each for each in Shows if each in shows)
    who = f"staff:{actor}" if isinstance(actor, int) else actor
    work.record(who, action, subject, purpose=str(purpose), shows=shown, **details)


def _log(
    work: UnitOfWork,
    actor: int,
    cases: Sequence[int],
    shows: Collection[Shows],
    purpose: str,
    why: str = "",
) -> None:
    """Add to the access log of the students of these cases, in one statement. ``why`` is about one
    case."""
    if cases and _IN_ACCESS_LOG.intersection(shows):
        if why:
            (case,) = cases
            of_case = sa.select(table.c.student_id).where(table.c.id == case)
            why = close_note(work.connection, work.connection.execute(of_case).scalar_one(), why)
        entry = {"staff_id": actor, "purpose": str(purpose), "why": why, "at": work.now}
        work.connection.execute(sa.insert(reveals), [{"case_id": each, **entry} for each in cases])


def disclose_students(
    store: Store, actor: int, students: Collection[int], shows: Collection[Shows], purpose: Implied
) -> None:
    """Record that a list shows these students, who may have no case, to a colleague."""
    if students:
        with store.unit_of_work() as work:
            for student in dict.fromkeys(students):
                disclose(work, actor, f"student:{student}", shows, purpose)


def disclose_all(
    work: UnitOfWork, actor: int, cases: Sequence[int], shows: Collection[Shows], purpose: Implied
) -> None:
    """Record a view of a page about many cases that refreshes itself: once an hour for each."""
    known = set(
        work.connection.execute(
            sa.select(reveals.c.case_id).where(
                reveals.c.staff_id == actor,
                reveals.c.purpose == purpose,
                reveals.c.at > work.now - READS_FOR,
            )
        ).scalars()
    )
    fresh = [case for case in dict.fromkeys(cases) if case not in known]
    for case in fresh:
        _record(work, actor, f"case:{case}", shows, purpose, "reveal", {})
    _log(work, actor, fresh, shows, purpose)
