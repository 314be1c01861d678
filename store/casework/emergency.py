"""The welfare route: it skips the wait, names who used it and why, and a lead reviews it (§13)."""

from __future__ import annotations

import sqlalchemy as sa

from store.casework.contact import check_may_be_written
from store.casework.notices import Notice, notify
from store.casework.request import Request, change_case, on_case
from store.queries.people import leads
from store.rules.access import Action
from store.rules.errors import InvalidInput, NotAllowed, NotPossibleNow
from store.rules.lifecycle import Move
from store.rules.model import NoticeKind, Purpose
from store.rules.outreach import check_reason
from store.tables import emergencies
from store.unit_of_work import Store


def use_welfare_route(store: Store, request: Request, case_id: int, why: str) -> None:
    """Let a mail about welfare be written without waiting; the leads are told at once."""
    with on_case(store, request, Action.EMERGENCY, case_id) as asked:
        work, case = asked.work, asked.case
        tidy = _words(why, "why")
        asked.move(Move.WELFARE)
        made = work.connection.execute(
            sa.insert(emergencies)
            .values(case_id=case_id, used_by=asked.actor.id, why=tidy, at=work.now, review="")
            .returning(emergencies.c.id)
        ).scalar_one()
        check_may_be_written(work, case, Purpose.WELFARE)
        told = Notice(NoticeKind.EMERGENCY, case.school, str(made), case=case_id, about=made)
        for lead in leads(work.connection, case.school):
            if lead not in case.barred:
                notify(work, lead, told, by=asked.actor.id)
        asked.record("welfare", emergency=made)


def review(store: Store, request: Request, case_id: int, text: str) -> None:
    """A lead says what they think of the oldest use that is not reviewed; never of their own."""
    with on_case(store, request, Action.REVIEW, case_id) as asked:
        work = asked.work
        waiting = work.connection.execute(
            sa.select(emergencies.c.id, emergencies.c.used_by)
            .where(emergencies.c.case_id == case_id, emergencies.c.reviewed_at.is_(None))
            .order_by(emergencies.c.id)
        ).all()
        if not waiting:
            raise NotPossibleNow(f"{asked.case.reference} has no welfare route to review.")
        others = [each.id for each in waiting if each.used_by != asked.actor.id]
        if not others:
            raise NotAllowed("You used the welfare route yourself, so another lead reviews it.")
        tidy = _words(text, "review")
        work.connection.execute(
            sa.update(emergencies)
            .where(emergencies.c.id == others[0])
            .values(reviewed_by=asked.actor.id, review=tidy, reviewed_at=work.now)
        )
        change_case(work, asked.case)
        asked.record("review", emergency=others[0])


def _words(text: str, field: str) -> str:
    try:
        return check_reason(text)
    except InvalidInput as short:
        raise InvalidInput(short.sentence, field=field) from None
