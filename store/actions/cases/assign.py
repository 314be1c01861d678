"""Assign a case to its owner."""

from __future__ import annotations

import sqlalchemy as sa

from store.actions.notices.notify import Notice, notify_person
from store.actions.notices.post_thread_notice import say_in_thread
from store.actions.request import CaseRequest, Request, on_case
from store.db import repository
from store.db.unit_of_work import Store, UnitOfWork
from store.rules.access.permissions import Action, may
from store.rules.cases.lifecycle import Move
from store.rules.errors import InvalidInput, NotPossibleNow, OvertakenError
from store.rules.model import NoticeKind
from store.rules.notices.thread_notices import LineKind
from store.tables import staff


def take_case(store: Store, request: Request, case_id: int, seen: int | None = None) -> None:
    """Make the person who asks the owner of a case.

    ``seen`` is the version on the card that was clicked. If a colleague has taken the case since
    then, the click does not take it from them.

    Raises ``NotPossibleNow`` where it is theirs already, and ``OvertakenError`` where a colleague
    was faster.
    """
    with on_case(store, request, Action.TAKE, case_id) as asked:
        case, actor = asked.case, asked.actor
        if case.owner == actor.id:
            raise NotPossibleNow(f"{case.reference} already belongs to you.")
        if seen is not None and seen != case.version and case.owner is not None:
            raise OvertakenError(
                f"{case.reference} has changed since that card was shown. "
                f"{_name(asked.work, case.owner)} owns it now. Check the card before you take it."
            )
        asked.move(Move.WORK, owner_id=actor.id)
        asked.record("take", previous=case.owner)


def assign_case(store: Store, request: Request, case_id: int, owner: int) -> None:
    """Assign a case to a colleague who may own it.

    Raises ``InvalidInput`` where the colleague may not own it, and ``NotPossibleNow`` where they
    own it already.
    """
    with on_case(store, request, Action.ASSIGN, case_id) as asked:
        case = asked.case
        colleague = repository.actor(asked.work.connection, owner)
        if not may(colleague, Action.TAKE, case.school):
            raise InvalidInput(
                f"{colleague.name} cannot look after cases of this school. Choose a student "
                "support officer, an adviser or the engagement lead.",
                field="colleague",
            )
        if owner in case.barred:
            raise InvalidInput(
                f"A complaint about {case.reference} is open, and it is about this colleague. "
                "Choose another colleague.",
                field="colleague",
            )
        if case.owner == owner:
            raise NotPossibleNow(f"{colleague.name} already owns {case.reference}.")
        asked.move(Move.WORK, owner_id=owner)
        asked.record("assign", previous=case.owner, owner=owner)
        if owner != asked.actor.id:
            _tell(asked, owner)


def _tell(asked: CaseRequest, owner: int) -> None:
    case, by = asked.case, asked.actor.id
    occasion = f"{case.id}:{case.version}"
    later = say_in_thread(asked.work, case, LineKind.ASSIGNED, occasion, by=by, about=owner)
    told = Notice(NoticeKind.ASSIGNED, case.school, occasion, case=case.id, not_before=later)
    notify_person(asked.work, owner, told, by=by)


def _name(work: UnitOfWork, staff_id: int) -> str:
    name: str = work.connection.execute(
        sa.select(staff.c.name).where(staff.c.id == staff_id)
    ).scalar_one()
    return name
