"""§27: an open complaint prevents closing its case, and can be resolved on a closed one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.cards.cases.actions import worded_buttons
from bot.cards.kit.examples import every_example
from bot.commands.button_words import as_command
from bot.commands.table import COMMANDS
from bot.interaction import Interaction, Person
from store.rules.model import CaseStatus, Outcome, Platform
from store.tables import cases, complaints
from tests.worker.office import Office, office_in, words
from worker.doctor.checks import list_overdue_complaints

COMPLAINS = 'complaint LANG-1 bob "he wrote to the wrong address"'


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with office_in(tmp_path) as made:
        made.world.open_case()
        made.types("sana", COMPLAINS)
        yield made


def said(office: Office, who: str, line: str) -> str:
    reply = office.types(who, line)
    return words(reply.card or reply.dialog)


def has_been_closed(office: Office) -> None:
    """Close the case in the database, as older versions allowed despite the complaint."""
    with office.world.store.unit_of_work() as work:
        work.connection.execute(
            sa.update(cases).values(
                status=CaseStatus.CLOSED, closed_at=work.now, outcome=Outcome.DATA_ERROR
            )
        )


def test_a_case_is_not_closed_over_an_open_complaint(office: Office) -> None:
    assert "resolve" in said(office, "alice", "close LANG-1 data-error")
    assert "A complaint about LANG-1 is open" in said(office, "alice", "close LANG-1")
    assert not office.world.rows(cases, status=CaseStatus.CLOSED)
    window = said(office, "lena", "show LANG-1")
    assert "label='Close'" not in window
    assert "Resolve the complaint" in window
    assert "/lantern complaint LANG-1 resolve" in said(office, "alice", "complaint LANG-1")
    office.types("lena", "resolve-complaint LANG-1 we met and talked it over")
    assert office.world.rows(complaints)[0]["resolved_at"] is not None
    assert "is closed" in said(office, "alice", "close LANG-1 data-error")


def test_the_complaint_of_a_closed_case_stays_workable(office: Office) -> None:
    has_been_closed(office)
    handler = office.world.rows(complaints)[0]["handler_id"]
    (name,) = [each for each in ("lena", "sana", "alice") if office.world.staff(each) == handler]
    for page in ("mine", "home"):
        assert "LANG-1" in said(office, name, page), f"{name} handles it and finds it in {page}"
    window = said(office, "lena", "show LANG-1")
    for label in ("Resolve the complaint", "Evidence of the complaint"):
        assert label in window
    assert "resolves the complaint next" in window
    office.clock.now += dt.timedelta(days=40)
    (found,) = list_overdue_complaints(office.services)
    assert "LANG-1" in found.sentence
    assert "resolve" in found.sentence
    assert (
        office.types("lena", "complaint LANG-1").dialog
        == office.types("lena", "complaint LANG-1 resolve").dialog
    )
    assert "resolved" in said(office, "lena", "resolve the complaint LANG-1 we talked it over")
    assert "LANG-1" not in said(office, name, "mine")
    assert not list(list_overdue_complaints(office.services))


def test_whom_it_is_about_learns_that_there_is_a_case_and_who_acts_on_welfare(
    office: Office,
) -> None:
    assert "A colleague looks after LANG-1" in said(office, "bob", "show LANG-1")
    office.types("lena", "resolve-complaint LANG-1 we met and talked it over")
    office.types("sana", COMPLAINS.replace("bob", "alice"))
    listed = said(office, "alice", "find 1001")
    assert "with a colleague" in listed
    assert "no open case" not in listed
    assert "LANG-1" not in listed
    refused = said(office, "alice", "welfare LANG-1 he sounded very unsafe")
    assert "Tell " in refused
    assert any(f"Tell {each}" in refused for each in ("Sana", "Lena")), refused
    assert "Tell an engagement lead" in said(office, "alice", "welfare 1001 he sounded unsafe")


def test_every_button_is_a_command_that_can_be_typed() -> None:
    """“You can also type every button on a card”: by its command, and by the words on it."""
    shown = {name: each for name, each in every_example().items() if "specimen" not in name}
    buttons = [button for each in shown.values() for button in each.buttons()]
    assert len(buttons) > 50
    assert {button.label for button in buttons if not COMMANDS.find(button.action)} == set()
    who = Person(Platform.SANDBOX, "sandbox", "alice")
    for label, (action, step) in worded_buttons().items():
        first, _, rest = f"{label} LANG-5 and why".partition(" ")
        typed = as_command(Interaction(who, first.casefold(), "lang", "key", text=rest))
        assert typed.action.casefold() == action, label
        if " " in label:
            assert typed.text == " ".join(filter(None, ("LANG-5", step, "and why"))), label
