"""No button on a case's card is certain to fail: every button of every state is pressed.

The prominent button succeeds for a person who may press it. No button is offered that is certain to
be refused: to everyone where all see one card, to the person where the card is theirs alone.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bot.cards.kit.model import Button, ButtonStyle, Card, Text
from bot.posting.channel_card import channel_card, own_card
from store.db import repository
from store.rules.outreach.guards import SendingLimits
from tests.bot.cards.examples import EXAMPLES
from tests.bot.case_states import STATES, draft_without_a_view, paused, view_by_the_owner
from tests.worker.office import Office, office_in, words

COLLEAGUES = ("alice", "sana", "lena", "bob")


def card_for_all(office: Office, case: int) -> Card:
    with office.world.store.database.read() as connection:
        return channel_card(connection, case, office.clock.now, SendingLimits())


def card_for(office: Office, case: int, name: str) -> Card:
    with office.world.store.database.read() as connection:
        person = repository.actor(connection, office.world.staff(name))
    return own_card(office.world.store, person, case) or Card("case", "gone", (Text("gone"),))


def refusal(office: Office, name: str, button: Button) -> str:
    """Return the refusal that this person gets for a button; '' if the button succeeds.

    A dialog that only shows something succeeds; an approval is carried through to its end.
    """
    reply = office.clicks(name, button.action, **button.ids)
    if reply.dialog is not None and button.action == "approve":
        reply = office.submits(name, reply.dialog)
    if reply.card is None or reply.card.kind != "notice":
        return ""
    said = words(reply.card)
    return "" if any(fine in said for fine in FINE) else said


FINE = ("Contact ladder", "It is now quiet hours")
"""Answers in words that mean that the button succeeded."""


@contextmanager
def as_it_was(office: Office) -> Iterator[Callable[[], None]]:
    """Yield a function that restores the records to their present state, any number of times."""
    (file,) = office.services.settings.home.rglob("lantern.db")
    with sqlite3.connect(":memory:") as kept, sqlite3.connect(file) as now:
        now.execute("PRAGMA synchronous=OFF")  # these records need not survive a power cut

        def version() -> int:
            (number,) = now.execute("PRAGMA data_version").fetchone()
            return int(number)

        now.backup(kept)
        seen = version()
        (tables,) = now.execute("PRAGMA schema_version").fetchone()

        def put_back() -> None:
            nonlocal seen
            if version() != seen:
                kept.backup(now)
                # The tables are the same: the office need not plan all its statements again.
                now.execute(f"PRAGMA schema_version = {tables}")
                seen = version()

        yield put_back


class Presses:
    """Press the buttons of one state, and restore the records after each change."""

    def __init__(self, home: Path, state: str) -> None:
        self.home, self.state = home, state
        self.known: dict[tuple[str, str], str] = {}
        self.put_back: Callable[[], None] = lambda: None

    @contextmanager
    def office(self) -> Iterator[tuple[Office, int]]:
        with office_in(self.home) as office:
            case = office.world.open_case()
            STATES[self.state](office, case)
            with as_it_was(office) as self.put_back:
                yield office, case

    def refused(self, shared: Office, name: str, button: Button) -> str:
        key = (name, repr(button))
        if key not in self.known:
            if button.opens_dialog and button.action != "approve":
                self.known[key] = refusal(shared, name, button)
            else:
                self.known[key] = refusal(shared, name, button)
                self.put_back()
        return self.known[key]


@pytest.fixture(scope="module")
def offered() -> dict[str, set[str]]:
    """Collect, for each state, the actions of its card's buttons as the tests find them."""
    return {}


@pytest.mark.parametrize("state", STATES)
def test_one_button_at_most_stands_out_and_none_is_refused_to_everyone_who_sees_it(
    tmp_path: Path, state: str, offered: dict[str, set[str]]
) -> None:
    presses = Presses(tmp_path, state)
    with presses.office() as (office, case):
        offered[state] = {each.action for each in card_for_all(office, case).buttons()}
        for card in (card_for_all(office, case), *(card_for(office, case, n) for n in COLLEAGUES)):
            primary = [each for each in card.buttons() if each.style is ButtonStyle.PRIMARY]
            assert len(primary) <= 1
            if "before the email can be approved" in repr(card):
                assert "approve" not in {each.action for each in card.buttons()}
        for button in card_for_all(office, case).buttons():
            goes_through = any(not presses.refused(office, name, button) for name in COLLEAGUES)
            assert goes_through, f"{button.label} is refused to everyone: {presses.known}"
        for name in ("sana", "bob"):
            for button in card_for(office, case, name).buttons():
                said_to = presses.refused(office, name, button)
                assert not said_to, f"{button.label} on the card of {name}: {said_to}"


def test_every_button_of_the_examples_is_pressed_in_some_state(
    tmp_path: Path, offered: dict[str, set[str]]
) -> None:
    for state in STATES.keys() - offered:
        with Presses(tmp_path / state, state).office() as (office, case):
            offered[state] = {each.action for each in card_for_all(office, case).buttons()}
    pressed = set().union(*offered.values())
    shown = {
        button.action
        for card in EXAMPLES.values()
        if isinstance(card, Card) and card.kind == "case"
        for button in card.buttons()
    }
    # A closed case is a row whose button opens its window, where it can be reopened.
    assert shown <= pressed | {"acknowledge", "said", "reopen"}, shown - pressed


# -- What the card says without a button ---------------------------------------------------------


def test_the_card_says_whose_view_is_missing(office: Office) -> None:
    case = office.world.open_case()
    draft_without_a_view(office, case)
    said = "Needs 1 view, not from Alice Adviser, before the email can be approved."
    assert said in repr(card_for_all(office, case))
    said = "Needs 1 view, not from Alice Adviser or you, before the email can be approved."
    assert said in repr(card_for(office, case, "sana"))


def test_whose_view_counts_sees_why_they_cannot_approve(office: Office) -> None:
    case = office.world.open_case()
    view_by_the_owner(office, case)
    office.world.write_draft(case, "alice")
    assert "The email can be approved, but not by Sana Support." in repr(card_for_all(office, case))
    own = card_for(office, case, "sana")
    assert "approve" not in {each.action for each in own.buttons()}
    assert "Needs 1 view, not from Alice Adviser or you" in repr(own)
    assert "approve" in {each.action for each in card_for(office, case, "lena").buttons()}


@pytest.mark.parametrize("state", ["exempt", "died", "died_for_certain", "paused", "opted_out"])
def test_who_may_not_be_written_to_has_no_draft_button(tmp_path: Path, state: str) -> None:
    with Presses(tmp_path, state).office() as (office, case):
        actions = [each.action for each in card_for_all(office, case).buttons()]
        assert "approve" not in actions
        if state != "opted_out":
            assert "draft" not in actions
        assert office.types("lena", "draft LANG-1").card is not None


def test_a_paused_case_says_until_when_and_what_to_do(office: Office) -> None:
    case = office.world.open_case()
    paused(office, case)
    answer = words(office.types("alice", "draft LANG-1").card)
    assert "LANG-1 is paused until Thursday 30 October. Resume it first." in answer
