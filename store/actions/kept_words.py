"""Ask once before saving words about a person that hold a label or a diagnosis."""

from __future__ import annotations

from store.actions.request import CaseRequest
from store.actions.think_again import ask_once
from store.db.unit_of_work import Store
from store.rules.text.tone import diagnoses, labelling_names, places


def think_twice(store: Store, asked: CaseRequest, words: str, field: str) -> None:
    """Ask once whether to save words with a label or a diagnosis.

    Raises ``ThinkAgain`` the first time and lets the same words pass the second time, since a
    colleague may have to quote.
    """
    if found := [*labelling_names(words), *diagnoses(words)]:
        question = (
            f"One day the student may read this: {places(found)}. Keep it? Send it again to keep "
            "it, or say what was seen instead."
        )
        ask_once(store, asked, words, field, question)
