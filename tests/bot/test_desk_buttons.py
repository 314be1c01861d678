"""No button that must fail: every button of every state of a case's card is pressed.

The one that stands out succeeds for a person who may press it, and none is offered that is certain
to be refused: to everyone where all see one card, to the person where the card is theirs alone.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.cards.kit.model import Button, ButtonStyle, Card, Text
from bot.posting.channel_card import channel_card, own_card
from store.actions.cases import close as closing
from store.actions.cases import pause as resting
from store.actions.cases import use_welfare_route as emergency
from store.actions.students.record_message import record_message
from store.db import repository
from store.rules.model import Opinion, Outcome
from store.rules.outreach.guards import SendingLimits
from store.rules.students.messages import Said, Saying
from store.tables import staff
from tests.bot.cards.examples import EXAMPLES
from tests.people import policy_document
from tests.worker.office import Office, office_in, words

COLLEAGUES = ("alice", "sana", "lena", "bob")
SERVICES = """
[[services]]
key = "wellbeing"
name = "Wellbeing service"
helps_with = "worries and sleep"
contact = "wellbeing.example.ac.uk"
"""


def _nothing(_office: Office, _case: int) -> None:
    """An open case, as a screening leaves it."""


def _view(office: Office, case: int) -> None:
    office.world.give_view(case, "bob", Opinion.CONTACT_NOW)


def _view_by_the_owner(office: Office, case: int) -> None:
    office.world.give_view(case, "sana", Opinion.CONTACT_NOW)


def _draft(office: Office, case: int) -> None:
    _view(office, case)
    office.world.write_draft(case, "alice")


def _draft_of_the_only_viewer(office: Office, case: int) -> None:
    _view_by_the_owner(office, case)
    office.world.write_draft(case, "sana")


def _draft_without_a_view(office: Office, case: int) -> None:
    office.world.write_draft(case, "alice")


def _two_views_needed(office: Office, case: int) -> None:
    office.world.publish(policy_document(views_needed=2))
    _draft(office, case)


def _drafter_may_not_approve(office: Office, case: int) -> None:
    office.world.publish(policy_document(drafter_may_approve=False))
    _draft(office, case)


def _view_of_a_role(office: Office, case: int) -> None:
    document = policy_document() + '[discussion]\nviews_from = ["engagement-lead"]\n'
    office.world.publish(document)
    _draft(office, case)


def _sent(office: Office, case: int) -> None:
    office.world.approved_mail(case)
    office.world.send()


def _all_emails_used(office: Office, case: int) -> None:
    document = policy_document()
    office.world.publish(document[: document.rindex("[[ladder]]")])
    _sent(office, case)


def _answered(office: Office, case: int) -> None:
    _sent(office, case)
    office.types("alice", "attempt LANG-1 phone reached")


def _paused(office: Office, case: int) -> None:
    _draft(office, case)
    later = office.world.today.replace(day=30)
    resting.pause_case(
        office.world.store, office.world.by("alice"), case, later, "Away with the choir"
    )


def _exempt(office: Office, case: int) -> None:
    _view(office, case)
    office.types("alice", "exempt LANG-1 placement in 8 weeks at a school abroad")


def _died(office: Office, case: int) -> None:
    _draft(office, case)
    office.types("alice", "death LANG-1 the registry told us this morning")


def _died_for_certain(office: Office, case: int) -> None:
    _died(office, case)
    office.types("lena", "death LANG-1 confirm I rang the registry as well")


def _complaint(office: Office, case: int) -> None:
    _view(office, case)
    office.types("alice", "complaint LANG-1 about how the first email was put")


def _welfare(office: Office, case: int) -> None:
    emergency.use_welfare_route(
        office.world.store, office.world.by("alice"), case, "She sounded unsafe today"
    )


def _welfare_by_the_only_lead(office: Office, case: int) -> None:
    emergency.use_welfare_route(
        office.world.store, office.world.by("lena"), case, "She sounded unsafe today"
    )


def _opted_out(office: Office, case: int) -> None:
    _draft(office, case)
    record_message(office.world.store, Said(office.world.student("dana"), Saying.OPT_OUT), "wish")


def _untrained(office: Office, case: int) -> None:
    _draft(office, case)
    with office.world.store.unit_of_work() as work:
        work.connection.execute(sa.update(staff).values(trained_on=None))


def _nobody_else_to_take_it(office: Office, _case: int) -> None:
    for name in ("alice", "lena"):
        office.leaves(name)


def _alone(office: Office, _case: int) -> None:
    for name in ("alice", "lena", "bob"):
        office.leaves(name)


def _referred(office: Office, case: int) -> None:
    office.world.publish(policy_document() + SERVICES)
    _view(office, case)
    office.types("alice", "refer LANG-1 wellbeing yes")


def _closed(office: Office, case: int) -> None:
    closing.close_case(office.world.store, office.world.by("lena"), case, Outcome.MEETING_HELD)


STATES: Mapping[str, Callable[[Office, int], None]] = {
    name.removeprefix("_"): made
    for name, made in (
        (each.__name__, each)
        for each in (
            _nothing,
            _view,
            _view_by_the_owner,
            _draft,
            _draft_of_the_only_viewer,
            _draft_without_a_view,
            _two_views_needed,
            _drafter_may_not_approve,
            _view_of_a_role,
            _sent,
            _all_emails_used,
            _answered,
            _paused,
            _exempt,
            _died,
            _died_for_certain,
            _complaint,
            _welfare,
            _welfare_by_the_only_lead,
            _opted_out,
            _untrained,
            _nobody_else_to_take_it,
            _alone,
            _referred,
            _closed,
        )
    )
}


def card_for_all(office: Office, case: int) -> Card:
    with office.world.store.database.read() as connection:
        return channel_card(connection, case, office.clock.now, SendingLimits())


def card_for(office: Office, case: int, name: str) -> Card:
    with office.world.store.database.read() as connection:
        person = repository.actor(connection, office.world.staff(name))
    return own_card(office.world.store, person, case) or Card("case", "gone", (Text("gone"),))


def refusal(office: Office, name: str, button: Button) -> str:
    """What this person is told instead of what the button promises; '' where it goes through.

    A dialog that only shows something succeeds; an approval is carried through to its end.
    """
    reply = office.clicks(name, button.action, **button.ids)
    if reply.dialog is not None and button.action == "approve":
        reply = office.submits(name, reply.dialog)
    if reply.card is None or reply.card.kind != "notice":
        return ""
    said = words(reply.card)
    return "" if any(fine in said for fine in FINE) else said


FINE = ("Contact ladder", "It is quiet time")
"""Answers in words that are what the button promises."""


@contextmanager
def as_it_was(office: Office) -> Iterator[Callable[[], None]]:
    """A way to put the records back as they are now."""
    (file,) = office.services.settings.home.rglob("lantern.db")
    with sqlite3.connect(":memory:") as kept, sqlite3.connect(file) as now:
        now.backup(kept)
        yield lambda: kept.backup(now)


class Presses:
    """Presses the buttons of one state, and puts the records back after each that changes
    something."""

    def __init__(self, home: Path, state: str) -> None:
        self.home, self.state = home, state
        self.known: dict[tuple[str, str], str] = {}

    @contextmanager
    def office(self) -> Iterator[tuple[Office, int]]:
        with office_in(self.home) as office:
            case = office.world.open_case()
            STATES[self.state](office, case)
            yield office, case

    def refused(self, shared: Office, name: str, button: Button) -> str:
        key = (name, repr(button))
        if key not in self.known:
            if button.opens_dialog and button.action != "approve":
                self.known[key] = refusal(shared, name, button)
            else:
                with as_it_was(shared) as put_back:
                    self.known[key] = refusal(shared, name, button)
                    put_back()
        return self.known[key]


@pytest.fixture(scope="module")
def offered() -> dict[str, set[str]]:
    """State → what the buttons on its card do, once a test has come to know it."""
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


# -- What the card says instead ------------------------------------------------------------------


def test_the_card_says_whose_view_is_missing(office: Office) -> None:
    case = office.world.open_case()
    _draft_without_a_view(office, case)
    said = "Needs 1 view, not from Alice Adviser, before the email can be approved."
    assert said in repr(card_for_all(office, case))
    said = "Needs 1 view, not from Alice Adviser or you, before the email can be approved."
    assert said in repr(card_for(office, case, "sana"))


def test_whose_view_counts_sees_why_they_cannot_approve(office: Office) -> None:
    case = office.world.open_case()
    _view_by_the_owner(office, case)
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
    _paused(office, case)
    answer = words(office.types("alice", "draft LANG-1").card)
    assert "LANG-1 is paused until Thursday 30 October. Resume it first." in answer
