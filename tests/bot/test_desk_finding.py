"""Students by number or name, in find and in every command that takes a case."""

from __future__ import annotations

import pytest

from bot.interaction import Reply
from store.actions.schools.load_roster import load_roster
from store.actions.students.record_message import record_message
from store.rules.model import Level
from store.rules.schools import Roster, StudentEntry
from store.rules.students.messages import Said, Saying
from store.tables import audit, emergencies
from tests.people import LANGUAGES, finding
from tests.worker.office import Office, words

UNKNOWN = "There is no case with that reference."


@pytest.fixture
def case(office: Office) -> int:
    return office.world.open_case()


def said(reply: Reply) -> str:
    return words(reply.card)


def studies_here(office: Office, *names: tuple[str, str]) -> None:
    """Add students of Languages with these names."""
    entries = [
        StudentEntry(f"9{n:03}", given, family, Level.UNDERGRADUATE, "R100", LANGUAGES)
        for n, (given, family) in enumerate(names)
    ]
    load_roster(office.world.store, Roster(students=tuple(entries)))


@pytest.mark.parametrize("word", ["1001", "dana", "DVORAK", '"Dana Dvorak"', "“dana  dvorak”"])
def test_a_case_is_named_by_its_students_number_or_name(
    office: Office, case: int, word: str
) -> None:
    assert "LANG-1 is assigned to you." in said(office.types("alice", f"take {word}"))
    assert "LANG-1 is now assigned to Sana Support." in said(
        office.types("alice", f"assign {word} sana")
    )
    paused = said(office.types("alice", f"pause {word} friday she is away"))
    assert "LANG-1 is paused until" in paused
    assert office.world.case(case).owner == office.world.staff("sana")
    looked = office.world.rows(audit, action="find")
    assert [row["details"] for row in looked] == [{"found": 1}] * 3
    assert "dvorak" not in repr(looked).lower()


@pytest.mark.usefixtures("case")
def test_what_follows_a_name_is_kept_as_it_was_typed(office: Office) -> None:
    office.types("bob", "note LANG-1 she's tired, and it's late")
    assert "she's tired, and it's late" in words(office.types("alice", "show LANG-1").dialog)
    office.types("alice", 'welfare "Dana Dvorak" she didn\'t sound safe to me')
    (used,) = office.world.rows(emergencies)
    assert used["why"] == "she didn't sound safe to me"


def test_an_ambiguous_name_is_answered_with_references_and_nobodys_name(office: Office) -> None:
    studies_here(office, ("Dana", "Adams"), ("Dana", "Without"))
    world = office.world
    dana = {row["family_name"]: row["id"] for row in world.dump()["students"]}
    world.screen(finding(dana["Dvorak"]), finding(dana["Adams"]))
    asked = said(office.types("alice", "take dana"))
    assert "LANG-1 and LANG-2. Name the case." in asked
    assert "Adams" not in asked
    assert all(world.case(each).owner != world.staff("alice") for each in (1, 2))
    assert "assigned to you" in said(office.types("alice", "take adams"))


@pytest.mark.usefixtures("case")
def test_a_closed_case_is_meant_where_none_is_open(office: Office) -> None:
    office.types("alice", "close 1001 circumstances-known")
    assert "is open again" in said(office.types("alice", "reopen 1001"))
    office.types("alice", "close 1001 circumstances-known")
    office.clock.forward(days=1)
    office.world.screen(finding(office.world.student("dana"), "Essay"))
    assert "LANG-2 is assigned to you." in said(office.types("alice", "take 1001"))


@pytest.mark.parametrize(
    ("who", "word"),
    [
        ("bob", "1001"),  # organises a module, and may not look up students
        ("charlie", "dana"),  # of another school
        ("max", '"Dana Dvorak"'),
        ("alice", "2001"),  # a student without a case here
        ("alice", "d"),
        ("alice", "%"),
        ("alice", "LANG-99"),
    ],
)
@pytest.mark.usefixtures("case")
def test_others_hear_the_same_as_for_a_reference_that_does_not_exist(
    office: Office, who: str, word: str
) -> None:
    unknown = said(office.types(who, "take LANG-99"))
    assert UNKNOWN in unknown
    assert said(office.types(who, f"take {word}")) == unknown
    if who == "bob":
        (refused,) = office.world.rows(audit, action="refused")
        assert refused["details"] == {"wanted": "find"}


@pytest.mark.usefixtures("case")
def test_a_closed_case_is_found_as_the_newest(office: Office) -> None:
    office.types("alice", "close 1001 circumstances-known")
    found = said(office.types("alice", "find 1001"))
    assert "no open case, LANG-1 is closed" in found


@pytest.mark.usefixtures("case")
def test_whom_a_complaint_is_about_finds_no_way_to_the_case(office: Office) -> None:
    wrong = Said(office.world.student("dana"), Saying.WRONG, "I was there")
    record_message(office.world.store, wrong, "voice-1")
    office.types("sana", 'complaint LANG-1 alice "she wrote to the wrong address"')
    found = said(office.types("alice", "find 1001"))
    assert "Dana Dvorak" in found
    assert "LANG-1" not in found
    assert UNKNOWN in said(office.types("alice", "show 1001"))
    assert "No messages" in said(office.types("alice", "said"))
    assert "LANG-1" in said(office.types("sana", "find 1001"))
    assert "LANG-1" in said(office.types("sana", "said"))


@pytest.mark.parametrize("typed", ["ÉMILIE", "émilie", "emilie", "Strauss", "STRAUSS", "é"])
def test_names_are_found_however_they_are_written(office: Office, typed: str) -> None:
    studies_here(office, ("Émilie", "Strauß"))
    reply = said(office.types("alice", f"find {typed}"))
    assert ("Émilie Strauß" in reply) == (len(typed) > 1)


def test_find_says_how_many_more_there_are(office: Office) -> None:
    studies_here(office, *(("Noor", f"Name{n}") for n in range(13)))
    reply = said(office.types("alice", "find noor"))
    assert "13 students found" in reply
    assert reply.count("no open case") == 10
    assert "and 3 more. Give more of the name" in reply
    assert "more" not in said(office.types("alice", "find name12"))
