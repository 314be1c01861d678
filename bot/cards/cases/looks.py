"""The fold of the digest: how many students are worth a look, and who they are, for those who may
know."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

from bot.cards.kit import sample_data as sample
from bot.cards.kit.model import Actions, Button, Card, CardBlock, Divider, Text, TextStyle
from bot.cards.kit.registry import example
from store.queries.flags.looks import LookCount, NamedLook
from store.rules.flag_rules.looks import LookKind
from store.rules.text.formatting import counted, on_day, short_day

LOOKS_SHOWN = 20
"""Students that are named on one card; a button shows the next."""

_LINES = 6


def worth_a_look(looks: Sequence[LookCount]) -> Iterator[CardBlock]:
    """Yield the fold: a line for each module, no names, and the button behind which they are."""
    if not looks:
        return
    lines = [_line(each) for each in looks[:_LINES]]
    if left := looks[_LINES:]:
        lines.append(f"and {counted(len(left), 'more line')}: /lantern looks")
    yield Divider()
    yield Text("Worth a look, no flag", TextStyle.SUBTLE)
    yield Text("\n".join(lines))
    yield Actions((Button("See who", "looks"),))


def _line(look: LookCount) -> str:
    unseen = f"{look.students} not seen for {counted(look.unseen_days, 'day')}"
    if look.kind is LookKind.FIRST_WORK:
        return f"First work due {short_day(look.due)} in {look.module}: {unseen}"
    return f"Work late in {look.module}: {unseen}"


def looks_card(found: Sequence[NamedLook], day: dt.date, first: int = 0) -> Card:
    """Name the students from the place ``first`` on, privately, each with what was seen."""
    title = f"{counted(len(found), 'student')} worth a look"
    blocks: list[CardBlock] = [
        Text(f"{title}, {on_day(day)}", TextStyle.HEADING),
        *(
            Text(f"{each.name}, {each.number}\n{' '.join(each.reasons)}")
            for each in found[first : first + LOOKS_SHOWN]
        ),
    ]
    after = first + LOOKS_SHOWN
    if left := found[after:]:
        label = f"Next {counted(min(len(left), LOOKS_SHOWN), 'student')}"
        blocks.append(Actions((Button(label, "looks", {"from": str(after)}),)))
    about = (
        "This is not a flag, and no case is open. They may work without the online space. Ask "
        "another colleague before you get in touch about it. The access log records that you "
        "looked."
        if found
        else "No one is worth a look today."
    )
    blocks.append(Text(about, TextStyle.SUBTLE))
    return Card(kind="looks", summary=f"{title}.", blocks=tuple(blocks))


@example("looks")
def _looks() -> Card:
    reason = (
        "Essay 1 in Algae is due on Thursday 12 November, the first work there. Not seen in Algae "
        "since Friday 30 October."
    )
    return looks_card([NamedLook(1, "X0000012", "Sam Example", (reason,))], sample.DAY)


@example("looks-none")
def _none() -> Card:
    return looks_card([], sample.DAY)
