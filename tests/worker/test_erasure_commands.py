"""Erasing from a conversation and from a terminal: confirmed twice, and refused without the
right."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.interaction import Reply
from store.actions.notices.notify import Notice, notify_person
from store.rules.model import NoticeKind
from store.tables import audit, erasures, preservations, students
from tests.policy.doors import Printed, command_line
from tests.worker.erasures import WHY, joins
from tests.worker.office import Office, office_in, words
from worker.jobs.notices.digests import request_digest

CONFIRMED = {"number": "1001", "why": WHY}


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with office_in(tmp_path) as made:
        joins(made, "priya", "LANG")
        made.world.open_case()
        made.works()
        yield made


def figure(asked: Reply) -> str:
    """Return the number that the form asks the person to type again."""
    return words(asked.dialog).partition("hint='Type ")[2].partition("'")[0]


def test_it_is_asked_twice_and_the_receipt_comes_by_itself(office: Office) -> None:
    asked = office.types("priya", "erase 1001")
    assert office.world.rows(erasures) == []

    wrong = office.asks("priya", "erase", values=CONFIRMED | {"confirm": "yes"})
    assert "Check again" in str(wrong.errors)
    done = office.asks("priya", "erase", values=CONFIRMED | {"confirm": figure(asked)})
    office.works()

    assert "rows are deleted" in words(done.card)
    assert "1001" not in {row["number"] for row in office.world.rows(students)}
    (message,) = office.messages("direct:priya")
    assert "everything that Lantern can delete has been deleted" in str(message.payload)
    assert "Erasure 1" in words(office.types("priya", "receipt").card)


@pytest.mark.parametrize(
    "line", ["erase 1001", "receipt", "receipt 1", "preserve 1001 for a claim", "who-saw 1001"]
)
@pytest.mark.parametrize("name", ["alice", "lena", "bob", "charlie"])
def test_nobody_but_the_officer_does_any_of_it(office: Office, name: str, line: str) -> None:
    answer = office.types(name, line)
    assert answer.dialog is None
    assert office.world.rows(erasures) == office.world.rows(preservations) == []


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("erase", "Which student"),
        ("erase 4711", "No student of your schools"),
        ("receipt", "No students have been erased"),
        ("preserve 1001", "in a few words"),
        ("preserve 1001 end", "There is no hold on this student"),
    ],
)
def test_what_is_missing_is_said(office: Office, line: str, said: str) -> None:
    assert said in words(office.types("priya", line).card)


def test_what_is_preserved_is_not_erased_until_that_ends(office: Office) -> None:
    office.types("priya", "preserve 1001 a claim is being heard")

    assert "hold on this student's data" in words(office.types("priya", "erase 1001").card)

    office.types("priya", "preserve 1001 end")
    assert office.types("priya", "erase 1001").dialog is not None
    acts = [row["action"] for row in office.world.rows(audit)]
    assert acts.count("preserve") == acts.count("end-preservation") == 1


def test_the_terminal_says_how_much_before_it_does_anything(office: Office, tmp_path: Path) -> None:
    def lantern(*arguments: str) -> Printed:
        return command_line({"LANTERN_HOME": str(tmp_path)}, "student", *arguments)

    asked = ("erase", "1001", "--officer", "priya@example.ac.uk", "--why")
    too_short = lantern(*asked, "asked")
    assert too_short.code == 2
    assert "Give the reason in a few words" in too_short.err
    erase = (*asked, WHY)
    first = lantern(*erase)
    assert "Nothing has been erased" in first.out
    assert office.world.rows(erasures) == []

    confirm = first.out.strip().rpartition(" ")[2]
    second = lantern(*erase, "--confirm", confirm)
    assert "The rows are deleted" in second.out
    office.works()
    told = lantern("receipt", "1")
    assert "Erasure 1" in told.out
    assert "Never reached" in told.out
    assert "Dvorak" not in first.out + second.out + told.out

    stranger = lantern("erase", "1002", "--officer", "alice@example.ac.uk", "--why", WHY)
    assert stranger.code == 2
    assert "data protection officer" in stranger.err


def test_the_figure_stays_while_colleagues_only_look(office: Office) -> None:
    """§28: the person confirms the student's record, not the rows that each look adds."""
    asked = office.types("priya", "erase 1001")
    before = office.world.dump()
    for name, line in (
        ("alice", "show LANG-1"),
        ("alice", "find 1001"),
        ("sana", "find dana"),
        ("lena", "digest"),
        ("priya", "who-saw 1001"),
        ("priya", "erase 1001"),
    ):
        office.types(name, line)
    office.clicks("alice", "reveal", case=1)
    with office.world.store.unit_of_work() as work:
        request_digest(work, office.world.school(), office.world.today)
        notify_person(
            work, office.world.staff("alice"), Notice(NoticeKind.REMINDER, 1, "k", case=1, about=1)
        )
    office.works()
    assert office.world.dump() != before
    assert figure(office.types("priya", "erase 1001")) == figure(asked)
    office.world.give_view(1)
    assert figure(office.types("priya", "erase 1001")) != figure(asked), "a view is of the record"
    stale = office.asks("priya", "erase", values=CONFIRMED | {"confirm": figure(asked)})
    assert "Check again" in str(stale)
