"""A closed case, and what screening finds about its student afterwards."""

import datetime as dt

from bot.cards.cases.card import case_card
from store.actions.cases import close as closing
from store.queries.cases.case import case_view
from store.queries.schools.no_case import students_without_case
from store.rules.calendar import Calendar
from store.rules.model import CaseStatus, Outcome
from store.tables import cases
from tests.people import finding
from tests.world import World

CLOSED = dt.date(2025, 10, 22)
DUE = dt.date(2025, 11, 5)


def close(world: World, case: int, outcome: Outcome = Outcome.MEETING_HELD) -> None:
    closing.close_case(world.store, world.by("lena"), case, outcome)


def silent_until(world: World, last: dt.date, who: str = "dana") -> None:
    """Screen the student as inactive on each day up to and including this one."""
    student = world.student(who)
    while world.today < last:
        world.clock.forward(days=1)
        world.screen(finding(student))


def came_back_on_the_day(world: World) -> None:
    """Close Dana's case and open the second one on the first day possible."""
    close(world, world.open_case())
    silent_until(world, DUE)


def open_references(world: World) -> list[str]:
    return [
        row["reference"]
        for row in world.rows(cases)
        if row["status"] not in (CaseStatus.CLOSED, CaseStatus.MERGED)
    ]


def explained(world: World, school: str | None = None) -> list[str]:
    with world.store.database.read() as connection:
        found = students_without_case(
            connection, world.today, world.school(school) if school else None
        )
    return [str(each.explained) for each in found]


def shown(world: World, case: int) -> str:
    with world.store.database.read() as connection:
        return repr(case_card(case_view(connection, case, world.today), Calendar()))
