"""cover, me and train; assign and mine take account of who is available."""

import datetime as dt

import pytest

from bot.cards.kit.model import Select
from store.actions.schools.load_roster import load_roster
from store.rules.model import Role
from store.rules.schools import Roster, StaffEntry
from store.tables import covers, staff
from tests.people import LANGUAGES, MATHEMATICS
from tests.worker.office import Office, words


def arranged(office: Office) -> list[tuple[int, int, dt.date, dt.date]]:
    return [
        (row["absent_id"], row["cover_id"], row["first"], row["last"])
        for row in office.world.rows(covers)
        if row["ended_at"] is None
    ]


# -- cover -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "line", "absent", "first", "last"),
    [
        ("sana", "cover alice lena friday", "alice", 22, 24),
        ("alice", "cover lena friday", "alice", 22, 24),
        ("alice", "cover lena until friday", "alice", 22, 24),
        ("alice", "cover lena in 3 days", "alice", 22, 25),
        ("lena", "cover me alice tomorrow to friday", "lena", 23, 24),
        ("sana", "cover alice lena from 27 october until 31 october", "alice", 27, 31),
        ("sana", "cover LANG alice lena 2025-10-30", "alice", 22, 30),
    ],
)
def test_cover_as_it_is_typed(
    office: Office, name: str, line: str, absent: str, first: int, last: int
) -> None:
    said = words(office.types(name, line).card)

    assert " covers for " in said
    cover = "alice" if absent == "lena" else "lena"
    assert arranged(office) == [
        (
            office.world.staff(absent),
            office.world.staff(cover),
            dt.date(2025, 10, first),
            dt.date(2025, 10, last),
        )
    ]


@pytest.mark.parametrize(
    ("name", "line", "said"),
    [
        ("sana", "cover alice", "Who covers, and until when?"),
        ("sana", "cover alice lena", "Until when?"),
        ("sana", "cover alice lena soon", "such as friday"),
        ("sana", "cover alice zoe friday", "Name one of these"),
        ("sana", "cover alice bob friday", "Name one of these"),
        ("alice", "cover sana lena friday", "You can arrange cover only for yourself"),
        ("sana", "cover alice alice friday", "cannot cover for themselves"),
        ("sana", "cover alice end", "No absence is arranged for Alice Adviser"),
        ("bob", "cover alice friday", "arrange cover"),
    ],
)
def test_what_cannot_be_arranged_is_said(office: Office, name: str, line: str, said: str) -> None:
    assert said in words(office.types(name, line).card)
    assert arranged(office) == []


def test_cover_in_a_form(office: Office) -> None:
    dialog = office.types("alice", "cover").dialog
    assert dialog
    alice, lena = str(office.world.staff("alice")), str(office.world.staff("lena"))
    (absent, *_) = [field for field in dialog.fields() if isinstance(field, Select)]
    assert absent.chosen == alice
    given = {"absent": alice, "cover": lena, "first": "2025-10-22", "last": "2025-10-24"}

    for field, value in (
        ("absent", "999"),
        ("cover", ""),
        ("cover", alice),
        ("first", "2025-10-01"),
        ("last", "someday"),
        ("last", "2025-10-21"),
    ):
        assert field in office.submits("alice", dialog, **(given | {field: value})).errors
    assert arranged(office) == []

    said = office.submits("alice", dialog, **given)
    assert "Lena Lead covers for Alice Adviser from Wednesday 22" in words(said.card)
    assert len(arranged(office)) == 1


def test_cover_ends_when_somebody_is_back(office: Office) -> None:
    office.types("alice", "cover lena friday")

    assert "Cover for Alice Adviser has ended." in words(office.types("alice", "cover end").card)
    assert arranged(office) == []
    office.types("alice", "cover lena friday")
    assert "has ended" in words(office.types("sana", "cover alice back").card)


def test_whoever_works_in_two_schools_names_one(office: Office) -> None:
    both = ((LANGUAGES, Role.ADVISER), (MATHEMATICS, Role.ADVISER))
    load_roster(
        office.services.store,
        Roster(staff=(StaffEntry("zoe@example.ac.uk", "Zoe", both, sandbox_user="zoe"),)),
    )

    asked = words(office.types("zoe", "cover charlie friday").card)
    assert "You work in LANG, MATH" in asked
    assert "Charlie Clark covers for Zoe" in words(
        office.types("zoe", "cover math charlie friday").card
    )


# -- Effects on assign and mine ----------------------------------------------------------------


def test_the_cases_of_who_is_away_are_with_the_cover_under_mine(office: Office) -> None:
    office.world.open_case()
    office.types("sana", "cover lena friday")

    assert "LANG-1" in words(office.types("lena", "mine").card)
    assert "LANG-1" in words(office.types("sana", "mine").card)
    assert "LANG-1" not in words(office.types("alice", "mine").card)

    office.clock.forward(days=4)
    assert "LANG-1" not in words(office.types("lena", "mine").card)


def test_assign_suggests_the_adviser_and_says_why(office: Office) -> None:
    case = office.world.open_case("dana")

    dialog = office.dialog("sana", "assign", case)

    (colleague,) = dialog.fields()
    assert isinstance(colleague, Select)
    assert colleague.chosen == str(office.world.staff("alice"))
    assert "Suggested: Alice Adviser is the student's adviser." in words(dialog)


@pytest.mark.parametrize("typed", [True, False])
def test_assign_gives_the_case_of_who_is_away_to_their_cover(office: Office, typed: bool) -> None:
    case = office.world.open_case("dana")
    office.types("alice", "cover lena friday")

    if typed:
        said = words(office.types("sana", "assign LANG-1 alice").card)
        assert "LANG-1 is now assigned to Lena Lead, who covers for Alice Adviser." in said
    else:
        dialog = office.dialog("sana", "assign", case)
        assert "Lena Lead, who covers for Alice Adviser" in words(dialog)
        office.submits("sana", dialog, colleague=str(office.world.staff("alice")))

    assert office.world.case(case).owner == office.world.staff("lena")


# -- me, train ---------------------------------------------------------------------------------


def test_me_shows_roles_cover_and_training(office: Office) -> None:
    office.types("alice", "cover lena friday")

    to_lena, to_alice = (words(office.types(name, "me").card) for name in ("lena", "alice"))

    assert "School of Languages: engagement lead" in to_lena
    assert "Monday 1 September 2025" in to_lena
    assert "You cover for Alice Adviser from Wednesday 22 October to Friday 24 October" in to_lena
    assert "not recorded" in to_alice
    assert "Lena Lead covers for you" in to_alice


@pytest.mark.parametrize(
    ("line", "name", "day"),
    [
        ("train bob 2025-10-01", "bob", dt.date(2025, 10, 1)),
        ("train bob", "bob", dt.date(2025, 10, 22)),
    ],
)
def test_train_as_it_is_typed(office: Office, line: str, name: str, day: dt.date) -> None:
    assert "is recorded." in words(office.types("lena", line).card)
    (row,) = office.world.rows(staff, id=office.world.staff(name))
    assert row["trained_on"] == day


@pytest.mark.parametrize(
    ("name", "line", "said"),
    [
        ("lena", "train", "Who was trained"),
        ("lena", "train charlie", "Name one of these"),
        ("lena", "train bob tomorrow", "a day in the past"),
        ("lena", "train bob someday", "a day in the past"),
        ("lena", "train me today", "You cannot record your own training"),
        ("lena", "train lena", "You cannot record your own training"),
        ("alice", "train me", "engagement lead records training"),
    ],
)
def test_train_says_what_cannot_be_done(office: Office, name: str, line: str, said: str) -> None:
    assert said in words(office.types(name, line).card)
    assert office.world.rows(staff, id=office.world.staff("bob"))[0]["trained_on"] is None
