"""A held day, from the screening to the organiser's answer in a private message."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from store.actions.request import Request
from store.actions.schools.arrange_cover import Absence, arrange_cover
from store.actions.schools.load_roster import load_roster
from store.rules.schools import EnrolmentEntry, Roster
from store.tables import audit, cases, holds, waiting
from tests.people import ROSTER, finding, policy_document
from tests.worker.office import Office, office_in, words
from worker.cli.progress import _held

WHY = "I checked the registers with the department"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """Give an office where 8 of 43 students are flagged at once and the limit is 3 cases a day."""
    with office_in(tmp_path / "home") as made:
        made.world.publish(policy_document(capacity=3))
        dana = ROSTER.students[0]
        crowd = [replace(dana, number=f"6{n:02}", given_name=f"Crowd{n}") for n in range(40)]
        since = ROSTER.enrolments[0].starts
        enrolled = [EnrolmentEntry(each.number, "FR101", since) for each in crowd]
        load_roster(made.world.store, Roster(students=tuple(crowd), enrolments=tuple(enrolled)))
        found = [finding(made.world.student(f"Crowd{n}"), module="FR101") for n in range(8)]
        made.world.screen(*found)
        made.works()
        yield made


def told(office: Office, name: str) -> list[str]:
    office.works()
    return [str(message.payload) for message in office.messages(f"direct:{name}")]


def the_question(office: Office) -> int:
    return int(office.world.rows(holds)[-1]["id"])


def test_the_modules_organiser_is_asked_privately_and_nobody_else(office: Office) -> None:
    (message,) = told(office, "bob")
    assert "8 of 43 in French for beginners (FR101) at once" in message
    assert "Is the data right?" in message
    assert "Crowd" not in message
    assert not any("FR101) at once" in each for each in told(office, "lena"))
    assert office.world.rows(cases) == []


def test_the_command_line_names_the_held_day_and_why_it_is_held(office: Office) -> None:
    (said,) = _held(office.services)
    assert "8 of 43 students in French for beginners (FR101) were flagged at once" in said
    assert "more than the policy allows in a class of this size, which is 5 students" in said
    assert "The reason of most: " in said
    assert said.endswith(f"/lantern queue, question {the_question(office)}.")
    assert "Crowd" not in said


def test_released_it_opens_cases_in_order_within_the_room_and_the_rest_waits(
    office: Office,
) -> None:
    dialog = office.clicks("bob", "hold", hold=the_question(office), decision="released").dialog
    assert dialog is not None
    done = office.submits("bob", dialog, reason=WHY)

    assert "3 cases opened now" in words(done.card)
    assert len(office.world.rows(cases)) == 3
    assert len(office.world.rows(waiting)) == 5
    (row,) = office.world.rows(holds)
    assert (row["decision"], row["why"]) == ("released", WHY)
    assert row["decided_by"] == office.world.staff("bob")
    assert office.world.rows(audit, action="decide-hold")


def test_dismissed_by_a_typed_line_of_the_lead_it_opens_nothing(office: Office) -> None:
    done = office.types("lena", f"hold FR101 dismiss {WHY}")
    assert "dismissed as a data error" in words(done.card)
    assert office.world.rows(cases) == []
    (row,) = office.world.rows(holds)
    assert (row["decision"], row["decided_by"]) == ("dismissed", office.world.staff("lena"))


def test_without_a_reason_a_form_asks_for_one_and_keeps_what_is_right(office: Office) -> None:
    dialog = office.types("bob", "hold FR101 release").dialog
    assert dialog is not None
    reply = office.submits("bob", dialog, reason="ok")
    assert "Say how you know in a few words" in reply.errors["reason"]
    assert office.world.rows(cases) == []


@pytest.mark.parametrize("name", ["alice", "sana", "charlie", "max"])
def test_nobody_else_answers_or_even_opens_the_form(office: Office, name: str) -> None:
    for line in ("hold FR101 release", f"hold FR101 release {WHY}"):
        reply = office.types(name, line)
        assert reply.dialog is None
        assert "Only the module organiser or the engagement lead" in words(reply.card)
    assert office.world.rows(cases) == []
    refused = office.world.rows(audit, action="refused", actor=f"staff:{office.world.staff(name)}")
    assert len(refused) == 2


def test_it_is_answered_once(office: Office) -> None:
    office.types("lena", f"hold FR101 dismiss {WHY}")
    question = the_question(office)
    again = office.types("bob", f"hold {question} release {WHY}")
    assert "has answered this question already" in words(again.card)
    assert office.world.rows(cases) == []


def test_the_organisers_cover_is_asked_and_answers(office: Office) -> None:
    world = office.world
    module = replace(ROSTER.modules[0], organiser="alice@example.ac.uk")
    load_roster(world.store, Roster(modules=(module,)))
    day = world.today
    away = Absence(world.staff("alice"), world.staff("sana"), day, day + dt.timedelta(days=3))
    arrange_cover(world.store, Request(world.staff("lena"), "cover"), world.school(), away)
    assert "Only the module organiser" in words(
        office.types("bob", f"hold FR101 release {WHY}").card
    )
    done = office.types("sana", f"hold FR101 release {WHY}")
    assert "3 cases opened now" in words(done.card)


def test_an_answered_question_is_not_asked_any_more(tmp_path: Path) -> None:
    """The message waits overnight; meanwhile the lead has answered."""
    with office_in(tmp_path / "other") as office:
        office.clock.now = dt.datetime(2025, 10, 24, 20, 0, tzinfo=dt.UTC)
        dana = ROSTER.students[0]
        crowd = [replace(dana, number=f"6{n:02}", given_name=f"Crowd{n}") for n in range(40)]
        since = ROSTER.enrolments[0].starts
        enrolled = [EnrolmentEntry(each.number, "FR101", since) for each in crowd]
        load_roster(office.world.store, Roster(students=tuple(crowd), enrolments=tuple(enrolled)))
        office.world.screen(
            *(finding(office.world.student(f"Crowd{n}"), module="FR101") for n in range(8))
        )
        assert told(office, "bob") == []
        office.types("lena", f"hold FR101 dismiss {WHY}")
        office.clock.now = dt.datetime(2025, 10, 27, 9, 30, tzinfo=dt.UTC)
        assert told(office, "bob") == []


@pytest.mark.parametrize("line", ["hold", "hold FR101", "hold 999999 release x y z", "hold 7"])
def test_what_is_not_understood_is_said(office: Office, line: str) -> None:
    reply = office.types("bob", line)
    assert reply.card is not None
    assert "Something went wrong" not in words(reply.card)


def test_the_queue_has_the_answers_for_those_who_may_give_them(office: Office) -> None:
    lead, adviser = office.types("lena", "queue").card, office.types("alice", "queue").card
    assert lead is not None
    assert adviser is not None
    assert [button.action for button in lead.buttons()] == ["hold", "hold"]
    assert list(adviser.buttons()) == []


def test_of_two_days_that_are_held_each_is_answered_by_its_number(office: Office) -> None:
    """A module's code alone could release the newer day and leave the older one held."""
    before, today = range(8), range(8, 16)
    office.clock.forward(days=1)
    office.world.screen(
        *(finding(office.world.student(f"Crowd{n}"), module="FR101") for n in (*before, *today))
    )
    first, second = (row["id"] for row in office.world.rows(holds))

    asked = words(office.types("lena", f"hold FR101 release {WHY}").card)
    assert "2 open questions" in asked
    assert asked.index(f"question {first} of") < asked.index(f"question {second} of")
    assert office.world.rows(cases) == []

    done = words(office.types("lena", f"hold {first} release {WHY}").card)
    assert "3 cases opened now" in done
    assert f"(FR101) still has question {second} of" in done
    names = {office.world.student(f"Crowd{n}") for n in before}
    assert {row["student_id"] for row in office.world.rows(cases)} <= names
    last = words(office.types("lena", f"hold FR101 release {WHY}").card)
    assert "still has" not in last


def test_the_morning_digest_says_that_flags_are_held(office: Office) -> None:
    said = words(office.types("lena", "digest").card)
    assert "1 question about held flags." in said
    assert "Nothing new." not in said
    office.types("lena", f"hold FR101 dismiss {WHY}")
    assert "held" not in words(office.types("lena", "digest").card)
