"""Cases in lists: the morning's digest, what is open today, and what is mine."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

from bot.cards.kit import sample_data as sample
from bot.cards.kit.model import Actions, Button, Card, CardBlock, Divider, Text, TextStyle
from bot.cards.kit.registry import example
from store.queries.cases.lists import CaseLine, DigestView
from store.rules.model import CaseStatus
from store.rules.notices.reminders import SAYS, WaitingFor
from store.rules.text.formatting import counted, listed, on_day

MINE = "mine"
_SHOWN = 10
_BUTTONS = 4
"""Side by side; the rest stand in a menu."""


def digest_card(view: DigestView) -> Card:
    """A school's morning, for its channel."""
    new = counted(len(view.new), "new case")
    return Card(
        kind="digest",
        summary=f"{view.school_name}, {on_day(view.day)}: {new}, {view.open_total} open.",
        blocks=(
            Text(f"Good morning · {on_day(view.day)}", TextStyle.HEADING),
            Text(f"{view.school_name}, {counted(view.open_total, 'open case')}", TextStyle.SUBTLE),
            Text(_news(view)),
            *_section("The student answered", view.answered),
            *_section("A mail waits to be read and approved", view.waiting_for_approval),
            *_section("New today", view.new),
            *_quiet(view),
        ),
    )


def _news(view: DigestView) -> str:
    """``2 new cases, 1 answer and 1 mail to approve.``"""
    counts = (
        (len(view.new), "new case", "new cases"),
        (len(view.answered), "answer", "answers"),
        (len(view.waiting_for_approval), "mail to approve", "mails to approve"),
    )
    said = [counted(number, one, many) for number, one, many in counts if number]
    return f"{listed(said)}." if said else "Nothing new."


def list_card(
    kind: str,
    title: str,
    lines: Sequence[CaseLine],
    nothing: str,
    waiting: Mapping[int, WaitingFor] = MappingProxyType({}),
) -> Card:
    """Cases in order, privately, for the person who asked. ``waiting`` says which case waits for
    them, and with what."""
    blocks: list[CardBlock] = [Text(title, TextStyle.HEADING)]
    is_mine = kind == MINE
    blocks += [Text(_line(each, waiting.get(each.id), is_mine=is_mine)) for each in lines[:_SHOWN]]
    if len(lines) > _SHOWN:
        blocks.append(Text(f"and {len(lines) - _SHOWN} more", TextStyle.SUBTLE))
    blocks.append(opening(lines[:_SHOWN]) if lines else Text(nothing))
    return Card(kind=kind, summary=f"{title}: {counted(len(lines), 'case')}.", blocks=tuple(blocks))


def opening(lines: Sequence[CaseLine]) -> Actions:
    """A button for each; who presses it is asked nothing, and the access log notes it."""
    buttons = tuple(
        Button(f"Open {line.reference}", "show", {"case": str(line.id)}, opens_dialog=True)
        for line in lines
    )
    return Actions(buttons[:_BUTTONS], buttons[_BUTTONS:])


def today_card(day: dt.date, lines: Sequence[CaseLine]) -> Card:
    """Everything that is open in the schools of the person who asked."""
    return list_card("today", f"Open cases, {on_day(day)}", lines, "Nothing is open. Enjoy it.")


def mine_card(
    lines: Sequence[CaseLine], waiting: Mapping[int, WaitingFor] = MappingProxyType({})
) -> Card:
    """What the person who asked looks after, what waits for them first."""
    ordered = sorted(lines, key=lambda line: line.id not in waiting)
    return list_card(MINE, "Cases with you", ordered, "No open case is with you.", waiting)


def _section(title: str, lines: Sequence[CaseLine]) -> Iterator[CardBlock]:
    if not lines:
        return
    yield Divider()
    yield Text(title, TextStyle.SUBTLE)
    for line in lines[:_SHOWN]:
        yield Text(f"{line.reference}, {_with(line)}\n{_why(line)}")
    if len(lines) > _SHOWN:
        yield Text(f"and {len(lines) - _SHOWN} more: /lantern today", TextStyle.SUBTLE)


def _line(line: CaseLine, waits: WaitingFor | None, *, is_mine: bool) -> str:
    """Whom it is with is left out where all are with the reader."""
    whose = "" if is_mine else f", {_with(line)}"
    said = f"{line.reference} · {line.status.label}{whose}\n{_why(line)}"
    return f"{said}\n{SAYS[waits].format(case=line.reference)}" if waits else said


def _with(line: CaseLine) -> str:
    return f"with {line.owner}" if line.owner else "with nobody yet"


def _why(line: CaseLine) -> str:
    if not line.reasons:
        return f"No active flags ({listed(line.ended)})." if line.ended else "No active flags."
    first = line.reasons[0]
    more = len(line.reasons) - 1
    return f"{first} And {counted(more, 'more reason')}." if more > 0 else first


def _quiet(view: DigestView) -> Iterator[CardBlock]:
    if not view.screened:
        yield Text(
            "Today's screening has not run yet, so new cases may still come.", TextStyle.SUBTLE
        )
    elif not view.open_total:
        yield Text("Have a good day.")


@example("digest")
def _digest() -> Card:
    return digest_card(sample.digest())


@example("today")
def _today() -> Card:
    return today_card(sample.DAY, sample.digest().new)


@example("mine-empty")
def _mine() -> Card:
    return mine_card([])


@example("mine")
def _mine_some() -> Card:
    return mine_card([sample.line(12, CaseStatus.RESPONDED, 2)], {12: WaitingFor.REACTION})
