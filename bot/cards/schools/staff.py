"""A colleague's own details in Lantern, and the dialog to arrange cover."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from itertools import islice

from bot.cards.kit import sample_data as sample
from bot.cards.kit.dialogs import school_dialog
from bot.cards.kit.model import (
    Card,
    CardBlock,
    Dialog,
    Facts,
    Input,
    InputKind,
    Option,
    Select,
    Text,
    TextStyle,
)
from bot.cards.kit.registry import example
from bot.cards.notices.digests import digest_switch
from store.queries.schools.cover import Cover
from store.queries.schools.own_account import MeView
from store.queries.schools.staff import School
from store.rules.cases.case import Actor
from store.rules.model import Role
from store.rules.text.formatting import counted, day_ahead, listed, on_day


def me_card(view: MeView) -> Card:
    """Show a person their own roles, training and cover, privately."""
    roles = [
        f"{school.name}: {listed([role.label for role in roles])}" for school, roles in view.roles
    ]
    return Card(
        kind="me",
        summary=f"What Lantern holds about you, {view.name}.",
        blocks=(
            Text(view.name, TextStyle.HEADING),
            Text("\n".join(roles) or "You have no role in a school."),
            Facts(
                (
                    ("Address", view.email),
                    ("Training", _trained(view)),
                    ("With you", counted(view.open_cases, "open case")),
                    ("Your morning digest", "on" if view.wants_digest else "off"),
                )
            ),
            *_covers(view),
            digest_switch(is_on=view.wants_digest),
        ),
    )


def cover_dialog(
    school: School, people: Sequence[Actor], absent: int | None, today: dt.date
) -> Dialog:
    """Ask for the absent colleague, the cover, the first day and the last day."""
    options = tuple(Option(str(person.id), person.name) for person in islice(people, 100))
    known = {option.value for option in options}
    return school_dialog(
        school,
        "cover",
        title="Cover for absence",
        submit="Arrange",
        blocks=(
            Text(
                f"{school.name}. Cases keep their owner. Messages for the absent colleague go to "
                "the cover, who finds their cases under mine.",
                TextStyle.SUBTLE,
            ),
            Select(
                "absent",
                "Who is away?",
                options,
                chosen=str(absent) if str(absent) in known else None,
            ),
            Select("cover", "Who covers?", options),
            Input("first", "First day", InputKind.DATE, value=today.isoformat()),
            Input("last", "Last day", InputKind.DATE),
        ),
    )


def _trained(view: MeView) -> str:
    if view.trained_on is not None:
        return f"{on_day(view.trained_on)} {view.trained_on.year}"
    leads = any(Role.ENGAGEMENT_LEAD in roles for _, roles in view.roles)
    who = "another engagement lead or your faculty's lead" if leads else "your engagement lead"
    return f"not recorded yet. Take the lesson, or ask {who} to record it"


def _covers(view: MeView) -> Iterator[CardBlock]:
    for each in view.covers:
        days = f"from {on_day(each.first)} to {day_ahead(each.last, each.first)}"
        if each.absent == view.id:
            yield Text(f"{each.cover_name} covers for you {days}.", TextStyle.SUBTLE)
        else:
            yield Text(f"You cover for {each.absent_name} {days}.", TextStyle.SUBTLE)


def _cover(number: int, absent: str, cover: str) -> Cover:
    first, last = sample.DAY, sample.DAY + dt.timedelta(days=4)
    return Cover(number, 1, number, absent, 3 - number, cover, first, last)


_SCHOOL = School(1, "LANG", "School of Invented Languages")


@example("me")
def me_example() -> Card:
    """Return an example lead who covers for a colleague and is covered."""
    return me_card(
        MeView(
            id=1,
            name="Alice Example",
            email="alice@languages.example",
            roles=((_SCHOOL, (Role.ADVISER, Role.ENGAGEMENT_LEAD)),),
            trained_on=dt.date(2026, 9, 1),
            open_cases=4,
            covers=(
                _cover(1, "Alice Example", "Bob Example"),
                _cover(2, "Bob Example", "Alice Example"),
            ),
        )
    )


@example("me-untrained")
def _untrained() -> Card:
    return me_card(MeView(1, "Alice Example", "alice@languages.example", (), None, 0, ()))


@example("dialog-cover")
def _cover_dialog() -> Dialog:
    people = [Actor(1, "Alice Example", True), Actor(2, "Bob Example", True)]
    return cover_dialog(_SCHOOL, people, 1, sample.DAY)
