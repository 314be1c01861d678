"""Record what is shown about a student, to which colleague and for what purpose.

Every path on which a name, an address, a note, an answer or frozen evidence is shown goes through
``disclose``, whether the colleague stated a purpose or the step implies one.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from enum import StrEnum

import sqlalchemy as sa

from store.audit import Detail
from store.db.unit_of_work import Store, UnitOfWork
from store.tables import reveals

READS_FOR = dt.timedelta(hours=1)
"""How long one recorded purpose covers further reading by the same colleague."""

LOOKS = ("see", "reveal")
"""Audit actions which show that a person has seen a case's evidence."""


class Shows(StrEnum):
    """What a person reads about a student, as the access log names it."""

    IDENTITY = "identity"
    ADDRESS = "address"
    LETTER = "letter"
    NOTES = "notes"
    ANSWERS = "answers"
    EARLIER_CASES = "earlier cases"
    EVIDENCE = "evidence"
    TRACES = "digital traces"
    SWIPES = "card swipes"
    STEPS = "contact steps"
    LOOKS = "who looked"
    DOCUMENT = "a document from the student"


class Implied(StrEnum):
    """The purpose implied by a step. For a reveal, the colleague chooses a ``RevealPurpose``."""

    LOOKING = "looking-at-the-case"
    NAMES_SHOWN = "school-shows-names"
    HISTORY = "history"
    DRAFTING = "drafting-an-email"
    APPROVING = "reading-an-email-to-approve"
    REJECTING = "sending-a-draft-back"
    REVIEWING = "reviewing-the-welfare-route"
    ANSWERING = "answering-the-student"
    ABSENCE = "deciding-on-an-absence"
    CHECKING = "checking-a-reply"
    COMPLAINT = "reading-evidence-of-a-complaint"
    COMPLAINT_WORDS = "reading-a-complaint"
    FINDING = "looking-a-student-up"
    COVERAGE = "looking-into-coverage"
    QUEUE = "looking-at-the-queue"
    LADDER = "looking-at-the-contact-ladder"
    TRACES = "looking-at-digital-traces"
    FITNESS = "deciding-on-fitness-to-study"
    CASELOAD = "exporting-a-list-of-cases"
    PREVIEWING = "previewing-a-letter"
    SANDBOX = "reading-mail-in-the-sandbox"
    WHO_SAW = "reading-who-looked"
    EXPORTING = "gathering-everything-for-the-student"


SHOWS_NO_READER = frozenset({Implied.SANDBOX, Implied.EXPORTING})
"""A page of the sandbox that plays the student, and an export, show an answer to no one who acts on
it, so it stays unread."""

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
    """Add to the access log of the students of these cases, in one statement."""
    if cases and _IN_ACCESS_LOG.intersection(shows):
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
