"""Ask once about words that were typed; the same words pass the second time."""

from __future__ import annotations

from typing import Protocol

import sqlalchemy as sa

from store.actions.request import ThinkAgain
from store.db.unit_of_work import UnitOfWork
from store.rules.cases.case import Actor
from store.tables import interactions


class ReasonedRequest(Protocol):
    """A request on a case, a school or a student."""

    @property
    def work(self) -> UnitOfWork:
        """The open transaction, which a question rolls back."""
        ...

    @property
    def actor(self) -> Actor:
        """The person who typed the words, as authorised now."""
        ...

    @property
    def about(self) -> str:
        """The subject: the same words about another subject are asked about again."""
        ...


def ask_once(asked: ReasonedRequest, words: str, field: str, question: str) -> None:
    """Ask whether to save these words, unless this person was asked before.

    The words are never refused: raises ``ThinkAgain``, which is an ``InvalidInput``, so the form
    stays open with what was typed.
    """
    text = f"{asked.actor.id}:{asked.about}:{field}:{' '.join(words.split())}"
    mark = f"kept-words:{asked.work.mark(text)}"
    known = sa.select(interactions.c.key).where(interactions.c.key == mark)
    if asked.work.connection.execute(known).first() is None:
        raise ThinkAgain(question, field=field, mark=mark)
