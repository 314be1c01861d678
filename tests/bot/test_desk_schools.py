"""alert-home and acknowledge as they are typed, clicked and submitted, and both schools' cards."""

import datetime as dt
from dataclasses import replace

import pytest

from bot.cards.kit.model import Select
from bot.interaction import Reply
from store.actions.cases import close as closing
from store.actions.schools.load_roster import load_roster
from store.delivery.claims import due_kinds
from store.rules.model import CaseStatus, OutboxKind, Outcome
from store.rules.schools import EnrolmentEntry, Roster
from store.tables import alerts, cases, outbox, posts
from tests.people import MATHEMATICS, ROSTER, finding
from tests.worker.office import Office, words
from worker.jobs.notices.deliver import announce_due

WHY = "Mira has not come to labs since Monday"
DANA = ROSTER.students[0]


def shows(office: Office) -> None:
    """Run the worker until it has shown every card that has changed."""
    while OutboxKind.CARD in due_kinds(office.services.store):
        announce_due(office.services, OutboxKind.CARD)


@pytest.fixture
def flagged(office: Office) -> int:
    """Provide a case of Mira of Mathematics, flagged by Languages and shown in both channels."""
    world = office.world
    world.screen(finding(world.student("mira"), module="FR101"))
    shows(office)
    return int(world.rows(cases)[0]["id"])


# -- Cards -------------------------------------------------------------------------------------


@pytest.mark.usefixtures("flagged")
def test_the_contributing_school_sees_little_and_the_home_school_all(office: Office) -> None:
    here, home = office.shown("lang"), office.shown("math")

    assert "No activity since Monday 6 October." in home
    assert "MATH-1: School of Mathematics, the home school, owns the case." in here
    assert "Flagged in your school&#39;s French for beginners" in here
    assert "Alert home school" in here
    for little in ("No activity", "G100", "Add view", "Draft email", "Take", "Mira", "2001"):
        assert little not in here, little
    assert len(office.messages("lang")) == len(office.messages("math")) == 1


def test_a_case_that_concerns_its_home_school_alone_stays_there(office: Office) -> None:
    office.world.open_case("dana")
    shows(office)

    assert office.messages("math") == []


def test_showing_it_again_posts_nothing_twice(office: Office, flagged: int) -> None:
    office.types("max", "take MATH-1")
    shows(office)

    assert len(office.messages("lang")) == len(office.messages("math")) == 1
    assert len(office.world.rows(posts, subject=f"case:{flagged}")) == 2
    keys = [row["idem_key"] for row in office.world.rows(outbox)]
    assert len(keys) == len(set(keys))


def test_both_cards_show_an_alert_and_its_acknowledgement(office: Office, flagged: int) -> None:
    dialog = office.dialog("bob", "alert-home", flagged)
    assert "MATH-1" in words(dialog)
    said = office.submits("bob", dialog, why=WHY)
    assert "School of Mathematics, the home school, is alerted" in words(said.card)
    shows(office)
    assert "Bob Brown alerted School of Mathematics" in office.shown("lang")
    assert "has not acknowledged the alert yet" in office.shown("lang")
    assert "Alert home school" not in office.shown("lang"), "it waits for the home school now"

    assert office.clicks("charlie", "acknowledge", case=flagged) == Reply()
    shows(office)

    assert "Charlie Clark acknowledged it" in office.shown("lang")
    assert "Alert home school" in office.shown("lang"), "something new may be noticed"
    for channel in ("lang", "math"):
        assert WHY not in office.shown(channel), "somebody's words may name the student"


def test_a_closed_case_is_shown_as_closed_to_both(office: Office, flagged: int) -> None:
    closing.close_case(office.world.store, office.world.by("max"), flagged, Outcome.MEETING_HELD)
    shows(office)

    assert "the home school, has closed the case" in office.shown("lang")
    assert "Alert home school" not in office.shown("lang")


# -- alert-home --------------------------------------------------------------------------------


@pytest.mark.usefixtures("flagged")
def test_typed_with_all_its_words_it_alerts_at_once(office: Office) -> None:
    said = words(office.types("bob", "alert-home math-1 has not come to labs").card)

    assert "its case is MATH-1" in said
    assert [row["why"] for row in office.world.rows(alerts)] == ["has not come to labs"]


@pytest.mark.usefixtures("flagged")
def test_typed_with_the_case_alone_it_asks_what_was_noticed(office: Office) -> None:
    dialog = office.types("bob", "alert-home MATH-1").dialog
    assert dialog

    refused = office.submits("bob", dialog, why="ill")
    assert "in a few words" in refused.errors["why"]
    assert office.world.rows(alerts) == []
    office.submits("bob", dialog, why=WHY)
    assert len(office.world.rows(alerts)) == 1


def test_by_number_it_opens_the_home_schools_case(office: Office) -> None:
    said = words(office.types("sana", "alert-home 2001 has not come to labs").card)

    assert "its case is MATH-1" in said
    shows(office)
    assert "MATH-1" in office.shown("math")
    assert "Sana Support alerted School of Mathematics" in office.shown("lang")


def test_by_number_alone_it_asks_and_carries_no_number(office: Office) -> None:
    dialog = office.types("sana", "alert-home 2001").dialog
    assert dialog
    assert "2001" not in words(dialog)

    office.submits("sana", dialog, why=WHY)

    assert len(office.world.rows(alerts)) == 1


@pytest.mark.parametrize(
    ("name", "line", "said"),
    [
        ("sana", "alert-home", "Which case, or which student"),
        ("sana", "alert-home 4711 not seen for weeks", "No student with that number"),
        ("sana", "alert-home 1001 not seen for weeks", "No student with that number"),
        ("bob", "alert-home 2001 not seen for weeks", "by student number, you need to be"),
        ("charlie", "alert-home MATH-1 not seen for weeks", "You work in the home school"),
        ("charlie", "alert-home MATH-1", "You work in the home school"),
        ("bob", "acknowledge MATH-1", "belongs to another school"),
        ("max", "acknowledge MATH-1", "There is nothing to acknowledge on MATH-1"),
        ("max", "acknowledge", "Which case?"),
        ("max", "acknowledge MATH-9", "no case with that reference"),
    ],
)
def test_what_cannot_be_done_is_said_and_nothing_happens(
    office: Office, flagged: int, name: str, line: str, said: str
) -> None:
    before = office.world.case(flagged)

    assert said in words(office.types(name, line).card)

    assert office.world.rows(alerts) == []
    assert office.world.case(flagged) == before


@pytest.mark.usefixtures("flagged")
def test_a_tampered_form_alerts_about_nobody_else(office: Office) -> None:
    dana = office.world.student("dana")
    for ids in ({"student": str(dana)}, {"student": "x"}, {"student": "999"}, {"case": "999"}):
        reply = office.asks("alice", "alert-home", ids=ids, values={"why": WHY})
        assert reply.errors
    assert office.world.rows(alerts) == []


@pytest.mark.usefixtures("flagged")
def test_acknowledge_typed_answers_in_words(office: Office) -> None:
    office.types("bob", f"alert-home MATH-1 {WHY}")

    assert "MATH-1 is acknowledged." in words(office.types("max", "acknowledge math-1").card)


# -- A student who moves -----------------------------------------------------------------------


def test_a_card_is_handed_over_from_channel_to_channel(office: Office) -> None:
    case = office.world.open_case("dana")
    shows(office)

    load_roster(office.services.store, Roster(students=(replace(DANA, home_school=MATHEMATICS),)))
    shows(office)

    assert "LANG-1: Handed over to School of Mathematics." in office.shown("lang")
    for old in ("Add view", "Draft email", "No activity"):
        assert old not in office.shown("lang")
    assert len(office.messages("lang")) == 1, "the same message, changed in place"
    assert "LANG-1" in office.shown("math")
    assert "No activity since" in office.shown("math")

    office.types("charlie", "acknowledge LANG-1")
    assert office.world.case(case).status is CaseStatus.OPEN
    assert "belongs to another school" in words(office.types("alice", "take LANG-1").card)


def test_of_a_student_who_left_closing_is_proposed_and_a_colleague_decides(office: Office) -> None:
    case = office.world.open_case("dana")
    last = office.world.today - dt.timedelta(days=1)
    ended = EnrolmentEntry("1001", "FR101", last, last)
    load_roster(office.services.store, Roster(enrolments=(ended,)))

    (outcome, *_) = office.dialog("lena", "close", case).fields()

    assert isinstance(outcome, Select)
    assert outcome.chosen == "no-longer-enrolled"
    assert "Every enrolment ended by Tuesday 21 October." in outcome.hint
    assert not office.world.case(case).is_closed
