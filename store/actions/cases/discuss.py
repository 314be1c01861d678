"""Record colleagues' views of a case and their contacts with the student."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa

from store.actions.cases.ask_for_views import answer_asks
from store.actions.cases.log_access import has_opened
from store.actions.kept_words import think_twice
from store.actions.outreach.recall_drafts import was_in_touch
from store.actions.reasons import reason_on
from store.actions.request import Request, on_case
from store.db.student_keys import close_note
from store.db.unit_of_work import Store
from store.rules.access.permissions import Action
from store.rules.calendar import institution_day
from store.rules.cases.lifecycle import Move
from store.rules.errors import InvalidInput, NotPossibleNow
from store.rules.model import WITH_THE_STUDENT, InterventionKind, Opinion
from store.rules.text.date_parsing import past_day
from store.rules.text.limits import within
from store.tables import interventions, views


class EvidenceUnread(NotPossibleNow):
    """A colleague gave a view without having read the case's evidence."""


def add_view(store: Store, request: Request, case_id: int, opinion: Opinion, reason: str) -> None:
    """Record what a colleague thinks should happen, with the reason.

    Raises:
        InvalidInput: the reason is missing or too short.
        EvidenceUnread: the colleague has not looked at what the case rests on now.
    """
    with on_case(store, request, Action.VIEW, case_id) as asked:
        tidy = reason_on(asked, reason)
        if not has_opened(asked):
            raise EvidenceUnread(
                f"Read the evidence of {asked.case.reference} first. Type /lantern show "
                f"{asked.case.reference}, or choose Add view on its card, which shows it."
            )
        move = Move.AGREE if opinion is Opinion.CONTACT_NOW else Move.DISCUSS
        asked.move(move)
        asked.work.connection.execute(
            sa.insert(views).values(
                case_id=case_id,
                author_id=asked.actor.id,
                opinion=opinion,
                reason=close_note(asked.work.connection, asked.case.student, tidy),
                at=asked.work.now,
            )
        )
        answer_asks(asked.work, case_id, asked.actor.id)
        asked.record("view", opinion=opinion)


def log_intervention(
    store: Store,
    request: Request,
    case_id: int,
    kind: InterventionKind,
    note: str,
    *,
    on: str = "",
    reached: bool | None = None,
) -> dt.date:
    """Record what a colleague did for the student; returns the day of it.

    ``on`` is that day as typed, '' for today. For a meeting or a call, ``reached`` is whether the
    student was there; None, for not stated, counts as yes.

    Raises ``InvalidInput`` where no words say what was done.
    """
    with on_case(store, request, Action.LOG, case_id) as asked:
        tidy = within(note.strip(), field="note")
        if not tidy:
            raise InvalidInput("Say in a few words what was done.", field="note")
        think_twice(asked, tidy, "note")
        today = institution_day(asked.work.now)
        day = past_day(on, today, "on") if on.strip() else today
        asked.move(Move.WORK)
        asked.work.connection.execute(
            sa.insert(interventions).values(
                case_id=case_id,
                author_id=asked.actor.id,
                kind=kind,
                note=close_note(asked.work.connection, asked.case.student, tidy),
                at=asked.work.now,
                happened_on=None if day == today else day,
                reached=reached if kind in WITH_THE_STUDENT else None,
            )
        )
        if kind in WITH_THE_STUDENT and reached is not False:
            was_in_touch(asked.work, asked.case, asked.actor.id)
        asked.record("log", kind=kind)
    return day
