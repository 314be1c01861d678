"""How a case ends: with an outcome, by a named person."""

from __future__ import annotations

from store.casework.request import Request, on_case
from store.casework.unsent import cancel_unsent
from store.rules.access import Action
from store.rules.lifecycle import Move
from store.rules.model import Help, Outcome, Usefulness
from store.unit_of_work import Store


def close(
    store: Store,
    request: Request,
    case_id: int,
    outcome: Outcome,
    note: str = "",
    *,
    helped: Help | None = None,
    usefulness: Usefulness | None = None,
) -> None:
    """Close a case. A mail that has not left yet does not leave any more.

    ``helped`` is what helped, and ``usefulness`` whether the flags were of use: the rules' report
    is made of these.
    """
    with on_case(store, request, Action.CLOSE, case_id) as asked:
        work = asked.work
        asked.move(
            Move.CLOSE,
            closed_at=work.now,
            outcome=outcome,
            outcome_note=" ".join(note.split()),
            helped=[helped] if helped else [],
            usefulness=usefulness,
            rested_from=None,
            paused_until=None,
            pause_reason="",
            snoozed_until=None,
        )
        cancel_unsent(work, case_id)
        asked.record("close", outcome=outcome, usefulness=usefulness)
