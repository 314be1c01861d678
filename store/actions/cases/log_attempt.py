"""Log a colleague's attempt to reach a student: a step of the contact ladder (§15)."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa

from store.actions.kept_words import think_twice
from store.actions.notices.seen_after_fitness import seen_after_fitness
from store.actions.outreach.recall_drafts import was_in_touch
from store.actions.request import Request, on_case
from store.db.student_keys import close_note
from store.db.unit_of_work import Store
from store.rules.access.disclosures import Implied, Shows
from store.rules.access.permissions import Action
from store.rules.cases.contact_ladder import check_result
from store.rules.cases.lifecycle import Move
from store.rules.model import AttemptResult, CaseStatus, Rung
from store.rules.students.digital_traces import SWIPES
from store.rules.text.limits import within
from store.tables import attempts

_NOT_MOVED = frozenset({CaseStatus.OPEN, CaseStatus.PAUSED, CaseStatus.HANDED_OVER})


def log_attempt(
    store: Store,
    request: Request,
    case_id: int,
    rung: Rung,
    result: AttemptResult,
    note: str = "",
    *,
    looked_at: str = "",
    seen_on: dt.date | None = None,
) -> None:
    """Record the result of an attempt. Reaching the student counts as their answer.

    ``looked_at`` names, for the audit, the kind of records that the colleague is shown for the
    purpose in ``note``. ``seen_on`` is the newest day on which those records show the student.
    """
    with on_case(store, request, Action.LOG, case_id) as asked:
        check_result(rung, result)
        think_twice(asked, note, "purpose" if looked_at else "note")
        answers = result is AttemptResult.REACHED and asked.case.status not in _NOT_MOVED
        # A closed case is refused, as for any other work on it.
        asked.move(Move.ANSWER if answers and not asked.case.is_closed else Move.WORK)
        made = asked.work.connection.execute(
            sa.insert(attempts)
            .values(
                case_id=case_id,
                author_id=asked.actor.id,
                rung=rung,
                result=result,
                note=close_note(
                    asked.work.connection, asked.case.student, within(note.strip(), field="note")
                ),
                at=asked.work.now,
                seen_on=seen_on,
            )
            .returning(attempts.c.id)
        ).scalar_one()
        if result is AttemptResult.REACHED:
            was_in_touch(asked.work, asked.case, asked.actor.id)
        if result is AttemptResult.TRACES_SEEN:
            seen_after_fitness(asked.work, asked.case.student, f"trace-{made}", asked.actor.id)
        if not looked_at:
            asked.record("attempt", attempt=made, rung=rung, result=result)
            return
        shows = (Shows.SWIPES,) if looked_at == SWIPES else (Shows.TRACES,)
        asked.disclose(
            shows,
            Implied.TRACES,
            action="attempt",
            why=note.strip(),
            attempt=made,
            rung=rung,
            result=result,
            looked_at=looked_at,
        )
