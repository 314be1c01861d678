"""Ask colleagues privately for their view before anything is done (paragraph 13)."""

from __future__ import annotations

from collections.abc import Collection

import sqlalchemy as sa

from store.actions.kept_words import think_twice
from store.actions.notices.notify import Notice, notify_each
from store.actions.request import Request, on_case
from store.db.unit_of_work import Store, UnitOfWork
from store.queries.schools.staff import colleagues
from store.rules.access.permissions import Action
from store.rules.cases.lifecycle import Move
from store.rules.errors import InvalidInput
from store.rules.model import NoticeKind
from store.rules.text.limits import within
from store.tables import asks


def ask_colleagues(
    store: Store, request: Request, case_id: int, people: Collection[int], question: str = ""
) -> None:
    """Ask each of these colleagues once, leaving out those who have not answered yet.

    Raises ``InvalidInput`` where none of them may give a view, or all were asked already.
    """
    with on_case(store, request, Action.ASK, case_id) as asked:
        work, case = asked.work, asked.case
        able = {each.id for each in colleagues(work.connection, case.school, Action.VIEW)}
        able -= {asked.actor.id, *case.barred}
        if not people or not able.issuperset(people):
            raise InvalidInput(
                "Choose other colleagues of this school who may give a view.",
                field="colleague",
            )
        think_twice(asked, question, "question")
        waiting = set(
            work.connection.execute(
                sa.select(asks.c.asked_id).where(
                    asks.c.case_id == case_id, asks.c.answered_at.is_(None)
                )
            ).scalars()
        )
        new = sorted(set(people) - waiting)
        if not new:
            raise InvalidInput(
                "They have been asked already and have not answered yet.", field="colleague"
            )
        asked.move(Move.WORK)
        row = {
            "case_id": case_id,
            "asker_id": asked.actor.id,
            "question": within(" ".join(question.split()), field="question"),
            "at": work.now,
        }
        made = work.connection.execute(
            sa.insert(asks).returning(asks.c.id, asks.c.asked_id),
            [{**row, "asked_id": person} for person in new],
        )
        told = []
        for ask, person in sorted(made):
            notice = Notice(NoticeKind.ASKED, case.school, str(ask), case=case_id, about=ask)
            told.append((person, notice))
            asked.record("ask", ask=ask, asked=person)
        notify_each(work, told, by=asked.actor.id)


def answer_asks(work: UnitOfWork, case_id: int, author: int) -> None:
    """Mark what this person was asked about the case as answered by their view."""
    mine = (asks.c.case_id == case_id, asks.c.asked_id == author, asks.c.answered_at.is_(None))
    work.connection.execute(sa.update(asks).where(*mine).values(answered_at=work.now))
