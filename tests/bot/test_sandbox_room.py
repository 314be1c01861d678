"""The sandbox as a training room: private messages, the audit, the clock and the lesson."""

from __future__ import annotations

import re

import pytest

from bot.app import create_app
from bot.sandbox.app import standalone
from bot.sandbox.lesson import STEPS, Act, LessonView, progress
from bot.sandbox.lesson_progress import LessonRoom
from bot.sandbox.local_backend import LiveBackend
from integrations.chat.sandbox import SandboxWorkspace
from store.actions.cases import close as closing
from store.actions.schools.load_roster import load_roster
from store.rules.errors import InvalidInput, NotPossibleNow
from store.rules.model import CaseStatus, Outcome, Platform, Role
from store.rules.schools import Roster, StaffEntry
from store.tables import audit, staff
from tests.bot.sandbox_fake import FakeBackend
from tests.bot.sandbox_visit import backend, visitor
from tests.bot.visitor import Visitor
from tests.people import LANGUAGES
from tests.worker.office import Office, words

__all__ = ["backend", "visitor"]

ALICE, BOB, SANA = "staff:1", "staff:4", "staff:2"
CASE = "case:3"
MINE = {"as": "alice"}
WHOLE: list[Act] = [
    (ALICE, "take", CASE),
    (BOB, "view", CASE),
    (ALICE, "draft", CASE),
    (SANA, "approve", CASE),
    ("student:9", "answered", CASE),
    (ALICE, "close", CASE),
]


# -- Private messages ----------------------------------------------------------------------------


def test_what_is_said_to_one_person_is_on_that_persons_page_only(
    backend: FakeBackend, visitor: Visitor
) -> None:
    backend.workspace.say("direct:alice", "lantern", "Bob covers for you today.")

    assert "Bob covers for you today." in visitor.get("/sandbox/c/direct:alice").text
    assert visitor.post("/sandbox/person", {"user": "bob"}).status_code == 303
    assert visitor.get("/sandbox/c/direct:alice").status_code == 404


# -- The audit -----------------------------------------------------------------------------------


def test_the_audit_is_read_by_names_and_in_pages(visitor: Visitor) -> None:
    page = visitor.get("/sandbox/audit").text
    assert "The chain is intact" in page
    assert re.findall(r'id="audit-(\d+)"', page)[:2] == ["130", "129"]
    assert "Alice Ahmed" in page
    older = visitor.get("/sandbox/audit?before=31").text
    assert re.findall(r'id="audit-(\d+)"', older) == [str(n) for n in range(30, 0, -1)]


def test_the_audit_is_exported_whole(visitor: Visitor) -> None:
    answer = visitor.get("/sandbox/audit.csv")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    header, *lines = answer.text.splitlines()
    assert header == "row,when,who,what,details"
    assert len(lines) == 130
    assert lines[0] == "130,2025-11-18T08:30:00+00:00,Alice Ahmed,took BIO-0041,"
    assert len(visitor.get("/sandbox/audit.csv?about=CHEM").text.splitlines()) == 1


def test_the_audit_is_read_in_words_and_searched(office: Office) -> None:
    case = office.world.open_case()
    office.approves_a_mail(case)
    visitor = Visitor(create_app(office.services))

    of_case = visitor.get("/sandbox/audit?about=lang 1").text
    assert "approved the email of LANG-1" in of_case
    assert "loaded the roster" not in of_case
    assert "approved the email of LANG-1" in visitor.get("/sandbox/audit?about=alice").text
    nothing = visitor.get("/sandbox/audit?about=<b>Zed").text
    assert "The audit has no entry about “&lt;b&gt;Zed”." in nothing


def test_a_broken_chain_is_said(backend: FakeBackend, visitor: Visitor) -> None:
    backend.trouble = "The chain is broken at row 7: this row is missing."
    page = visitor.get("/sandbox/audit").text
    assert backend.trouble in page
    assert "The chain is intact" not in page


def test_the_real_audit_names_colleagues_and_cases_but_no_student(office: Office) -> None:
    office.approves_a_mail(office.world.open_case())
    workspace = office.services.workspaces[Platform.SANDBOX]
    assert isinstance(workspace, SandboxWorkspace)
    lines = LiveBackend(office.services, workspace).audit(None)

    said = repr(lines)
    assert [line.seq for line in lines] == sorted((line.seq for line in lines), reverse=True)
    assert ("Alice Adviser", "approve", "LANG-1") in [
        (line.actor, line.action, line.subject) for line in lines
    ]
    assert "Lantern (screening)" in said
    assert "Dana" not in said


# -- The clock -----------------------------------------------------------------------------------


def test_a_sandbox_with_its_own_clock_offers_the_next_day(
    backend: FakeBackend, visitor: Visitor
) -> None:
    assert "/sandbox/clock" not in visitor.get("/sandbox/c/bio").text
    assert visitor.post("/sandbox/clock", MINE).status_code == 409

    backend.days = 0
    assert "/sandbox/clock" in visitor.get("/sandbox/c/bio").text
    assert visitor.post("/sandbox/clock", MINE).status_code == 303
    assert backend.days == 1
    assert (
        visitor.post(
            "/sandbox/clock", MINE, headers={"Origin": "http://elsewhere.example"}
        ).status_code
        == 403
    )
    assert backend.days == 1


# -- The lesson ----------------------------------------------------------------------------------


@pytest.mark.parametrize("number", range(len(STEPS) + 1))
def test_each_step_counts_once_the_ones_before_it_are_done(number: int) -> None:
    assert len(WHOLE) == len(STEPS)
    assert progress(WHOLE[:number], ALICE) == number
    without_the_first = WHOLE[1 : number + 1]
    assert progress(without_the_first, ALICE) == 0


def test_a_step_on_another_case_or_by_the_wrong_person_does_not_count() -> None:
    assert progress([WHOLE[0], (BOB, "view", "case:4")], ALICE) == 1
    assert progress([WHOLE[0], (ALICE, "view", CASE)], ALICE) == 1, "her own view is no other's"
    assert progress([*WHOLE[:5], (BOB, "close", CASE)], ALICE) == 5
    assert progress(WHOLE, BOB) == 0


def test_the_lesson_stands_on_every_page_and_is_begun_by_whoever_looks(
    backend: FakeBackend, visitor: Visitor
) -> None:
    backend.shown_lesson = LessonView("", 0, len(STEPS), STEPS[0], recorded=False)
    for path in ("/sandbox/c/bio", "/sandbox/outbox", "/sandbox/student", "/sandbox/audit"):
        assert "Begin as Alice Ahmed" in visitor.get(path).text, path

    assert visitor.post("/sandbox/lesson/begin", MINE).status_code == 303
    assert STEPS[0].title in visitor.get("/sandbox/c/bio").text
    refused = visitor.post("/sandbox/lesson/finish", MINE)
    assert refused.status_code == 409
    assert "The lesson is not finished" in refused.text


def test_a_finished_lesson_records_the_training_once(office: Office) -> None:
    room = LessonRoom(office.services.store)
    with pytest.raises(InvalidInput):
        room.begin("nobody")
    room.begin("alice")
    with pytest.raises(NotPossibleNow):
        room.finish()

    world = office.world
    case = world.open_case()
    office.clicks("alice", "take", case=case)
    world.write_draft(case, "alice")
    world.give_view(case)
    world.approve(case, "sana")
    office.works()
    assert room.view().done == 4
    assert room.view().case == "LANG-1"
    with world.store.unit_of_work() as work:
        work.record(f"student:{world.student('dana')}", "answered", f"case:{case}")
    closing.close_case(world.store, world.by("alice"), case, Outcome.MEETING_HELD)
    assert room.view().step is None

    room.finish()
    room.finish()
    trained = world.rows(staff, id=world.staff("alice"))[0]["trained_on"]
    assert trained == world.today
    assert len(world.rows(audit, action="train")) == 1
    assert room.view().recorded


# -- Threads -------------------------------------------------------------------------------------


def test_a_reply_in_a_thread_is_heard_and_a_message_in_the_channel_is_not(
    backend: FakeBackend, visitor: Visitor
) -> None:
    root = backend.workspace.messages("bio")[0].id
    form = MINE | {
        "channel": "bio",
        "key": "0123456789abcdef",
        "text": "She told me she is moving.",
    }
    visitor.post("/sandbox/say", form)
    assert backend.overheard == []
    for _ in range(2):
        visitor.post("/sandbox/say", form | {"key": "fedcba9876543210", "thread": str(root)})
    assert backend.overheard == [("alice", "bio", str(root), "She told me she is moving.")]


def test_what_is_said_under_a_cards_case_is_context_for_colleagues(office: Office) -> None:
    case = office.world.open_case()
    office.works()
    (card,) = office.messages()
    workspace = office.services.workspaces[Platform.SANDBOX]
    assert isinstance(workspace, SandboxWorkspace)
    backend = LiveBackend(office.services, workspace)
    backend.heard("bob", "lang", str(card.id), "900", "She was in my seminar on Monday")
    backend.heard("charlie", "lang", str(card.id), "901", "I am of another school")

    shown = words(office.types("alice", "show LANG-1").dialog)
    assert "Bob Brown said in the thread" in shown
    assert "She was in my seminar on Monday" in shown
    assert "another school" not in shown
    assert office.world.case(case).status is CaseStatus.OPEN, "talking is no view"


def test_who_sees_figures_alone_is_told_where_they_are(office: Office) -> None:
    fay = StaffEntry(
        "fay@example.ac.uk", "Fay Faculty", ((LANGUAGES, Role.FACULTY_LEAD),), sandbox_user="fay"
    )
    load_roster(office.world.store, Roster(staff=(fay,)))
    workspace = office.services.workspaces[Platform.SANDBOX]
    assert isinstance(workspace, SandboxWorkspace)
    visitor = Visitor(standalone(LiveBackend(office.services, workspace)))
    assert visitor.post("/sandbox/person", {"user": "fay"}).status_code == 303
    page = visitor.get("/sandbox").text
    assert "You see figures of your faculty" in page
    assert "/lantern report" in page
    assert "no role in any school" not in page
