"""Ask the approver why contact is right where every other colleague advises against it (§13)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import sqlalchemy as sa

from store.actions.reasons import reason_on
from store.actions.request import CaseRequest
from store.db.student_keys import close_note
from store.rules.cases.case import Outreach, View
from store.rules.errors import NotPossibleNow
from store.rules.model import InterventionKind
from store.rules.outreach.checks import advised_against
from store.tables import interventions


def ask_why_nevertheless(
    asked: CaseRequest, mail: Outreach, views: Iterable[View], typed: Mapping[str, str]
) -> None:
    """Record the approver's reason, typed as ``why``, where all others advise against contact.

    The reason becomes a note on the case, so that the card and the timeline show it.

    Raises ``InvalidInput`` where the reason is not words, and ``NotPossibleNow`` where the dialog
    opened before the views were given, so that it did not ask for a reason.
    """
    given = [(view.author, view.opinion) for view in views]
    if not advised_against(given, mail, asked.actor.id):
        return
    if "why" not in typed:
        raise NotPossibleNow(
            "Your colleagues advise against contact. Open the email again: it shows their views, "
            "and asks why contact is right nevertheless."
        )
    why = reason_on(asked, typed["why"], field="why", asks="Say why contact is right nevertheless")
    asked.work.connection.execute(
        sa.insert(interventions).values(
            case_id=asked.case.id,
            author_id=asked.actor.id,
            kind=InterventionKind.NOTE,
            note=close_note(
                asked.work.connection,
                asked.case.student,
                f"Why contact is right, though colleagues advised against it: {why}",
            ),
            at=asked.work.now,
        )
    )
    asked.record("log", kind=InterventionKind.NOTE)
