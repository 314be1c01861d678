"""A flag's whole journey, in the same words on each platform: what one can do, all can.

The test does not know on which platform it runs. Buttons, fields, choices and answers are named as
people read them, and every request, signature and answer below them is the platform's own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from tests.bot.places import Place
from tests.bot.places.sandbox import sandbox_in
from tests.bot.places.slack import slack_in
from tests.bot.places.teams import teams_in

REASON = "She was ill last week, so a friendly mail is welcome."
SENTENCE = "I saw the lanterns are up again in the courtyard."
ANSWER = "Thank you for writing. I moved house and lost track. Could we talk on Friday?"
NOTE = "We met, and she is back on Monday."


@pytest.fixture(params=[sandbox_in, slack_in, teams_in], ids=["sandbox", "slack", "teams"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    """Provide each platform in turn, with nothing on it yet."""
    opened: Callable[[Path], AbstractContextManager[Place]] = request.param
    with opened(tmp_path / "home") as place:
        yield place


def test_from_a_flag_to_a_closed_case(place: Place) -> None:
    _becomes_a_card_and_a_draft(place)
    _is_discussed(place)
    _is_written_to(place)
    _answers(place)
    _is_closed(place)

    # The card was one message, changed in place, and the audit is intact.
    assert place.messages() == 1
    assert len(place.office.left()) == 1
    assert place.office.services.store.verify_audit() is None


def _becomes_a_card_and_a_draft(place: Place) -> None:
    """Have Alice take the case and Sana draft an email, which cannot be sent without approval."""
    office = place.office
    office.world.open_case("dana")
    office.works()
    assert "LANG-1 · New" in place.card("alice")
    assert "No activity since Monday 6 October." in place.card("alice")
    assert "Dana" not in place.card("alice")

    place.presses("alice", "Take")
    office.works()
    assert "Alice Adviser" in place.card("bob")
    drafting = place.presses("sana", "Draft email")
    body = f"Hello Dana,\n\n{SENTENCE} How are you? We can meet.\n\nAlice"
    assert place.sends("sana", drafting.form, {"Email": body}).words == ""
    office.works()
    assert "Sana Support drafted an email" in place.card("alice")
    assert "Needs 1 view" in place.card("alice")
    assert "Needs 1 view" in place.types("alice", "approve LANG-1").words
    assert office.left() == []


def _is_discussed(place: Place) -> None:
    """Have a colleague give their view, with a reason."""
    viewing = place.presses("bob", "Add view")
    too_short = place.sends("bob", viewing.form, {"What": "Contact now", "Why": "yes"})
    assert "Give your reason in a few words" in too_short.words
    said = {"What": "Contact now", "Why": REASON}
    assert place.sends("bob", too_short.form, said).words == ""
    place.office.works()
    assert "Bob Brown · contact now" in place.card("alice")
    assert REASON in place.card("alice")
    assert "another school" in place.types("charlie", "show LANG-1").words


def _is_written_to(place: Place) -> None:
    """Have Alice read and approve the email, which is sent once."""
    office = place.office
    reading = place.presses("alice", "Read and approve")
    assert SENTENCE in reading.words
    assert place.sends("alice", reading.form).words == ""
    office.works()
    assert "Email sent to the student, approved by Alice Adviser" in place.card("bob")
    (mail,) = office.left()
    assert mail.recipient == "dana@students.example.ac.uk"
    assert SENTENCE in mail.body
    assert "waiting until" in place.card("alice")
    assert "no email waiting" in place.types("alice", "approve LANG-1").words


def _answers(place: Place) -> None:
    """Have the student answer. The channel is told of the answer, not of its words."""
    place.answers_the_mail(ANSWER)
    place.office.works()
    assert "The student answered" in place.card("alice")
    assert ANSWER not in place.card("alice")
    revealing = place.presses("alice", "Reveal")
    assert ANSWER not in revealing.words
    purpose = {"Why do you need to see it": "To prepare contact with the student"}
    assert ANSWER in place.sends("alice", revealing.form, purpose).words


def _is_closed(place: Place) -> None:
    """Record their meeting, and close the case with its outcome."""
    closing = place.presses("alice", "Close")
    ended = {"How did it end": "Meeting held", "What helped": "Conversation", "Anything": NOTE}
    assert place.sends("alice", closing.form, ended).words == ""
    place.office.works()
    assert "LANG-1: Closed: meeting held" in place.card("bob").replace(" · ", ": ")
    assert NOTE not in place.card("bob")
