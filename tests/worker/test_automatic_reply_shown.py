"""An automatic reply is shown wherever "no answer" is, so colleagues know that it came (§15)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from store.actions.cases.decide_fitness_to_study import ask_fitness_question
from store.actions.outreach.receive_reply import record_reply
from store.rules.model import AnswerKind
from store.rules.students.digital_traces import Trace
from tests.worker.office import Office, office_in, words
from tests.worker.played import plays

SAID = "An automatic reply came, not an answer from the student"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """Give an office in which Dana's mailbox has sent an automatic reply to an email."""
    with office_in(tmp_path) as made:
        plays(made, _an_automatic_reply)
        yield made


def _an_automatic_reply(office: Office) -> None:
    office.world.approved_mail(office.world.open_case())
    office.world.send()
    record_reply(
        office.world.store,
        message="m1",
        conversation="conversation-1",
        body="I am away until Monday",
        received_at=office.clock.now + dt.timedelta(hours=1),
        kind=AnswerKind.AUTOMATIC,
    )
    office.clock.forward(hours=2)
    office.works()


def test_it_is_a_step_on_the_card_and_in_show(office: Office) -> None:
    (card,) = [str(each.payload) for each in office.messages() if each.thread is None]
    assert SAID in card
    assert "away until" not in card
    for name in ("alice", "bob"):
        shown = words(office.types(name, "show LANG-1").dialog)
        assert SAID in shown, name


def _sees_nothing(*_: object, **_more: bool) -> tuple[Trace, ...]:
    return ()


def test_it_is_among_the_evidence_for_fitness_to_study(office: Office) -> None:
    world = office.world
    question = ask_fitness_question(world.store, world.by("lena"), 1, _sees_nothing)
    on = f"{office.clock.now:%A} {office.clock.now.day} {office.clock.now:%B}"
    assert (
        f"An automatic reply arrived on {on}. It does not count as an answer." in question.summary
    )
    assert "away until" not in question.summary
