"""The commands to look things up: reveal, history, note, refer, find, queue, feeds and others."""

from __future__ import annotations

import pytest

from bot.commands.table import COMMANDS
from bot.interaction import Reply
from store.actions.schools.load_roster import load_roster
from store.rules.model import CaseStatus, Role
from store.rules.schools import Roster, StaffEntry
from store.tables import audit, cases, interventions, referrals, reveals
from tests.people import finding, policy_document
from tests.worker.office import Office, words

SERVICES = """
[[services]]
key = "wellbeing"
name = "Wellbeing service"
helps_with = "worries and sleep"
contact = "wellbeing.example.ac.uk"
"""


@pytest.fixture
def case(office: Office) -> int:
    return office.world.open_case()


def said(reply: Reply) -> str:
    return words(reply.card)


def with_services(office: Office) -> None:
    office.world.publish(policy_document() + SERVICES)


def joins(office: Office, name: str, role: Role) -> None:
    """Enrol a new colleague of Languages in this role."""
    entry = StaffEntry(f"{name}@example.ac.uk", name.title(), (("LANG", role),), sandbox_user=name)
    load_roster(office.world.store, Roster(staff=(entry,)))


# -- Who the student is --------------------------------------------------------------------------


def test_a_name_opens_for_a_purpose_and_the_purpose_is_kept(office: Office, case: int) -> None:
    dialog = office.dialog("alice", "reveal", case)
    assert "Dana" not in words(dialog)
    wrong = office.submits("alice", dialog, purpose="other", why=" ")
    assert "purpose" in " ".join(wrong.errors.values())
    assert office.world.rows(reveals) == []

    opened = office.submits("alice", dialog, purpose="other", why="She rang us")
    assert "Dana Dvorak" in words(opened.dialog)
    (row,) = office.world.rows(reveals)
    assert (row["purpose"], row["why"]) == ("other", "She rang us")
    assert "She rang us" not in repr(office.world.rows(audit))


def test_earlier_cases_open_on_request_and_that_is_logged(office: Office) -> None:
    office.world.open_case()
    office.types("alice", "close LANG-1 circumstances-known")
    office.clock.forward(days=1)
    office.world.screen(finding(office.world.student("dana"), "Essay"))
    assert "meeting held" not in words(office.types("alice", "show LANG-2").dialog)

    assert "LANG-1" in words(office.types("alice", "history LANG-2").dialog)
    assert office.world.rows(audit, action="history")
    assert "you need to be" in said(office.types("bob", "history LANG-2"))


# -- Notes and referrals -------------------------------------------------------------------------


def test_a_note_is_read_by_whom_its_author_chose(office: Office, case: int) -> None:
    assert "the note is saved" in said(office.types("bob", "note LANG-1 seemed well on Monday"))
    dialog = office.dialog("alice", "note", case)
    secret = "Spoke about a family matter"
    assert office.submits("alice", dialog, readers="lead", note=secret) == Reply()

    for name in ("alice", "lena"):
        assert secret in words(office.types(name, "show LANG-1").dialog)
    for name in ("bob", "sana"):
        assert secret not in words(office.types(name, "show LANG-1").dialog)
        assert "seemed well on Monday" in words(office.types(name, "show LANG-1").dialog)
    office.works()
    assert secret not in office.shown()
    assert "seemed well" not in office.shown()


def test_an_empty_note_and_one_on_a_closed_case_are_refused(office: Office, case: int) -> None:
    dialog = office.dialog("alice", "note", case)
    assert office.submits("alice", dialog, readers="everybody", note=" ").errors
    office.types("alice", "close LANG-1 circumstances-known")
    assert "closed" in said(office.types("alice", "note LANG-1 too late for this"))
    assert office.world.rows(interventions) == []


def test_a_referral_needs_a_service_and_waits_only_with_consent(office: Office, case: int) -> None:
    assert "lists no services yet" in said(office.types("alice", "refer LANG-1"))
    with_services(office)
    assert "worries and sleep" in said(office.types("alice", "refer"))

    pointed = said(office.types("alice", "refer LANG-1 wellbeing no"))
    assert "nothing is passed on" in pointed
    assert office.world.case(case).status is CaseStatus.OPEN

    dialog = office.dialog("alice", "refer", case)
    kept = {"service": "wellbeing", "consent": "yes", "note": ""}
    assert "No colleague had given a view" in said(office.submits("alice", dialog, **kept))
    assert office.world.case(case).status is CaseStatus.REFERRED
    assert [row["consented"] for row in office.world.rows(referrals)] == [False, True]
    office.works()
    assert "referred the student to: Wellbeing service" in office.shown()


def test_a_referral_to_nowhere_or_without_an_answer_is_refused(office: Office, case: int) -> None:
    with_services(office)
    assert "Choose one of these services" in said(office.types("alice", "refer LANG-1 moon yes"))
    assert "yes or no" in said(office.types("alice", "refer LANG-1 wellbeing perhaps"))
    assert "you need to be" in said(office.types("bob", "refer LANG-1 wellbeing yes"))
    assert office.world.rows(referrals) == []
    assert office.world.case(case).status is CaseStatus.OPEN


# -- Looking up ----------------------------------------------------------------------------------


def test_students_are_found_by_those_who_look_after_cases_in_their_own_schools(
    office: Office,
) -> None:
    office.world.open_case()
    for line in ("find 1001", "find dvor", "find Dana Dvorak"):
        found = said(office.types("alice", line))
        assert "Dana Dvorak" in found
        assert "Open LANG-1" in found
    assert "Mira Moss" in said(office.types("alice", "find Mira")), "she takes a module here"
    assert "No students found" in said(office.types("charlie", "find Dana"))
    assert "No students found" in said(office.types("alice", "find %%"))
    assert "two letters" in said(office.types("alice", "find d"))
    assert "Ask one" in said(office.types("bob", "find Dana"))
    looked = office.world.rows(audit, action="find")
    assert looked
    assert "dvor" not in repr(looked).lower()


def test_who_waits_and_what_is_held_is_in_the_queue(office: Office) -> None:
    assert "No students are waiting" in said(office.types("alice", "queue"))
    office.world.publish(policy_document(capacity=1))
    world = office.world
    world.screen(finding(world.student("dana")), finding(world.student("eli")))
    assert len(world.rows(cases)) == 1
    queue = said(office.types("alice", "queue"))
    assert "1 student waiting" in queue
    assert "No activity since Monday 6 October." in queue
    assert "Dana" not in queue
    assert "Eli" not in queue


def test_feeds_policy_and_statement_say_what_is(office: Office) -> None:
    assert "moodle: unknown. No data received yet" in said(office.types("bob", "feeds"))
    decided = said(office.types("bob", "policy"))
    assert "Lena Lead" in decided
    assert "university email and personal email" in decided
    statement = words(office.types("bob", "statement").dialog)
    assert "Taking part in your studies: School of Languages" in statement
    assert "Name one of your schools" in said(office.types("bob", "policy MATH"))


def test_small_numbers_are_for_the_schools_own_lead(office: Office) -> None:
    joins(office, "fay", Role.FACULTY_LEAD)
    office.world.open_case()
    office.types("alice", "close LANG-1 data-error")
    exact, suppressed = (said(office.types(name, "report")) for name in ("lena", "fay"))
    assert "('Cases opened', '1')" in exact
    assert "data error 1" in exact
    assert "('Cases opened', '0')" in suppressed
    assert "data error" not in suppressed
    assert "LANG-1" not in suppressed
    assert "No emails were sent since" in exact
    assert "engagement lead" in said(office.types("alice", "report"))


# -- Permissions ---------------------------------------------------------------------------------

ABOUT_SCHOOLS = {"help", "today", "mine", "me", "cover", "train", "digest", "stop-mail"}
ABOUT_SCHOOLS |= {"start-mail", "find", "queue", "feeds", "policy", "statement", "report", "home"}
ABOUT_SCHOOLS |= {"simulate", "coverage", "hold", "exempt-group", "policy-review"}
ABOUT_SCHOOLS |= {"erase", "receipt", "preserve", "publication", "retention", "who-saw"}
ABOUT_SCHOOLS |= {"fairness", "objection", "forget-account", "directory"}
ON_CASES = sorted(row.name for row in COMMANDS.rows() if row.name not in ABOUT_SCHOOLS)


@pytest.mark.parametrize("command", ON_CASES)
def test_whoever_may_not_act_on_a_case_does_nothing_with_any_command(
    office: Office, case: int, command: str
) -> None:
    joins(office, "dpo", Role.DATA_PROTECTION_OFFICER)
    joins(office, "fay", Role.FACULTY_LEAD)
    before = (office.world.rows(cases), office.world.rows(interventions))
    for name in ("dpo", "fay", "max", "charlie"):
        for reply in (
            office.types(name, f"{command} LANG-1 friday because it is so"),
            office.clicks(name, command, case=case),
        ):
            shown = repr(reply)
            assert "Dana" not in shown
            assert reply.dialog is None, (name, command)
    assert (office.world.rows(cases), office.world.rows(interventions)) == before
