"""A deputy of a school's leads is told privately, and can decide from that message."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.interaction import Reply
from store.actions.schools.load_roster import load_roster
from store.rules.model import Role
from store.rules.schools import Roster, StaffEntry
from store.tables import complaints, emergencies
from tests.people import LANGUAGES
from tests.worker.office import Office, office_in, words
from worker.jobs.notices.digests import request_messages

WHY = "Dana found the mail unkind"
SAID = "We met and talked it over"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with office_in(tmp_path) as made:
        lead = ((LANGUAGES, Role.FACULTY_LEAD),)
        fay = StaffEntry("fay@example.ac.uk", "Fay Faculty", lead, sandbox_user="fay")
        load_roster(made.world.store, Roster(staff=(fay,)))
        yield made


def said(reply: Reply) -> str:
    return words(reply.card)


def told(office: Office, name: str) -> str:
    office.works()
    return "\n".join(str(message.payload) for message in office.messages(f"direct:{name}"))


def test_a_complaint_about_the_only_lead(office: Office) -> None:
    case = office.world.open_case()
    recorded = said(office.types("bob", f"complaint LANG-1 lena {WHY}"))
    assert "Fay Faculty resolves it, since no engagement lead of the school can" in recorded

    assert "you need to resolve it" in told(office, "fay")
    assert "LANG-1" not in told(office, "lena")
    assert "Dana" not in told(office, "fay")

    assert "Word" not in words(office.types("fay", "complaint LANG-1 export").dialog)
    assert "you need to be" in said(office.types("fay", "show LANG-1"))
    dialog = office.clicks("fay", "complaint", case=case, step="resolve").dialog
    assert dialog
    assert WHY in words(dialog), "who resolves it reads what it says"
    assert "Dvorak" not in words(dialog)
    assert office.submits("fay", dialog, resolution="ok").errors
    assert "is resolved" in said(office.submits("fay", dialog, resolution=SAID))
    (row,) = office.world.rows(complaints)
    assert row["resolution"] == SAID


def test_a_notice_that_is_too_late_is_not_sent(office: Office) -> None:
    office.world.open_case()
    office.types("bob", f"complaint LANG-1 lena {WHY}")
    office.types("fay", f"complaint LANG-1 resolve {SAID}")
    assert "LANG-1" not in told(office, "fay")


def test_the_welfare_route_of_the_only_lead(office: Office) -> None:
    case = office.world.open_case()
    office.types("lena", "welfare LANG-1 a worrying voice message today")
    assert "so Fay Faculty reviews it" in said(office.clicks("lena", "review", case=case))
    assert "Review it today" in told(office, "fay")

    dialog = office.clicks("fay", "review", case=case).dialog
    assert "Lena Lead" in words(dialog)
    assert "worrying voice message" in words(dialog)
    assert "your review is recorded" in said(office.types("fay", "review LANG-1 right to act so"))
    (row,) = office.world.rows(emergencies)
    assert row["reviewed_by"] == office.world.staff("fay")
    assert "no welfare route" in said(office.types("lena", "review LANG-1"))


def test_where_nobody_can_it_is_said(office: Office) -> None:
    office.leaves("fay")
    office.world.open_case()
    assert "no one can resolve it yet" in said(office.types("bob", f"complaint LANG-1 lena {WHY}"))


def test_no_one_is_asked_to_review_their_own_act_and_the_card_says_who_does(
    office: Office,
) -> None:
    case = office.world.open_case()
    office.types("lena", "welfare LANG-1 a worrying voice message today")
    shown = words(office.types("alice", "show LANG-1").dialog)
    assert "Fay Faculty has not reviewed it yet" in shown
    assert "a worrying voice message today" in shown, "why the route was used"
    told(office, "fay")

    office.clock.now += dt.timedelta(days=1)
    with office.world.store.unit_of_work() as work:
        request_messages(work, office.world.school(), office.world.today)
    assert "Review it today" in told(office, "fay")
    assert len(office.messages("direct:fay")) == 2, "at once, and the day after"
    assert "Review it" not in told(office, "lena")

    office.leaves("fay")
    shown = words(office.types("alice", "show LANG-1").dialog)
    assert "No one can review it yet: another engagement lead" in shown
    assert case


def test_the_card_names_who_resolves_a_complaint_about_the_lead(office: Office) -> None:
    office.world.open_case()
    office.types("bob", f"complaint LANG-1 lena {WHY}")
    shown = words(office.types("alice", "show LANG-1").dialog)
    assert "resolves the complaint next" in shown
    assert "Fay Faculty" in shown
    assert "The lead" not in shown
    office.leaves("fay")
    shown = words(office.types("alice", "show LANG-1").dialog)
    assert "can resolve the complaint yet: another engagement lead" in shown
