"""The dialog in which a colleague reads an email to a student and approves it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from bot.cards.kit import sample_data as sample
from bot.cards.kit.dialogs import case_ids
from bot.cards.kit.model import (
    Dialog,
    DialogBlock,
    Facts,
    Fold,
    Input,
    InputKind,
    Text,
    TextStyle,
)
from bot.cards.kit.plain_text import pieces
from bot.cards.kit.registry import example
from bot.cards.outreach.draft import left_out, views_of
from store.letters.phrases import SAYINGS
from store.queries.cases.records import CaseView
from store.queries.outreach.draft_revisions import Edits
from store.rules.cases.case import Outreach
from store.rules.letters.approval_basis import Basis, what_changed
from store.rules.letters.meeting import LONGEST_PLACE, MINUTES
from store.rules.model import CaseStatus
from store.rules.outreach.checks import advised_against
from store.rules.students.links import without_secrets
from store.rules.text.diff import Change
from store.rules.text.formatting import counted, listed
from store.rules.text.languages import unread
from store.rules.text.limits import LONGEST_WORDS

_CHANGES_AT_ONCE = 8
"""Changes that stand beside the email; the others open on demand."""
_SHOWN_WHOLE = 2500


def approve_dialog(
    view: CaseView, mail: Outreach, edits: Edits | None = None, approver: int = 0
) -> Dialog:
    """Show the whole email exactly as it would be sent, and what was changed in it.

    Where all other colleagues advise against contact, ask the ``approver`` why it is right.
    """
    return Dialog(
        kind="approve",
        title=f"Approve email, {view.case.reference}",
        action="approve",
        ids={**case_ids(view), "mail": str(mail.id)},
        submit="Approve and send",
        blocks=(
            *_since_it_was_written(mail),
            *views_of(view),
            *_nevertheless(view, mail, approver),
            Facts(
                (
                    ("From", _sender(view, mail)),
                    ("To", mail.recipient),
                    ("Subject", mail.subject),
                )
            ),
            Text(mail.body, TextStyle.LETTER),
            *_footer(mail),
            *_unread(mail),
            *_edits(edits or Edits()),
            Text(
                "You approve exactly these words, and the case records that it was you. To change "
                "them, cancel and choose Edit the draft under More: you are then one of the "
                "authors, and an author's own view does not count.",
                TextStyle.SUBTLE,
            ),
            *_meeting(mail),
        ),
    )


def _nevertheless(view: CaseView, mail: Outreach, approver: int) -> Iterator[Input]:
    if advised_against(((each.by, each.opinion) for each in view.views), mail, approver):
        yield Input(
            "why",
            "Your colleagues advise against contact. Why is it right nevertheless?",
            max_length=LONGEST_WORDS,
            hint="A few words. They are saved on the case under your name.",
        )


def _sender(view: CaseView, mail: Outreach) -> str:
    """Return the name that the student sees, and the school's mailbox."""
    name = next((each.drafter for each in view.mails if each.id == mail.id), "")
    return f"{name}, {mail.sender}" if name else mail.sender


def _footer(mail: Outreach) -> Iterator[DialogBlock]:
    """Show the email's links, without the part that only the student may know."""
    if mail.footer:
        # Line by line: a reply may break a link over lines, and this footer breaks none.
        lines = map(without_secrets, mail.footer.split("\n"))
        yield Text("\n".join(lines), TextStyle.LETTER)
        yield Text(
            "In the email, each link ends in a secret part, which only the student receives.",
            TextStyle.SUBTLE,
        )


def _unread(mail: Outreach) -> Iterator[DialogBlock]:
    """Show the sentences that no check of words could read."""
    if foreign := unread(mail.body):
        yield Text(
            "Lantern checks English and Welsh only. Read these sentences with a colleague who "
            f"knows the language: {' '.join(f'“{each}”' for each in foreign)}"
        )


def _since_it_was_written(mail: Outreach) -> Iterator[DialogBlock]:
    if mail.opened_on is None:
        return
    if changed := list(what_changed(mail.drafted_on, mail.opened_on)):
        yield Text(f"What has changed since this was written: {listed(changed)}.")


def _edits(edits: Edits) -> Iterator[DialogBlock]:
    """List what people changed in the suggestion, and what the last editor changed."""
    if edits.added:
        yield Text(
            "These words were added to the personal letter, which others may read. Check that "
            "they say nothing about studies, health or reasons."
        )
        yield Text("\n".join(edits.added), TextStyle.QUOTE)
    yield from left_out(edits.left_out)
    told = [("Changed since Lantern suggested it:", edits.suggestion)]
    told.append((f"Changed by {edits.last_by} last:", edits.last))
    for what, changes in told:
        if not changes:
            continue
        yield Text(what, TextStyle.SUBTLE)
        yield from _quoted(changes[:_CHANGES_AT_ONCE])
        if more := changes[_CHANGES_AT_ONCE:]:
            yield Fold("All other changes", f"{counted(len(more), 'change')}", tuple(_quoted(more)))


def _quoted(changes: Sequence[Change]) -> Iterator[Text]:
    """Quote every change whole, in parts that the narrowest platform shows without cutting."""
    for part in pieces("\n".join(map(str, changes)), _SHOWN_WHOLE):
        yield Text(part, TextStyle.QUOTE)


def _meeting(mail: Outreach) -> Iterator[DialogBlock]:
    """Ask for a meeting in three optional fields, and show what they add to the email."""
    places = {"day": "[day]", "time": "[time]", "place": "[place]"}
    yield Text(
        "If you like, offer a meeting of half an hour. The email then ends with this sentence, "
        "and has a calendar entry attached:",
        TextStyle.SUBTLE,
    )
    yield Text(SAYINGS[mail.language].offer.format(minutes=MINUTES, **places), TextStyle.QUOTE)
    yield Input("day", "Day of the meeting", InputKind.DATE, required=False)
    yield Input("time", "Time", required=False, max_length=5, hint="As in 14:00.")
    yield Input(
        "place", "Place", required=False, max_length=LONGEST_PLACE, hint="A room, or an address."
    )


@example("dialog-approve")
def _approve() -> Dialog:
    page = "https://lantern.example.ac.uk/student"
    footer = f"Answer here:\n\n- I am fine: {page}/a.b.c\n- This is wrong: {page}/d.e.f"
    mail = replace(sample.outreach(), footer=footer)
    return approve_dialog(sample.sample_case_view(CaseStatus.AGREED), mail)


@example("dialog-approve-changed")
def _approve_changed() -> Dialog:
    flag = frozenset({1})
    mail = replace(sample.outreach(), drafted_on=Basis(1, flag), opened_on=Basis(2, flag | {2}))
    change = Change("… hear how you are.", "… hear how you are, and whether we can help.")
    edits = Edits(
        (change, Change("", "Would Thursday suit you?")),
        (change,),
        "Bob Example",
        added=("Would Thursday suit you?",),
        left_out=("how to complain",),
    )
    return approve_dialog(sample.sample_case_view(CaseStatus.AGREED), mail, edits)
