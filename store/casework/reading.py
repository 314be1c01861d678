"""Looking at a case is an act too: who may, and that it happened, are recorded."""

from __future__ import annotations

from dataclasses import dataclass

from store import repository
from store.casework.request import Request, on_case, record_refusal
from store.queries.case import CaseView, PrivateView, case_view, private_view
from store.rules.access import Action, authorise, may
from store.rules.errors import NotAllowed
from store.unit_of_work import Store


@dataclass(frozen=True, slots=True)
class Shown:
    """A case as this person may see it; ``private`` is None where they may not know who it is."""

    view: CaseView
    private: PrivateView | None


def peek(store: Store, actor: int, case_id: int, action: Action) -> CaseView:
    """What a dialog needs to show before the action itself; it names nobody, so no audit row.

    Asks first whether the person may do the action, so that nobody fills in a form in vain.
    """
    try:
        with store.database.read() as connection:
            authorise(
                repository.actor(connection, actor), action, repository.case(connection, case_id)
            )
            return case_view(connection, case_id)
    except NotAllowed:
        record_refusal(store, actor, action, f"case:{case_id}")
        raise


def show(store: Store, request: Request, case_id: int) -> Shown:
    """The whole case, privately, with name, contact and answers for those who may reveal them."""
    with on_case(store, request, Action.SEE, case_id) as asked:
        connection = asked.work.connection
        reveals = may(asked.actor, Action.REVEAL, asked.case.school)
        asked.record("reveal" if reveals else "see")
        return Shown(
            view=case_view(connection, case_id),
            private=private_view(connection, case_id) if reveals else None,
        )
