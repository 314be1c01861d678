"""The true reason why a student has no case is given in every place that shows it (§3)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest

from bot.cards.cases.card import case_card
from bot.cards.cases.show import show_dialog
from store.actions.cases import close as closing
from store.actions.students import exempt as exempting
from store.actions.students.exempt import Exemption
from store.actions.students.report_death import confirm_death, report_death
from store.queries.cases.case import case_view
from store.queries.flags.queue import waiting
from store.queries.notices.week import week
from store.queries.schools.no_case import students_without_case
from store.rules.calendar import Calendar
from store.rules.flags.no_case import NoCase
from store.rules.model import ExemptionKind, Outcome
from tests.people import MATHEMATICS, finding, policy_document
from tests.world import World

GRACE = 15
"""In days: longer than the ten school days of grace after closing."""


def closed(world: World) -> None:
    closing.close_case(world.store, world.by("lena"), world.open_case(), Outcome.DATA_ERROR)


def screened(world: World, days: int, *, away: bool = False) -> None:
    """Screen the following days with Dana not seen, or with the source unavailable."""
    for _ in range(days):
        world.clock.forward(days=1)
        found = [] if away else [finding(world.student("dana"), fresh=world.today)]
        world.screen(*found, unknown=["moodle"] if away else [])


def grace(world: World) -> None:
    closed(world)
    screened(world, 3)


def away_after_grace(world: World) -> None:
    closed(world)
    screened(world, GRACE, away=True)


def no_room(world: World) -> None:
    world.publish(policy_document(capacity=1))
    eli, dana = world.student("eli"), world.student("dana")
    world.screen(finding(dana), finding(eli), order=[eli, dana])


def away_in_the_queue(world: World) -> None:
    no_room(world)
    screened(world, 5, away=True)


def exempt(world: World) -> None:
    case, lena = world.open_case(), world.by("lena")
    last = world.today + dt.timedelta(days=30)
    placed = Exemption(ExemptionKind.PLACEMENT, world.today, last, "On a placement abroad")
    exempting.exempt_student(world.store, lena, case, placed)
    closing.close_case(world.store, world.by("lena"), case, Outcome.CIRCUMSTANCES_KNOWN)


def died(world: World) -> None:
    """Report a death during the grace after a closed case; a second colleague confirms it."""
    closed(world)
    screened(world, 3)
    known = "Her family has told the dean"
    report_death(world.store, world.by("alice"), 1, known)
    confirm_death(world.store, world.by("lena"), 1, "I spoke to her brother myself")
    screened(world, GRACE)


def handed_over(world: World) -> None:
    """Invoke Fitness to Study as the lead and close the case: no case opens after the grace."""
    case = world.open_case()
    world.hand_over_to_fitness(case)
    closing.close_case(world.store, world.by("lena"), case, Outcome.REFERRAL_AGREED)
    screened(world, GRACE)


CAUSES: dict[str, tuple[Callable[[World], None], NoCase, str]] = {
    "grace": (grace, NoCase.IN_GRACE, "in the time of grace after a closed case until "),
    "away": (away_after_grace, NoCase.NO_DATA, "moodle known only up to Tuesday 21 October"),
    "no room": (no_room, NoCase.QUEUED, "in the queue"),
    "away in the queue": (away_in_the_queue, NoCase.NO_DATA, "held until its data arrives"),
    "exempt": (exempt, NoCase.EXEMPT, "exempt"),
    "died": (died, NoCase.DIED, "the student has died"),
    "handed over": (handed_over, NoCase.OTHER_PROCESS, "in Fitness to Study"),
}


@pytest.mark.parametrize("cause", CAUSES)
def test_each_cause_is_the_one_that_is_said(world: World, cause: str) -> None:
    bring_about, why, said = CAUSES[cause]
    bring_about(world)
    with world.store.database.read() as connection:
        (found,) = students_without_case(connection, world.today)
        lead = week(connection, world.school(), world.today)
        queue = waiting(connection, [world.school()])

    assert found.explained.why is why
    assert said in str(found.explained)
    # Students who have died are in no figure.
    assert lead.no_case == (() if why is NoCase.DIED else ((why, 1),))
    assert len(queue) == (why is NoCase.QUEUED)


def test_the_contributing_school_reads_that_the_student_is_with_their_home_school(
    world: World,
) -> None:
    """Mira's home school is Mathematics. Languages flags her, and her case there was closed."""
    world.screen(finding(world.student("mira")))
    closing.close_case(world.store, world.by("max"), 1, Outcome.MEETING_HELD)
    with world.store.database.read() as connection:
        ours = week(connection, world.school(), world.today)
        theirs = week(connection, world.school(MATHEMATICS), world.today)
    assert ours.no_case == ((NoCase.AT_HOME_SCHOOL, 1),)
    assert theirs.no_case == ((NoCase.IN_GRACE, 1),)


def places(world: World, case: int) -> str:
    with world.store.database.read() as connection:
        view = case_view(connection, case, world.today)
    shown = show_dialog(view, None, Calendar())
    return repr((case_card(view, Calendar(), is_whole=True), shown))


def test_a_closed_case_says_where_its_flags_are_now(world: World) -> None:
    closed(world)
    screened(world, 3)
    assert places(world, 1).count("in the time of grace after a closed case until") >= 2
    screened(world, GRACE, away=True)
    assert "Still active, in no open case (held until its data arrives" in places(world, 1)
    assert "later case" not in places(world, 1)
    screened(world, 1)
    assert "Still active in a later case: No activity since Monday 6 October. (LANG-2)" in places(
        world, 1
    )
    assert places(world, 1).count("The student has a later case: LANG-2.") == 2
    assert places(world, 2).count("An earlier case, LANG-1, was closed on") == 2
    for _ in range(8):
        world.clock.forward(days=1)
        world.screen()
    assert "Active after this case was closed, and cleared since" in places(world, 1)
