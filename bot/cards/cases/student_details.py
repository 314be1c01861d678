"""The private dialogs about a student's details: reveal, note, refer, history."""

from __future__ import annotations

from collections.abc import Sequence

from bot.cards.kit import sample_data as sample
from bot.cards.kit.dialogs import case_dialog
from bot.cards.kit.model import (
    Dialog,
    DialogBlock,
    Divider,
    Input,
    InputKind,
    Option,
    Select,
    Text,
    TextStyle,
)
from bot.cards.kit.registry import example
from store.queries.cases.history import EarlierCase
from store.queries.cases.records import CaseView
from store.rules.access.confidentiality import LONGEST_WHY, Readers, RevealPurpose
from store.rules.model import CaseStatus
from store.rules.policies.policy import Service
from store.rules.text.formatting import on_day

CONSENTED = {"yes": "Yes, the student agreed", "no": "No: I only told them about it"}


def reveal_dialog(view: CaseView) -> Dialog:
    """Ask for a purpose before the student's name is shown."""
    return case_dialog(
        view,
        "reveal",
        title=f"Who is {view.case.reference}?",
        submit="Open",
        blocks=(
            Text("The access log records that you opened this, and why.", TextStyle.SUBTLE),
            Select(
                "purpose",
                "Why do you need to see it?",
                tuple(Option(each.value, each.label) for each in RevealPurpose),
            ),
            Input(
                "why", "If for another reason, which one?", required=False, max_length=LONGEST_WHY
            ),
        ),
    )


def note_dialog(view: CaseView) -> Dialog:
    """Ask for a note, and for who may read it."""
    return case_dialog(
        view,
        "note",
        title=f"Note on {view.case.reference}",
        submit="Save the note",
        blocks=(
            Select(
                "readers",
                "Who may read it?",
                tuple(Option(each.value, each.label) for each in Readers),
                chosen=Readers.EVERYBODY.value,
            ),
            Input(
                "note",
                "Note",
                InputKind.PARAGRAPH,
                hint="The card shows that there is a note, never what it says.",
            ),
        ),
    )


def refer_dialog(view: CaseView, services: Sequence[Service]) -> Dialog:
    """Ask for a service, and whether the student agreed."""
    return case_dialog(
        view,
        "refer",
        title=f"Refer, {view.case.reference}",
        submit="Record",
        blocks=(
            Select(
                "service",
                "To which service?",
                tuple(
                    Option(each.key, f"{each.name}: {each.helps_with}") for each in services[:100]
                ),
            ),
            Select(
                "consent",
                "Did the student agree that you pass on their details?",
                tuple(Option(value, label) for value, label in CONSENTED.items()),
                hint="Without consent, nothing is passed on and this is recorded as signposting.",
            ),
            Input("note", "Anything to add?", InputKind.PARAGRAPH, required=False),
        ),
    )


def history_dialog(case: int, reference: str, earlier: Sequence[EarlierCase]) -> Dialog:
    """List earlier cases of the same student, which stay hidden until a colleague opens them."""
    blocks: list[DialogBlock] = [
        Text("The access log records that you opened this.", TextStyle.SUBTLE)
    ]
    for each in earlier:
        blocks += [
            Divider(),
            Text(f"{each.reference}, opened {on_day(each.opened_on)}: {each.ended}"),
            Text("\n".join(each.reasons) or "Opened without a flag.", TextStyle.SUBTLE),
        ]
    if not earlier:
        blocks.append(Text("There are no earlier cases."))
    return Dialog(
        kind="history",
        title=f"Before {reference}",
        action="history",
        ids={"case": str(case)},
        blocks=tuple(blocks),
    )


@example("dialog-reveal")
def _reveal() -> Dialog:
    return reveal_dialog(sample.sample_case_view(CaseStatus.OPEN))


@example("dialog-note")
def _note() -> Dialog:
    return note_dialog(sample.sample_case_view(CaseStatus.DISCUSSING))


@example("dialog-refer")
def _refer() -> Dialog:
    service = Service("wellbeing", "Wellbeing service", "worries and sleep", "wellbeing.example")
    return refer_dialog(sample.sample_case_view(CaseStatus.RESPONDED), [service])


@example("dialog-history")
def _history() -> Dialog:
    earlier = EarlierCase("LANG-3", sample.DAY, None, "meeting held", ("Quiet for three weeks.",))
    return history_dialog(12, "LANG-12", [earlier])
