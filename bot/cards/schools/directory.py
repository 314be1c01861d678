"""Changes of access that the university's directory asks for and a person has to confirm."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

from bot.cards.kit import sample_data as sample
from bot.cards.kit.model import Actions, Button, Card, CardBlock, Dialog, Input, Text, TextStyle
from bot.cards.kit.registry import example
from store.queries.schools.staff import School
from store.rules.access.directory import KnownColleague, RoleChange, SchoolChange
from store.rules.calendar import INSTITUTION
from store.rules.model import Role
from store.rules.text.formatting import counted, on_day

Waiting = tuple[School, SchoolChange]
"""A school, and the change that waits in it."""


def directory_card(waiting: Sequence[Waiting], at: dt.datetime | None) -> Card:
    """Show what waits in a person's schools. ``at``: the newest look; None for no directory."""
    title = "Access by the directory"
    blocks: list[CardBlock] = [Text(title, TextStyle.HEADING)]
    if at is None:
        blocks.append(
            Text("Your university's groups are not used: the roster says who works here.")
        )
    else:
        local = at.astimezone(INSTITUTION)
        read = f"The groups were read at {local:%H:%M} on {on_day(local.date())}."
        blocks.append(Text(read, TextStyle.SUBTLE))
        if not waiting:
            blocks.append(Text("No change waits for you."))
    for school, change in waiting:
        blocks += [Text(line) for line in change_lines(school, change)]
        ids = {"school": str(school.id)}
        button = Button(f"Confirm in {school.code}", "directory", ids, opens_dialog=True)
        blocks.append(Actions((button,)))
    return Card(kind="directory", summary=f"{title}.", blocks=tuple(blocks))


def directory_dialog(school: School, change: SchoolChange) -> Dialog:
    """Ask for the figure of a change, to confirm it."""
    return Dialog(
        kind="directory",
        title="Confirm access",
        action="directory",
        ids={"school": str(school.id)},
        submit="Confirm",
        blocks=(
            *(Text(line) for line in change_lines(school, change)),
            Text("If this is wrong, ask who looks after the groups to correct them instead."),
            Input(
                "confirm",
                "Confirm with the two numbers",
                hint=f"Colleagues who lose access, and all of them: type {change.figure}",
                max_length=30,
            ),
        ),
    )


def change_lines(school: School, change: SchoolChange) -> Iterator[str]:
    """Say what a change would do, and name who it concerns."""
    lead = ", the last engagement lead among them" if change.loses_last_lead else ""
    yield (
        f"{school.name}: {counted(len(change.leaving), 'colleague')} of {change.of} would have no "
        f"access any more{lead}."
    )
    for said, changes in (("would lose", change.losses), ("would gain", change.gains)):
        for each in changes:
            yield f"{each.colleague.name} {said} the role {each.role.label}."


def _sample() -> list[Waiting]:
    lena = KnownColleague(1, "lena@example.ac.uk", "Lena Example")
    lost = RoleChange(lena, Role.ENGAGEMENT_LEAD)
    change = SchoolChange("LANG", (), (lost,), (lena,), 8, loses_last_lead=True)
    return [(School(1, "LANG", "School of Invented Languages"), change)]


@example("directory")
def _waits() -> Card:
    at = dt.datetime.combine(sample.DAY, dt.time(9, 30), dt.UTC)
    return directory_card(_sample(), at)


@example("dialog-directory")
def _asks() -> Dialog:
    return directory_dialog(*_sample()[0])
