"""Answers to emails about a request go to the data protection officer, and never to a case."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from store.actions.privacy import data_request_steps as steps
from store.actions.privacy.data_requests import ask_about_data
from store.rules.students.data_requests import ClockStop, DataAsk
from store.tables import data_letters, data_questions, notices, outbox, replies
from tests.fakes.graph.service import FakeGraph
from tests.integrations.graph_post import BOX
from tests.people import LANGUAGES
from tests.worker.erasures import joins
from tests.worker.graph_office import graph_behind
from tests.worker.office import Office, office_in
from worker.jobs.outreach.receive_replies import collect_replies

DANA = "dana@students.example.ac.uk"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with office_in(tmp_path / "home") as made:
        joins(made, "priya", LANGUAGES)
        yield made


@pytest.fixture
def graph(office: Office) -> Iterator[FakeGraph]:
    """Provide the mail service, from which the student was asked something about her request."""
    world = office.world
    with graph_behind(office) as graph:
        ask_about_data(world.store, world.student("dana"), DataAsk.COPY, "", "k")
        steps.ask_student(world.store, world.by("priya"), 1, ClockStop.SCOPE, "Also the swipes?")
        office.works()
        yield graph


def arrives(office: Office, graph: FakeGraph, text: str, sender: str, kind: str = "") -> None:
    """Deliver what answers the email, and have the mailbox read twice, as a sweep may."""
    (letter,) = office.world.rows(data_letters)
    graph.boxes.deliver(
        BOX,
        letter["conversation"],
        text,
        message_class=kind or "IPM.Note",
        headers={"In-Reply-To": letter["message_id"]},
        sender=sender,
    )
    office.clock.forward(minutes=5)
    for _ in range(2):
        collect_replies(office.services)


def told(office: Office) -> str:
    office.works()
    return office.shown("direct:priya")


def test_an_answer_is_asked_for_at_the_officers_address(graph: FakeGraph) -> None:
    assert graph.boxes.left[-1].recipients == [DANA]
    (message,) = [each for each in graph.boxes.messages.values() if "replyTo" in each.content]
    assert message.content["replyTo"] == [{"emailAddress": {"address": "priya@example.ac.uk"}}]
    assert "which the data protection officer alone reads" in message.content["body"]["content"]


def test_an_answer_that_comes_to_the_school_all_the_same_starts_the_clock(
    office: Office, graph: FakeGraph
) -> None:
    arrives(office, graph, "Yes, the swipes too.", DANA)
    (question,) = office.world.rows(data_questions)
    assert question["answered_at"] is not None
    assert "has answered your question on request 1" in told(office)
    dialog = office.clicks("priya", "requests", request=1, step="open").dialog
    assert "Yes, the swipes too." in repr(dialog)
    assert office.world.rows(replies) == [], "colleagues on the case may not know of the request"
    assert len(office.world.rows(notices)) == 2, "of the request and its answer, once each"


@pytest.mark.parametrize(
    ("sender", "kind", "says"),
    [
        ("mum@home.example", "", "A reply to your email about this is in the school's mailbox"),
        ("postmaster@example.ac.uk", "REPORT.IPM.Note.NDR", "came back undelivered"),
        (DANA, "REPORT.IPM.Note.IPNRN", ""),
    ],
)
def test_what_else_comes_back_is_told_to_the_officer_and_answers_nothing(
    office: Office, graph: FakeGraph, sender: str, kind: str, says: str
) -> None:
    arrives(office, graph, "She is at home.", sender, kind)
    (question,) = office.world.rows(data_questions)
    assert question["answered_at"] is None
    assert office.world.rows(replies) == []
    assert says in told(office)
    assert len(office.world.rows(notices, kind="data-mail")) == bool(says), "told once"
    dialog = repr(office.clicks("priya", "requests", request=1, step="open").dialog)
    assert ("was not sent: it came back undelivered" in dialog) == kind.endswith("NDR")


def test_words_of_danger_reach_the_officer_at_night(office: Office, graph: FakeGraph) -> None:
    office.clock.now = office.clock.now.replace(hour=23)
    arrives(office, graph, "I want to kill myself", DANA)
    assert "may speak of danger to life" in told(office)
    ask_about_data(
        office.world.store, office.world.student("dana"), DataAsk.COMPLAINT, "I want to die", "k2"
    )
    told(office)
    at_once = office.world.rows(outbox, state="sent", kind="notice")
    assert sum("data-now" in each["idem_key"] for each in at_once) == 2
