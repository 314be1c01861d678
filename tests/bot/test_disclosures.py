"""Each view of a name, an address, a note or an answer is recorded: who, what and why.

The tests run every command, clicked and typed, in every role; the sandbox's pages; and the command
line's output about a case.
"""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from bot.app import create_app
from store.actions.outreach.preview_letter import preview_letter_for_case
from store.rules.access.disclosures import Implied
from store.rules.letters.letter import LetterKind
from store.tables import audit, reveals
from tests.bot.every_answer import a_busy_school, answers
from tests.bot.visitor import Visitor
from tests.store.filled import CANARY
from tests.worker.office import Office

PERSONAL = ("Dana", "Dvorak", "dana@", "Evans", "eli@", "Mira", "mira@", CANARY)
PEOPLE = ("lena", "sana", "bob", "charlie", "fay", "priya")


class AccessLog:
    """A reader of the audit's rows about disclosures, as they are added."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._seen = 0
        self.new()

    def new(self) -> set[tuple[str, str]]:
        """Return (who, what was read) for the rows since the last call."""
        later = sa.select(audit).where(audit.c.seq > self._seen).order_by(audit.c.seq)
        with self._office.world.store.database.read() as connection:
            rows = connection.execute(later).mappings().all()
        self._seen = max([self._seen, *(row["seq"] for row in rows)])
        shown = [row for row in rows if row["details"].get("shows")]
        assert all(row["details"]["purpose"] for row in shown)
        return {(row["actor"], row["subject"]) for row in shown}


def test_whatever_shows_a_student_leaves_who_saw_it_and_what_for(office: Office) -> None:
    dana, eli = a_busy_school(office)
    world, log, showing = office.world, AccessLog(office), set[str]()
    about = dict.fromkeys(PERSONAL, f"case:{dana}")
    about |= dict.fromkeys(("Evans", "eli@"), f"case:{eli}")
    about |= dict.fromkeys(("Mira", "mira@"), f"student:{world.student('mira')}")
    for answer in answers(office, (dana, eli), PEOPLE):
        recorded = log.new()
        read = [word for word in PERSONAL if word in answer.text]
        if not read:
            continue
        showing.add(answer.asked)
        who = f"staff:{world.staff(answer.person)}"
        for word in read:
            assert (who, about[word]) in recorded, (answer.person, answer.asked, word)
    assert showing >= {
        *("show clicked", "draft clicked", "approve clicked", "find dana", "find mira"),
        *("said LANG-1", "complaint LANG-1 export", "reveal LANG-1 prepare-contact"),
    }


def test_a_draft_that_was_opened_and_cancelled_leaves_its_trace(office: Office) -> None:
    case = office.world.open_case()
    assert "Dana" in repr(office.dialog("sana", "draft", case))
    (row,) = office.world.rows(reveals)
    assert (row["staff_id"], row["case_id"]) == (office.world.staff("sana"), case)
    assert row["purpose"] == Implied.DRAFTING
    (logged,) = office.world.rows(audit, action="reveal")
    assert logged["details"] == {
        "purpose": Implied.DRAFTING,
        "shows": "identity, address, letter",
    }
    # This is no stated purpose, so it does not open more pages with the name.
    assert office.types("sana", "reveal LANG-1 page 1").dialog
    assert "Dvorak" not in repr(office.types("sana", "reveal LANG-1 page 1").dialog)


@pytest.mark.parametrize("page", ["/sandbox/outbox", "/sandbox/student"])
def test_the_sandboxs_mail_pages_say_who_read_which_case_once_an_hour(
    office: Office, page: str
) -> None:
    cases = a_busy_school(office)
    visitor, log = Visitor(create_app(office.services)), AccessLog(office)
    who = {(f"staff:{office.world.staff('bob')}", f"case:{cases[0]}")}
    visitor.post("/sandbox/person", {"user": "bob"})

    assert "Dana" in visitor.get(page).text
    assert log.new() == who
    visitor.get(page)
    assert log.new() == set(), "a page that renews itself"
    office.clock.forward(hours=2)
    visitor.get(page)
    assert log.new() == who


@pytest.mark.parametrize("page", ["/sandbox/c/lang", "/sandbox/audit"])
def test_the_other_pages_show_nothing_of_a_student(office: Office, page: str) -> None:
    a_busy_school(office)
    text = Visitor(create_app(office.services)).get(page).text
    assert "LANG-1" in text
    assert [word for word in PERSONAL if word in text] in ([], [CANARY]), "said in the thread"


def test_a_letter_on_the_command_line_is_recorded(office: Office) -> None:
    case = office.world.open_case()
    log = AccessLog(office)
    preview_letter_for_case(office.world.store, "LANG-1", LetterKind.UNIVERSITY_EMAIL)
    assert log.new() == {("system:cli", f"case:{case}")}
