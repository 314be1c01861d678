"""Return a draft to its drafter, with the approver's reason."""

from __future__ import annotations

from store.actions.notices.notify import Notice, notify_person
from store.actions.reasons import reason_on
from store.actions.request import CaseRequest, Request, on_case
from store.db import repository
from store.db.unit_of_work import Store
from store.rules.access.disclosures import Implied, Shows
from store.rules.access.permissions import Action
from store.rules.cases.case import Outreach
from store.rules.cases.lifecycle import Move
from store.rules.errors import NotAllowed, NotPossibleNow
from store.rules.model import NoticeKind


def open_to_return(store: Store, request: Request, case_id: int) -> Outreach:
    """Return the draft, for the form in which an approver says what should be different."""
    with on_case(store, request, Action.REJECT, case_id) as asked:
        draft = _draft(asked)
        asked.disclose((Shows.IDENTITY, Shows.LETTER), Implied.REJECTING)
        return draft


def return_draft(store: Store, request: Request, case_id: int, reason: str) -> None:
    """Return the draft. A colleague who had opened it has to read it again before approving."""
    with on_case(store, request, Action.REJECT, case_id) as asked:
        work, case = asked.work, asked.case
        draft = _draft(asked)
        tidy = reason_on(asked, reason, asks="Say what should be different")
        asked.move(Move.WORK)
        repository.save_outreach(
            work,
            draft,
            opened_by=None,
            opened_hash=None,
            returned=tidy,
            returned_by=asked.actor.id,
        )
        key = f"{draft.id}:{draft.version}"
        told = Notice(NoticeKind.RETURNED, case.school, key, case=case_id, about=draft.id)
        notify_person(work, draft.drafter, told, by=asked.actor.id)
        asked.record("reject", outreach=draft.id)


def _draft(asked: CaseRequest) -> Outreach:
    draft = repository.current_draft(asked.work.connection, asked.case.id)
    if draft is None:
        raise NotPossibleNow(f"{asked.case.reference} has no draft that could be sent back.")
    if draft.drafter == asked.actor.id:
        raise NotAllowed("This is your own draft. Use Edit the draft to change it.")
    return draft
