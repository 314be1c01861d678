"""A fact is shown once even if several rules state it; each colleague has one view (§2, §13)."""

from __future__ import annotations

from bot.cards.cases.card import case_card
from bot.cards.cases.lists import today_card
from bot.cards.cases.show import show_dialog
from bot.cards.kit.model import Card, Dialog, Fold
from store.actions.cases import log_access as reading
from store.queries.cases.case import case_view
from store.queries.cases.lists import open_cases
from store.queries.cases.records import CaseView
from store.queries.students.flag_reasons import reasons_for_student
from store.queries.students.own_data import own_data
from store.rules.calendar import Calendar
from store.rules.flag_rules.evidence import Finding
from store.rules.model import MarkerFamily, Opinion
from store.tables import flags
from tests.people import finding
from tests.world import World

SESSIONS = "Attended 0 of 4 sessions in Phonology in the last four weeks."
ESSAY = "Essay 2 in Phonology was due on Monday 6 October; nothing has arrived."


def twice(student: int) -> list[Finding]:
    """Return sessions and an essay, each stated by its own rule and by *fading-out*."""
    attended = {"family": MarkerFamily.ATTENDANCE, "module": "PHON1", "reason_staff": SESSIONS}
    missed = {"family": MarkerFamily.SUBMISSIONS, "module": "PHON1", "reason_staff": ESSAY}
    own_words = {**missed, "reason_staff": "Work is missing in Phonology."}
    said = {"reason_student": "You came to 0 of 4 sessions in Phonology."}
    late = {"reason_student": "Essay 2 in Phonology was due. We have not had it from you yet."}
    return [
        finding(student, "attendance", rule="fading-out", **attended, **said),
        finding(student, "Essay 2", rule="fading-out", **own_words, **late),
        finding(student, "", rule="attendance", **attended, **said),
        finding(student, "Essay 2", rule="missed-submission", **missed, **late),
    ]


def viewed(world: World, case: int) -> CaseView:
    with world.store.database.read() as connection:
        return case_view(connection, case, world.today)


def face(card: Card) -> str:
    return repr([block for block in card.blocks if not isinstance(block, Fold)])


def test_each_fact_is_shown_and_counted_once_wherever_reasons_are_read(world: World) -> None:
    student = world.student("dana")
    world.screen(*twice(student))
    with world.store.database.read() as connection:
        (line,) = open_cases(connection, [world.school()], reader=None)
        letter = reasons_for_student(connection, flags.c.case_id == line.id).reasons
        own = own_data(connection, student, world.today)
    view = viewed(world, line.id)
    card = case_card(view, Calendar())
    shown = show_dialog(view, None, Calendar())
    places: list[Card | Dialog] = [card, shown, today_card(world.today, [line])]

    assert [flag.reason for flag in view.flags] == [SESSIONS, ESSAY]
    assert list(line.reasons) == [SESSIONS, ESSAY]
    assert len(letter) == len(own.reasons) == 2
    assert all(repr(place).count("Attended 0 of 4 sessions") == 1 for place in places)
    assert "2 reasons, no views yet" in repr(card)
    assert "And 1 more reason." in repr(places[2])


def test_a_colleague_counts_once_with_the_newest_view(world: World) -> None:
    case = world.open_case()
    for opinion in (Opinion.WAIT, Opinion.WAIT, Opinion.CONTACT_NOW):
        world.clock.forward(minutes=1)
        world.give_view(case, "bob", opinion)
    world.clock.forward(minutes=1)
    world.give_view(case, "alice", Opinion.WAIT)
    reading.show_case(world.store, world.by("bob"), case)
    view = viewed(world, case)
    card = case_card(view, Calendar())

    assert "2 views: 1 contact now, 1 wait" in face(card)
    assert "1 reason, 2 views" in repr(card)
    assert "and 2 earlier views: Show lists them all" in repr(card)
    assert repr(show_dialog(view, None, Calendar())).count("· wait") == 3
