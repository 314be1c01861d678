"""A colleague reads a student's request to be absent, and agrees to it or not.

The reason and the document are for the colleague who decides. An agreed absence counts as an
exemption does: no flag is raised for its days, and they add to no later one. The exemption says
nothing of the reason.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from store.actions.disclose import disclose
from store.actions.kept_words import think_twice
from store.actions.notices.read_now import mark_read
from store.actions.outreach.cancel_unsent import cancel_unsent
from store.actions.request import (
    AlreadyDone,
    CaseRequest,
    Request,
    SchoolRequest,
    change_case,
    in_school,
    on_case,
)
from store.db.student_keys import close_words, open_document, open_words
from store.db.unit_of_work import Store
from store.queries.schools.cover import stand_in
from store.queries.schools.staff import colleagues
from store.queries.students.absences import AbsenceRead
from store.rules.access.disclosures import Implied, Shows
from store.rules.access.permissions import Action
from store.rules.calendar import institution_day
from store.rules.errors import InvalidInput, NotPossibleNow
from store.rules.model import ExemptionKind
from store.rules.students.absences import LINK_LIFE, Document, DocumentKind
from store.rules.students.messages import LONGEST
from store.rules.text.reasons import check_reason
from store.rules.text.tone.check import check_supportive
from store.signed_links import DocumentLink, DocumentLinks, LinkBroken
from store.tables import absence_requests, cases, exemptions, sayings, students

DECIDED = "A colleague has decided on this already."
"""Told to the second of two who decide."""
AGREED = "The student asked for this absence, and it was agreed."
"""The reason that the exemption shows to others."""


def document_links(store: Store) -> DocumentLinks:
    """Return what signs and reads the links to documents."""
    return DocumentLinks(store.seal.secrets_for("documents"), store.links.address)


def read_absence(store: Store, request: Request, saying: int) -> AbsenceRead:
    """Return a request with its reason; the access is audited.

    Raises ``NotPossibleNow`` where a colleague who opened the document decides.
    """
    with _about(store, request, saying) as (asked, row):
        is_decided = row.agreed is not None
        if not is_decided:
            _check_decides(asked, row)
            mark_read(asked.work, asked.actor.id, case=row.case_id, saying=saying)
        may_read = not is_decided or row.answered_by == asked.actor.id
        shows = (Shows.IDENTITY, Shows.ANSWERS) if may_read else (Shows.IDENTITY,)
        _disclose(asked, row, shows, "read-absence", saying)
        link = DocumentLink(saying, asked.actor.id)
        until = asked.work.now + LINK_LIFE
        return AbsenceRead(
            saying,
            row.reference or "",
            f"{row.given_name} {row.family_name}",
            row.number,
            row.at,
            row.first,
            row.last,
            open_words(asked.work.connection, row.reason) if may_read else "",
            document_links(store).address_of(link, until) if row.has_document else "",
            row.agreed,
            open_words(asked.work.connection, row.answer) if may_read else "",
            is_decided and row.answered_by is None,
        )


def read_document(store: Store, token: str) -> Document:
    """Return the document of a link, once; who opens it decides. The access is audited.

    Raises:
        LinkBroken: the link was changed, used or has expired, or the document was deleted.
        NotAllowed: the colleague may not decide any more.
        NotPossibleNow: another colleague opened the document, and decides.
    """
    link = document_links(store).read(token, store.now())
    try:
        with _about(store, Request(link.staff, f"document:{store.mark(token)}"), link.saying) as (
            asked,
            row,
        ):
            _check_decides(asked, row)
            mine = absence_requests.c.saying_id == link.saying
            sealed, kind = asked.work.connection.execute(
                sa.select(absence_requests.c.document, absence_requests.c.document_kind).where(mine)
            ).one()
            if sealed is None:
                raise LinkBroken
            asked.work.connection.execute(
                sa.update(absence_requests).where(mine).values(opened_by=asked.actor.id)
            )
            shows = (Shows.IDENTITY, Shows.DOCUMENT)
            _disclose(asked, row, shows, "open-document", link.saying)
            content = open_document(asked.work.connection, sealed)
            return Document(DocumentKind(kind), content)
    except AlreadyDone:
        raise LinkBroken from None


@dataclass(frozen=True, slots=True)
class Decision:
    """What a colleague decided, with a word that the student reads."""

    agreed: bool
    words: str


def decide_absence(store: Store, request: Request, saying: int, decision: Decision) -> str:
    """Save the decision, once, and delete the document. Returns the case's reference, or ''.

    Raises ``NotPossibleNow`` where a colleague has decided, or opened the document and decides.
    """
    with _about(store, request, saying) as (asked, row):
        if row.agreed is not None:
            raise NotPossibleNow(DECIDED)
        _check_decides(asked, row)
        asks = "Say a word to the student"
        words = check_reason(
            decision.words, field="answer", asks=asks, longest=LONGEST, keeps_lines=True
        )
        check_supportive(words, field="answer")
        think_twice(asked, words, "answer")
        _settle(asked, row, decision.agreed, words)
        if decision.agreed:
            _exempt(asked, row, saying)
        if isinstance(asked, CaseRequest):
            change_case(asked.work, asked.case)
        asked.record("decide-absence", saying=saying, agreed=decision.agreed)
        return row.reference or ""


def _settle(asked: CaseRequest | SchoolRequest, row: Any, agreed: bool, words: str) -> None:
    connection, saying = asked.work.connection, row.saying_id
    changed = connection.execute(
        sa.update(sayings)
        .where(sayings.c.id == saying, sayings.c.answered_at.is_(None))
        .values(
            answered_by=asked.actor.id,
            answer=close_words(connection, row.student_id, words),
            answered_at=asked.work.now,
        )
    )
    if not changed.rowcount:
        raise NotPossibleNow(DECIDED)
    connection.execute(
        sa.update(absence_requests)
        .where(absence_requests.c.saying_id == saying)
        .values(agreed=agreed, document=None)
    )


def _exempt(asked: CaseRequest | SchoolRequest, row: Any, saying: int) -> None:
    work = asked.work
    made = work.connection.execute(
        sa.insert(exemptions)
        .values(
            student_id=row.student_id,
            school_id=row.school_id,
            kind=ExemptionKind.APPROVED_ABSENCE,
            first=row.first,
            last=row.last,
            reason=AGREED,
            by_staff_id=asked.actor.id,
            at=work.now,
        )
        .returning(exemptions.c.id)
    ).scalar_one()
    work.connection.execute(
        sa.update(absence_requests)
        .where(absence_requests.c.saying_id == saying)
        .values(exemption_id=made)
    )
    holds_now = row.first <= institution_day(work.now) <= row.last
    if holds_now and isinstance(asked, CaseRequest):
        cancel_unsent(work, asked.case.id, why="the student is exempt now", by=asked.actor.id)


def _check_decides(asked: CaseRequest | SchoolRequest, row: Any) -> None:
    """Refuse a second colleague while the one who opened the document is there to decide."""
    opener = row.opened_by
    if opener is None or opener == asked.actor.id:
        return
    connection, day = asked.work.connection, institution_day(asked.work.now)
    able = {each.id: each.name for each in colleagues(connection, row.school_id, Action.EXEMPT)}
    if opener in able and stand_in(connection, row.school_id, opener, day) == opener:
        raise NotPossibleNow(
            f"{able[opener]} has opened the document that came with this request, and decides."
        )


def _disclose(
    asked: CaseRequest | SchoolRequest,
    row: Any,
    shows: tuple[Shows, ...],
    action: str,
    saying: int,
) -> None:
    if isinstance(asked, CaseRequest):
        asked.disclose(shows, Implied.ABSENCE, action=action, saying=saying)
        return
    # On the student rather than the school, so that the student sees who looked.
    who = f"student:{row.student_id}"
    disclose(asked.work, asked.actor.id, who, shows, Implied.ABSENCE, action=action, saying=saying)


@contextmanager
def _about(
    store: Store, request: Request, saying: int
) -> Iterator[tuple[CaseRequest | SchoolRequest, Any]]:
    """Authorise the person on a request: by its case, or by the school."""
    query = (
        sa.select(
            *(each for each in absence_requests.c if each is not absence_requests.c.document),
            absence_requests.c.document.is_not(None).label("has_document"),
            sayings.c.at,
            sayings.c.case_id,
            sayings.c.school_id,
            sayings.c.answer,
            sayings.c.answered_by,
            cases.c.reference,
            students.c.given_name,
            students.c.family_name,
            students.c.number,
        )
        .join(sayings, sayings.c.id == absence_requests.c.saying_id)
        .join(students, students.c.id == absence_requests.c.student_id)
        .outerjoin(cases, cases.c.id == sayings.c.case_id)
        .where(absence_requests.c.saying_id == saying)
    )
    with store.database.read() as connection:
        found = connection.execute(query).one_or_none()
    if found is None:
        raise InvalidInput(
            "No request has that number. Use /lantern said to see messages waiting for an answer."
        )
    if found.case_id is not None:
        with on_case(store, request, Action.EXEMPT, found.case_id) as on:
            yield on, on.work.connection.execute(query).one()
    else:
        with in_school(store, request, Action.EXEMPT, found.school_id) as there:
            yield there, there.work.connection.execute(query).one()
