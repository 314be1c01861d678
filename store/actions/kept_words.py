"""Ask once before saving words about a person that hold a label, a diagnosis or a remark."""

from __future__ import annotations

from store.actions.think_again import ReasonedRequest, ask_once
from store.rules.text.remarks import remarks_in
from store.rules.text.tone.check import ToneFault, diagnoses, labelling_names, places


def think_twice(asked: ReasonedRequest, words: str, field: str) -> None:
    """Ask once whether to save words with a label, a diagnosis, or a remark about origin, money,
    faith, family, looks or character (§17).

    Raises ``ThinkAgain`` the first time and lets the same words pass the second time, since a
    colleague may have to quote.
    """
    remarks = [ToneFault(each.line, each.word) for each in remarks_in(words)]
    found = dict.fromkeys([*labelling_names(words), *diagnoses(words), *remarks])
    if found:
        question = (
            f"The student may read this one day: {places(found)}. Keep it? Send it again to keep "
            "it, or describe what was seen instead."
        )
        ask_once(asked, words, field, question)
