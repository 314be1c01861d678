"""Words about a person that hold a label or a diagnosis: asked about once, then kept."""

from __future__ import annotations

import sqlalchemy as sa

from store.actions.request import CaseRequest, ThinkAgain
from store.db.unit_of_work import Store
from store.rules.text.tone import diagnoses, labelling_names, places
from store.tables import interactions


def think_twice(store: Store, asked: CaseRequest, words: str, field: str) -> None:
    """Ask whether words with a label or a diagnosis are to be kept; let the same words pass the
    second time.

    Never a refusal: a colleague may have to quote. Raises ``ThinkAgain``, which is an
    ``InvalidInput`` and leaves what was typed where it is.
    """
    found = [*labelling_names(words), *diagnoses(words)]
    if found:
        _ask(
            store,
            asked,
            words,
            field,
            f"One day the student may read this: {places(found)}. Keep it? Send it again to keep "
            "it, or say what was seen instead.",
        )


def think_twice_of_email(store: Store, asked: CaseRequest, body: str) -> None:
    """The same for an email to the student, in which labels are refused anyway (§25)."""
    if found := diagnoses(body):
        _ask(
            store,
            asked,
            body,
            "body",
            f"This tells the student what illness they may have: {places(found)}. Keep it? Send "
            "it again to keep it, or name a service that can help instead.",
        )


def _ask(store: Store, asked: CaseRequest, words: str, field: str, question: str) -> None:
    text = f"{asked.actor.id}:{asked.case.id}:{field}:{' '.join(words.split())}"
    mark = f"kept-words:{store.mark(text)}"
    known = sa.select(interactions.c.key).where(interactions.c.key == mark)
    if asked.work.connection.execute(known).first() is None:
        raise ThinkAgain(question, field=field, mark=mark)
