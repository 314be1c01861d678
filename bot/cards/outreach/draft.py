"""The dialog in which a colleague writes an email to a student, from a letter of the school."""

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
    Input,
    InputKind,
    Text,
    TextStyle,
)
from bot.cards.kit.paging import whole
from bot.cards.kit.registry import example
from store.queries.cases.records import CaseView
from store.rules.letters.approval_basis import write_again
from store.rules.model import CaseStatus, Purpose, Rung
from store.rules.outreach.letter_to_send import LONGEST_BODY, LONGEST_SUBJECT, Letter
from store.rules.text.formatting import counted, listed

_VIEWS_AT_ONCE = 2500
"""Characters of the views beside the email."""
UNNAMED = "Usual letter"
"""The school's letter without a name."""


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
            *left_out(letter.left_out),
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


def left_out(parts: Sequence[str]) -> Iterator[DialogBlock]:
    """Say which required parts of the school's letter an email lacks."""
    if parts:
        yield Text(f"Left out of the school's letter: {listed(parts)}.")


def _words_before(letter: Letter) -> Iterator[DialogBlock]:
    """Show a colleague's earlier draft below a new suggestion, so that no words are lost."""
    if letter.before and letter.before != letter.body:
        yield Text("The earlier draft. Copy from it what is still right:", TextStyle.SUBTLE)
        yield Text(letter.before, TextStyle.LETTER)


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
