"""Ask once about words that were typed; the same words pass the second time."""

from __future__ import annotations

import sqlalchemy as sa

from store.actions.request import CaseRequest, ThinkAgain
from store.db.unit_of_work import Store
from store.tables import interactions


def ask_once(store: Store, asked: CaseRequest, words: str, field: str, question: str) -> None:
    """Ask whether to save these words, unless this person was asked before.

    Never a refusal. Raises ``ThinkAgain``, which is an ``InvalidInput``, so the form stays open
    with what was typed.
    """
    text = f"{asked.actor.id}:{asked.case.id}:{field}:{' '.join(words.split())}"
    mark = f"kept-words:{store.mark(text)}"
    known = sa.select(interactions.c.key).where(interactions.c.key == mark)
    if asked.work.connection.execute(known).first() is None:
        raise ThinkAgain(question, field=field, mark=mark)
