"""Words about a person that hold a label: the colleague is asked once, and decides."""

from __future__ import annotations

import sqlalchemy as sa

from store.actions.request import CaseRequest, ThinkAgain
from store.db.unit_of_work import Store
from store.rules.text.tone import labelling_names, places
from store.tables import interactions


def think_twice(store: Store, asked: CaseRequest, words: str, field: str) -> None:
    """Ask whether words with a label are to be kept; let the same words pass the second time.

    Never a refusal: a colleague may have to quote. Raises ``ThinkAgain``, which is an
    ``InvalidInput`` and leaves what was typed where it is.
    """
    found = labelling_names(words)
    if not found:
        return
    text = f"{asked.actor.id}:{asked.case.id}:{field}:{' '.join(words.split())}"
    mark = f"kept-words:{store.mark(text)}"
    known = sa.select(interactions.c.key).where(interactions.c.key == mark)
    if asked.work.connection.execute(known).first() is None:
        raise ThinkAgain(
            f"One day the student may read this: {places(found)}. Keep it? Send it again to keep "
            "it, or say what was seen instead.",
            field=field,
            mark=mark,
        )
