"""Cases in lists: the morning digest, all open cases, and a colleague's own cases."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from bot.cards.cases.actions import IN_WINDOW
from bot.cards.cases.looks import worth_a_look
from bot.cards.cases.state_words import state_of_line
from bot.cards.kit import sample_data as sample
from bot.cards.kit.model import Button, Card, CardBlock, Divider, Row, Text, TextStyle
from bot.cards.kit.registry import example
from store.queries.cases.lists import CaseLine
from store.queries.cases.school_digest import DigestView
from store.queries.flags.looks import LookCount
from store.rules.access.permissions import Action, may
from store.rules.cases.case import Actor
from store.rules.model import CaseStatus
from store.rules.notices.reminders import WaitingFor
from store.rules.text.formatting import counted, first_sentence, listed, on_day

MINE = "mine"
_SHOWN = 10
NEEDS: Mapping[WaitingFor, str] = {
    WaitingFor.VIEW: "Needs your view",
    WaitingFor.REACTION: "Needs you to act on the answer",
    WaitingFor.APPROVAL: "Has an email that is not approved yet",
    WaitingFor.ASKED: "Needs the view that a colleague asked you for",
    WaitingFor.ACKNOWLEDGEMENT: "Needs you to acknowledge it",
    WaitingFor.REVIEW: "Needs your review of the welfare route",
    WaitingFor.RESOLUTION: "Needs you to settle the complaint informally",
    WaitingFor.QUESTION: "Needs your answer to the student",
    WaitingFor.CLOSING: "Needs you to close it: every reason has ended",
}
"""What a case needs from the one who reads the list."""


def digest_card(
    view: DigestView,
    lacking: Mapping[int, str] = MappingProxyType({}),
    person: Actor | None = None,
) -> Card:
    """Show a school's morning digest, for its channel or for one ``person``.

    ``lacking`` maps a case whose draft cannot be approved now, by this person or by anyone, to
    what comes first. A row offers only what can succeed.
    """
    ready = [line for line in view.waiting_for_approval if line.id not in lacking]
    others = [line for line in view.waiting_for_approval if line.id in lacking]
    new = counted(len(view.new), "new case")
    return Card(
        kind="digest",
        summary=f"{view.school_name}, {on_day(view.day)}: {new}, {view.open_total} open.",
        blocks=(
            Text(f"Good morning · {on_day(view.day)}", TextStyle.HEADING),
            Text(f"{view.school_name}, {counted(view.open_total, 'open case')}", TextStyle.SUBTLE),
            *_news(view, len(ready), person),
            *_section("The student answered", view.answered, _READ_ANSWER, person),
            *_section("Emails to read and approve", ready, _READ_DRAFT, person),
            *_section(f"Drafts {_not_now(person)}", others, _OPEN_IT, person, lacking),
            *_section("New today", view.new, _TAKE, person),
            *_section("Every reason has ended", view.over, _OPEN_IT, person),
            *worth_a_look(view.looks),
            *_quiet(view),
        ),
    )


def _not_now(person: Actor | None) -> str:
    return "that you cannot approve now" if person else "that cannot be approved yet"


def _news(view: DigestView, ready: int, person: Actor | None) -> Iterator[CardBlock]:
    """Count what is new: ``2 new cases, 1 answer and 1 email to approve.``

    ``ready`` drafts can be approved now.
    """
    others = len(view.waiting_for_approval) - ready
    counts = (
        (len(view.new), "new case", "new cases"),
        (len(view.answered), "answer", "answers"),
        (ready, "email to approve", "emails to approve"),
        (others, f"draft {_not_now(person)}", f"drafts {_not_now(person)}"),
        (view.held, "question about held flags", "questions about held flags"),
    )
    said = [counted(number, one, many) for number, one, many in counts if number]
    if said or not view.unruled:
        yield Text(f"{listed(said)}." if said else "Nothing new.")


def list_card(
    kind: str,
    title: str,
    lines: Sequence[CaseLine],
    nothing: str,
    needs: Mapping[int, str] = MappingProxyType({}),
    unread: Mapping[int, int] = MappingProxyType({}),
) -> Card:
    """List cases in order, privately.

    ``needs`` maps a case to what it needs from the reader, ``unread`` to the number of answers
    since they last looked.
    """
    blocks: list[CardBlock] = [Text(title, TextStyle.HEADING)]
    blocks += [
        case_line_row(each, needs.get(each.id, ""), unread.get(each.id, 0), is_mine=kind == MINE)
        for each in lines[:_SHOWN]
    ]
    if len(lines) > _SHOWN:
        blocks.append(Text(f"and {len(lines) - _SHOWN} more: /lantern cases", TextStyle.SUBTLE))
    if not lines:
        blocks.append(Text(nothing))
    return Card(kind=kind, summary=f"{title}: {counted(len(lines), 'case')}.", blocks=tuple(blocks))


def case_line_row(
    line: CaseLine, needs: str = "", unread: int = 0, *, is_mine: bool = False
) -> Row:
    """Show a case with the button that opens it. The owner is left out where it is the reader."""
    said = [f"{counted(unread, 'answer')} since you last looked"] if unread else []
    said += [needs] if needs else ["A complaint is open"] * line.complaint
    whose = [] if is_mine else [_with(line)]
    state, icon = state_of_line(line)
    words = " · ".join([*said, *whose, _why(line)])
    return Row(line.reference, state, icon, words, line.id, _open(line))


def _open(line: CaseLine) -> Button:
    return Button(f"Open {line.reference}", "show", {"case": str(line.id)}, opens_dialog=True)


def today_card(day: dt.date, lines: Sequence[CaseLine], looks: Sequence[LookCount] = ()) -> Card:
    """List every open case in the reader's schools, and how many students are worth a look."""
    card = list_card("today", f"Open cases, {on_day(day)}", lines, "There are no open cases.")
    return replace(card, blocks=(*card.blocks, *worth_a_look(looks)))


def mine_card(
    lines: Sequence[CaseLine],
    needs: Mapping[int, str] = MappingProxyType({}),
    unread: Mapping[int, int] = MappingProxyType({}),
) -> Card:
    """List the cases that the reader owns, those that need action first."""
    ordered = sorted(lines, key=lambda line: line.id not in needs)
    return list_card(MINE, "Your cases", ordered, "You have no open cases.", needs, unread)


_NextStep = tuple[str, str]
"""A row's one button, as label and action."""
_READ_ANSWER = "Read answer", "read-now"
_READ_DRAFT = "Read draft", "approve"
_OPEN_IT = "Open", "show"
_TAKE = "Take", "take"


def _section(
    title: str,
    lines: Sequence[CaseLine],
    step: _NextStep,
    person: Actor | None,
    lacking: Mapping[int, str] = MappingProxyType({}),
) -> Iterator[CardBlock]:
    if not lines:
        return
    yield Divider()
    yield Text(title, TextStyle.SUBTLE)
    for line in lines[:_SHOWN]:
        yield _next_row(line, step, person, lacking.get(line.id))
    if len(lines) > _SHOWN:
        yield Text(f"and {len(lines) - _SHOWN} more: /lantern today", TextStyle.SUBTLE)


def _next_row(
    line: CaseLine, step: _NextStep, person: Actor | None, lacking: str | None = None
) -> Row:
    """Show a case with its one next button, which opens the case's window.

    A ``person`` without the permission for the step opens the case. ``lacking``: what its draft
    needs first, '' for a colleague who approves it; it stands in place of the reasons.
    """
    label, action = step
    state, icon = state_of_line(line)
    if line.is_over:
        action = "show"
    elif action == "take" and line.owner:
        label, action = "Add view", "view"
    ids = {"case": str(line.id), IN_WINDOW: str(line.id)}
    button = Button(label, action, ids, opens_dialog=True)
    if action == "show" or (person and not may(person, _needed(action), line.school)):
        button = _open(line)
    said = _why(line) if lacking is None else lacking or "Another colleague approves it."
    return Row(line.reference, state, icon, f"{_with(line)} · {said}", line.id, button)


def _needed(action: str) -> Action:
    return Action.REVEAL if action == _READ_ANSWER[1] else Action(action)


def _with(line: CaseLine) -> str:
    return f"Owner: {line.owner}" if line.owner else "No owner yet"


def _why(line: CaseLine) -> str:
    """Return the reason of a row. None while a complaint is open, as on the card: the colleague it
    is about reads the channel's digest too (§27)."""
    if line.is_stopped:
        return "No reasons are listed while a complaint is open."
    if not line.reasons:
        return f"No active flags ({listed(line.ended)})." if line.ended else "No active flags."
    first = first_sentence(line.reasons[0])
    more = len(line.reasons) - 1
    return f"{first} And {counted(more, 'more reason')}." if more > 0 else first


def _quiet(view: DigestView) -> Iterator[CardBlock]:
    if view.held:
        yield Text(
            "Flags are held until the module organiser or the engagement lead says whether the "
            "data is right: /lantern queue",
            TextStyle.SUBTLE,
        )
    if view.unruled:
        yield Text(view.unruled)
    elif not view.screened:
        yield Text(
            "Today's screening has not run yet, so there may be more new cases.", TextStyle.SUBTLE
        )
    elif not (view.open_total or view.held or view.looks):
        yield Text("There is nothing to do this morning.")


@example("digest")
def _digest() -> Card:
    return digest_card(sample.sample_digest())


@example("digest-with-a-draft-that-waits")
def _digest_waiting() -> Card:
    return digest_card(sample.sample_digest(), {10: "Needs 1 view, not from Bob Example"})


@example("today")
def _today() -> Card:
    return today_card(sample.DAY, sample.sample_digest().new)


@example("mine-empty")
def _mine() -> Card:
    return mine_card([])


@example("mine")
def _mine_some() -> Card:
    return mine_card([sample.line(12, CaseStatus.RESPONDED, 2)], {12: NEEDS[WaitingFor.REACTION]})
