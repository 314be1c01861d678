"""The private dialogs of a complaint: record it, read it, resolve it, and read its evidence."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from itertools import islice

from bot.cards.kit import sample_data as sample
from bot.cards.kit.dialogs import case_dialog, case_ids
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
from store.rules.cases.frozen_evidence import FrozenEvidence, evidence_fingerprint
from store.rules.cases.open_complaint import OpenComplaint
from store.rules.model import CaseStatus
from store.rules.text.formatting import counted, on_day

ABOUT_NO_ONE = "nobody"
SUGGESTED = "suggested"

PART = 2500
"""Characters of evidence in one paragraph."""

PARTS_ON_A_PAGE = 3
"""As many as every platform shows in full: evidence is never cut."""


def complaint_dialog(
    view: CaseView, colleagues: Sequence[Actor], handlers: Sequence[Actor]
) -> Dialog:
    """Ask what the complaint is about, and who handles it."""
    no_colleague = Option(ABOUT_NO_ONE, "No one in particular")
    first = handlers[0].name if handlers else "no one yet"
    return case_dialog(
        view,
        "complaint",
        title=f"Complaint, {view.case.reference}",
        submit="Record the complaint",
        blocks=(
            *([_one_is_open(view)] if view.case.has_own_complaint else []),
            Text(_what_happens(view), TextStyle.SUBTLE),
            Select(
                "about",
                "Is it about a colleague?",
                (
                    no_colleague,
                    *(Option(str(each.id), each.name) for each in islice(colleagues, 99)),
                ),
                chosen=ABOUT_NO_ONE,
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


def _what_happens(view: CaseView) -> str:
    """Say what a complaint changes. After a death, when it may be the family's, contact has stopped
    already."""
    kept = (
        "Lantern saves a copy of everything on the case. A colleague who is named in the complaint "
        "cannot act on the case."
    )
    if view.death is not None:
        return kept
    return (
        f"Emails about engagement stop until it is resolved. {kept} You can still make contact "
        "about welfare."
    )


def _one_is_open(view: CaseView) -> Text:
    reference = view.case.reference
    return Text(
        f"A complaint about {reference} is open already. This form records another one. To read "
        f"what is open: /lantern complaint {reference} read. To resolve it: /lantern complaint "
        f"{reference} resolve, and how it was resolved."
    )


def complaints_dialog(reference: str, found: Sequence[OpenComplaint]) -> Dialog:
    """Show what the open complaints about a case say."""
    return Dialog(
        kind="complaint-read",
        title=f"Complaint, {reference}",
        action="complaint",
        ids={},
        blocks=(
            *_in_their_words(found),
            Text("The access log records that you opened this.", TextStyle.SUBTLE),
        ),
    )


def _in_their_words(found: Sequence[OpenComplaint]) -> Iterator[DialogBlock]:
    for each in found:
        about = f", about {each.about}" if each.about else ""
        yield Text(f"Recorded by {each.recorded_by} on {on_day(each.recorded_on)}{about}:")
        yield Text(each.summary, TextStyle.LETTER)


def resolve_dialog(view: CaseView, found: Sequence[OpenComplaint]) -> Dialog:
    """Show what the open complaints say, and ask how the informal step ended."""
    number = len(found)
    several = f"{number} complaints are open, and what you write resolves all of them. "
    due = (
        f"It is due by {on_day(view.informal_by)}." if view.informal_by else "No complaint is open."
    )
    return Dialog(
        kind="complaint-resolve",
        title=f"Resolve, {view.case.reference}",
        action="complaint",
        ids={**case_ids(view), "step": "resolve"},
        submit="Resolve the complaint",
        blocks=(
            *_in_their_words(found),
            Text(
                f"{several if number > 1 else ''}The informal step of the complaint. {due}",
                TextStyle.SUBTLE,
            ),
            Input("resolution", "How was it resolved?", InputKind.PARAGRAPH),
        ),
    )


def evidence_dialog(kept: FrozenEvidence, page: int, calendar: Calendar) -> Dialog:
    """Show one page of the saved evidence. ``page`` counts from 1; too high gives the last."""
    parts = [kept.text[at : at + PART] for at in range(0, len(kept.text), PART)]
    pages = [parts[at : at + PARTS_ON_A_PAGE] for at in range(0, len(parts), PARTS_ON_A_PAGE)]
    page = min(max(page, 1), len(pages))
    at = calendar.local(kept.at)
    blocks: list[DialogBlock] = [
        Text(
            f"Everything on {kept.reference} as it was on {on_day(at.date())} at {at:%H:%M}, word "
            "for word. The access log records that you opened it.",
            TextStyle.SUBTLE,
        ),
        *_withheld(kept),
        Facts(
            (
                ("SHA-256", kept.sha256),
                ("Checked now", "unchanged" if kept.is_intact else "CHANGED since it was saved"),
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


def _withheld(kept: FrozenEvidence) -> list[Text]:
    """Say how many notes this reader may not read; the fingerprint covers them as well."""
    if not kept.withheld:
        return []
    notes = counted(kept.withheld, "confidential note")
    return [
        Text(
            f"The text of {notes} is saved but not shown to you. The SHA-256 is that of the "
            "complete text.",
            TextStyle.SUBTLE,
        )
    ]


_TWO = (
    OpenComplaint(sample.DAY, "Alice Example", "Bob Example", "He called three times in a day."),
    OpenComplaint(sample.DAY, "Chandra Example", "", "The email came twice."),
)


@example("dialog-complaint")
def _complaint() -> Dialog:
    people = [Actor(1, "Alice Example", True), Actor(2, "Bob Example", True)]
    return complaint_dialog(sample.sample_case_view(CaseStatus.IN_CONTACT), people, people)


@example("dialog-complaint-resolve")
def _resolve() -> Dialog:
    return resolve_dialog(sample.sample_case_view(CaseStatus.PAUSED), _TWO)


@example("dialog-complaint-read")
def _read() -> Dialog:
    return complaints_dialog("LANG-12", _TWO)


@example("dialog-complaint-evidence")
def _evidence() -> Dialog:
    text = '{"case":{"id":12,"reference":"LANG-12","status":"in-contact"},"views":[]}' * 200
    at = dt.datetime.combine(sample.DAY, dt.time(10, 0), dt.UTC)
    sha256 = evidence_fingerprint(text)
    return evidence_dialog(
        FrozenEvidence(12, "LANG-12", 3, 1, at, text, sha256, is_intact=True, withheld=1),
        2,
        Calendar(),
    )
