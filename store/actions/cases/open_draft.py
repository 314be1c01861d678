"""Open an email for the person who may approve it, where the approval can succeed."""

from __future__ import annotations

from dataclasses import dataclass

from store.actions.outreach.approve import opened_draft
from store.actions.outreach.outdated_drafts import send_back_outdated
from store.actions.request import Request, on_case
from store.db.unit_of_work import Store
from store.queries.cases.case import case_view
from store.queries.cases.records import CaseView
from store.queries.outreach.draft_revisions import Edits, edits_of
from store.queries.readiness.on_case import readiness_to_approve
from store.rules.access.permissions import Action
from store.rules.calendar import institution_day
from store.rules.cases.case import Outreach
from store.rules.errors import NotPossibleNow


@dataclass(frozen=True, slots=True)
class OpenedDraft:
    """An email as it would be sent, its case, and how its words came about."""

    mail: Outreach
    view: CaseView
    edits: Edits


class _Hindered(NotPossibleNow):
    """The draft cannot be approved now, or not by this person."""


def open_to_approve(store: Store, request: Request, case_id: int) -> OpenedDraft:
    """Show the whole email to a person who may approve it now, and record that they saw it.

    A draft that has to be written again goes back to its author.

    Raises:
        NotAllowed: the person may not approve here; recorded.
        NotPossibleNow: there is no draft, or it cannot be approved now, or not by this person;
            says what is missing.
    """
    try:
        with on_case(store, request, Action.APPROVE, case_id) as asked:
            connection, now = asked.work.connection, asked.work.now
            ready = readiness_to_approve(connection, asked.case, now, store.limits)
            if ready.draft and not ready.draft.can_be_approved(asked.actor.id):
                line = ready.approval_line(asked.actor)
                raise _Hindered(f"{asked.case.reference}: {line}")
            view = case_view(connection, case_id, institution_day(now), is_brief=True)
            mail = opened_draft(asked)
            return OpenedDraft(mail, view, edits_of(connection, mail))
    except _Hindered:
        send_back_outdated(store, case_id)
        raise
