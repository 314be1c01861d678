"""The private forms of a complaint: record it, resolve it, and read what was kept for it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from itertools import islice

from bot.cards.cases.dialogs import case_ids
from bot.cards.kit import sample_data as sample
from bot.cards.kit.model import (
    Dialog,
    DialogBlock,
    Facts,
    Input,
    InputKind,
    Option,
    Select,
    Text,
    TextStyle,
)
from bot.cards.kit.paging import Turning
from bot.cards.kit.registry import example
from store.queries.cases.records import CaseView
from store.rules.calendar import Calendar
from store.rules.cases.case import Actor
from store.rules.cases.frozen_evidence import Evidence, fingerprint
from store.rules.model import CaseStatus
from store.rules.text.formatting import counted, on_day

NOBODY = "nobody"
SUGGESTED = "suggested"

PART = 2500
"""Characters of evidence in one paragraph."""

PARTS_ON_A_PAGE = 3
"""As many as every platform shows whole: evidence is never cut."""


def complaint_dialog(
    view: CaseView, colleagues: Sequence[Actor], handlers: Sequence[Actor]
) -> Dialog:
    """What is the complaint about, and who looks into it?"""
    nobody = Option(NOBODY, "Nobody in particular")
    first = handlers[0].name if handlers else "nobody yet"
    return Dialog(
        kind="complaint",
        title=f"Complaint, {view.case.reference}",
        action="complaint",
        ids=case_ids(view),
        submit="Record the complaint",
        blocks=(
            Text(
                "Contact about engagement pauses, everything on the case is kept as it is now, and "
                "whom the complaint is about can do nothing on the case until it is resolved. "
                "Concern for the student's welfare keeps its own way.",
                TextStyle.SUBTLE,
            ),
            Select(
                "about",
                "Is it about a colleague?",
                (nobody, *(Option(str(each.id), each.name) for each in islice(colleagues, 99))),
                chosen=NOBODY,
            ),
            Input("summary", "What is it about?", InputKind.PARAGRAPH),
            Select(
                "handler",
                "Who handles it?",
                (
                    Option(SUGGESTED, f"As suggested: {first}, if it is not about them"),
                    *(Option(str(each.id), each.name) for each in islice(handlers, 99)),
                ),
                chosen=SUGGESTED,
            ),
        ),
    )


def resolve_dialog(view: CaseView) -> Dialog:
    """How did the informal step end?"""
    due = f"It is due by {on_day(view.informal_by)}." if view.informal_by else "None is open."
    return Dialog(
        kind="complaint-resolve",
        title=f"Resolve, {view.case.reference}",
        action="complaint",
        ids={**case_ids(view), "step": "resolve"},
        submit="Resolve the complaint",
        blocks=(
            Text(f"The informal step of the complaint. {due}", TextStyle.SUBTLE),
            Input("resolution", "How was it resolved?", InputKind.PARAGRAPH),
        ),
    )


def evidence_dialog(kept: Evidence, page: int, calendar: Calendar) -> Dialog:
    """One page of what was frozen. ``page`` counts from 1; one that is not there is the last."""
    parts = [kept.text[at : at + PART] for at in range(0, len(kept.text), PART)]
    pages = [parts[at : at + PARTS_ON_A_PAGE] for at in range(0, len(parts), PARTS_ON_A_PAGE)]
    page = min(max(page, 1), len(pages))
    at = calendar.local(kept.at)
    blocks: list[DialogBlock] = [
        Text(
            f"Everything on {kept.reference} as it was on {on_day(at.date())} at {at:%H:%M}, word "
            "for word. The access log notes that you opened it.",
            TextStyle.SUBTLE,
        ),
        *_withheld(kept),
        Facts(
            (
                ("SHA-256", kept.sha256),
                ("Checked now", "unchanged" if kept.is_intact else "CHANGED since it was kept"),
            )
        ),
        *(Text(part, TextStyle.LETTER) for part in pages[page - 1]),
    ]
    ids = (("case", str(kept.case)), ("step", "export"))
    typed = f"/lantern complaint {kept.reference} export {page % len(pages) + 1}"
    blocks += Turning("complaint", ids).beside(page, len(pages), typed)
    return Dialog(
        kind="complaint-evidence",
        title=f"Evidence, {kept.reference}",
        action="complaint",
        ids=dict(ids),
        blocks=tuple(blocks),
    )


def _withheld(kept: Evidence) -> list[Text]:
    """That there is more than this reader may read; the fingerprint is of all of it."""
    if not kept.withheld:
        return []
    notes = counted(kept.withheld, "confidential note")
    return [
        Text(
            f"The words of {notes} are kept and not shown to you. The SHA-256 is of the whole.",
            TextStyle.SUBTLE,
        )
    ]


@example("dialog-complaint")
def _complaint() -> Dialog:
    people = [Actor(1, "Alice Example", True), Actor(2, "Bob Example", True)]
    return complaint_dialog(sample.case_view(CaseStatus.IN_CONTACT), people, people)


@example("dialog-complaint-resolve")
def _resolve() -> Dialog:
    return resolve_dialog(sample.case_view(CaseStatus.PAUSED))


@example("dialog-complaint-evidence")
def _evidence() -> Dialog:
    text = '{"case":{"id":12,"reference":"LANG-12","status":"in-contact"},"views":[]}' * 200
    at = dt.datetime.combine(sample.DAY, dt.time(10, 0), dt.UTC)
    sha256 = fingerprint(text)
    return evidence_dialog(
        Evidence(12, "LANG-12", 3, 1, at, text, sha256, is_intact=True, withheld=1), 2, Calendar()
    )
