"""Sentences for colleagues on why a reply may not be the student's answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from store.queries.cases.records import CaseView
from store.rules.model import Doubt

WHY: Mapping[Doubt, str] = {
    Doubt.AUTOMATIC: "This may be an automatic reply.",
    Doubt.NO_REPLY: "This came from the student's address, but it does not reply to our email.",
    Doubt.SENDER: "This replies to our email, but it came from another student's address.",
    Doubt.UNPROVEN: "The mail server could not confirm that this came from the sender it names.",
    Doubt.SEVERAL: "This belongs to emails to several students.",
}


def doubt_lines(view: CaseView) -> Iterator[str]:
    """Yield one sentence for the card while a reply waits for a decision."""
    if view.doubts:
        yield f"{WHY[view.doubts[0]]} Check the reply and decide whether it is an answer."
