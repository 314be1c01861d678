"""The dialogs of an email to a student: write it, then a colleague reads and approves it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from bot.cards.cases.state import OPINIONS
from bot.cards.kit import sample_data as sample
from bot.cards.kit.dialogs import case_ids
from bot.cards.kit.ids import LETTER
from bot.cards.kit.model import (
    MOST_SHOWN,
    Actions,
    Button,
    Dialog,
    DialogBlock,
    Facts,
    Fold,
    Input,
    InputKind,
    Text,
    TextStyle,
)
from bot.cards.kit.paging import whole
from bot.cards.kit.plain_text import pieces
from bot.cards.kit.registry import example
from store.letters.phrases import SAYINGS
from store.queries.cases.records import CaseView
from store.queries.outreach.draft_revisions import Edits
from store.rules.cases.case import Outreach
from store.rules.letters.approval_basis import Basis, what_changed, write_again
from store.rules.letters.meeting import LONGEST_PLACE, MINUTES
from store.rules.model import CaseStatus, Purpose, Rung
from store.rules.outreach.checks import advised_against
from store.rules.outreach.letter_to_send import LONGEST_BODY, LONGEST_SUBJECT, Letter
from store.rules.students.links import without_secrets
from store.rules.text.diff import Change
from store.rules.text.formatting import counted, listed
from store.rules.text.languages import unread
from store.rules.text.limits import LONGEST_WORDS

_CHANGES_AT_ONCE = 8
"""Changes that stand beside the email; the others open on demand."""
_SHOWN_WHOLE = 2500
UNNAMED = "Usual letter"
"""The school's letter without a name."""
_VIEWS_AT_ONCE = 2500
"""Characters of the views beside the email."""


def draft_dialog(view: CaseView, letter: Letter, choice: int | None = None) -> Dialog:
    """Show the suggested email, for the drafter to edit.

    ``choice`` is the number of the letter that they chose by its name; None: they chose none.
    """
    command = "draft-welfare" if letter.purpose is Purpose.WELFARE else "draft"
    return Dialog(
        kind="draft",
        title=f"Email for {view.case.reference}",
        action=command,
        ids=case_ids(view) | ({} if choice is None else {LETTER: str(choice)}),
        submit="Save the draft",
        blocks=(
            *([Text(f"Sent back: {letter.returned}")] if letter.returned else []),
            Facts(
                (
                    ("From", letter.sender),
                    ("To", letter.recipient),
                    ("Step of contact", letter.rung.label.capitalize()),
                    *_named(letter),
                )
            ),
            *_other_letters(view, letter, command),
            *views_of(view),
            Input(
                "subject",
                "Subject",
                value=letter.subject,
                max_length=LONGEST_SUBJECT,
                is_kept=True,
            ),
            Input(
                "body",
                "Email",
                InputKind.PARAGRAPH,
                value=letter.body,
                max_length=LONGEST_BODY,
                hint="Edit this in your own words. Lantern sends nothing until it has been read "
                "and approved.",
                is_kept=True,
            ),
            *_left_out(letter.left_out),
            *_words_before(letter),
        ),
    )


def _named(letter: Letter) -> Iterator[tuple[str, str]]:
    if letter.chosen is not None and len(letter.choices) > 1:
        yield "Letter", letter.choices[letter.chosen] or UNNAMED


def _other_letters(view: CaseView, letter: Letter, command: str) -> Iterator[DialogBlock]:
    """Offer the school's other letters for this step, each by its name."""
    others = [number for number in range(len(letter.choices)) if number != letter.chosen]
    if len(letter.choices) < 2:
        return
    yield Text(
        "Begin with another of your school's letters. It takes the place of the words below.",
        TextStyle.SUBTLE,
    )
    buttons = tuple(
        Button(
            letter.choices[number] or UNNAMED,
            command,
            {**case_ids(view), LETTER: str(number)},
            opens_dialog=True,
        )
        for number in others
    )
    few = MOST_SHOWN if len(buttons) <= MOST_SHOWN else MOST_SHOWN - 1
    yield Actions(buttons[:few], buttons[few:])


def _left_out(parts: Sequence[str]) -> Iterator[DialogBlock]:
    if parts:
        yield Text(f"Left out of the school's letter: {listed(parts)}.")


def _words_before(letter: Letter) -> Iterator[DialogBlock]:
    """Show a colleague's earlier draft below a new suggestion, so that no words are lost."""
    if letter.before and letter.before != letter.body:
        yield Text("The earlier draft. Copy from it what is still right:", TextStyle.SUBTLE)
        yield Text(letter.before, TextStyle.LETTER)


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
                "You approve exactly these words, in your name. To change them, cancel and choose "
                "Edit the draft under More. If you edit the draft, your view no longer counts and "
                "another colleague's view is needed.",
                TextStyle.SUBTLE,
            ),
            *_meeting(mail),
        ),
    )


def views_of(view: CaseView) -> Iterator[Text]:
    """Quote each colleague's newest view, which the email has to answer to (§13)."""
    given = view.newest_views
    shown: list[str] = []
    for each in reversed(given):
        said = f"{each.author} · {OPINIONS[each.opinion]}\n{each.reason}"
        if shown and len(said) + sum(map(len, shown)) > _VIEWS_AT_ONCE:
            break
        shown.insert(0, said)
    if shown:
        yield Text("What colleagues think:", TextStyle.SUBTLE)
    if earlier := len(given) - len(shown):
        yield Text(f"{counted(earlier, 'earlier view')}: Show lists them all", TextStyle.SUBTLE)
    for said in shown:
        yield from whole(said, TextStyle.QUOTE)


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
        yield Text(without_secrets(mail.footer), TextStyle.LETTER)
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
    yield from _left_out(edits.left_out)
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


@example("dialog-draft")
def _draft() -> Dialog:
    mail = sample.outreach()
    letter = Letter(Rung.UNIVERSITY_EMAIL, mail.sender, mail.recipient, mail.subject, mail.body)
    return draft_dialog(sample.sample_case_view(CaseStatus.AGREED), letter)


@example("dialog-draft-letters")
def _draft_letters() -> Dialog:
    mail = sample.outreach()
    letter = Letter(Rung.UNIVERSITY_EMAIL, mail.sender, mail.recipient, mail.subject, mail.body)
    names = ("", "After an illness", "After a change of programme")
    letter = replace(letter, choices=names, chosen=1)
    return draft_dialog(sample.sample_case_view(CaseStatus.AGREED), letter, 1)


@example("dialog-draft-afresh")
def _draft_afresh() -> Dialog:
    mail = sample.outreach()
    letter = Letter(
        Rung.UNIVERSITY_EMAIL,
        mail.sender,
        mail.recipient,
        mail.subject,
        mail.body,
        returned=write_again("it was written on records of Monday 2 November"),
        before=mail.body.replace("?", "? Would Thursday suit you?", 1),
    )
    return draft_dialog(sample.sample_case_view(CaseStatus.AGREED), letter)


@example("dialog-approve")
def _approve() -> Dialog:
    footer = "You can also answer here:\n\n- I am fine: https://lantern.example.ac.uk/student/a.b.c"
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
