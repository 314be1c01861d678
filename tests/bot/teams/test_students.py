"""Students in a chat of their own: four things, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.teams.seams import Seams
from bot.teams.students import StudentAsk, Wish, wish_of
from tests.bot.teams.campus import LANG, Campus, campus_in, person


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("my data", (Wish.MY_DATA, "")),
        ("Show my data!", (Wish.MY_DATA, "")),
        ("This is wrong: I was ill", (Wish.WRONG, "I was ill")),
        ("that's wrong, I was there", (Wish.WRONG, "I was there")),
        ("Contact me by phone", (Wish.CONTACT, "phone")),
        ("please contact me via mail", (Wish.CONTACT, "mail")),
        ("can I talk to somebody?", (Wish.PERSON, "")),
        ("a person", (Wish.PERSON, "")),
        ("show LANG-1", (Wish.HELP, "")),
        ("", (Wish.HELP, "")),
    ],
)
def test_what_a_student_asks_for(typed: str, meant: tuple[Wish, str]) -> None:
    assert wish_of(typed) == meant


def test_a_student_sees_their_own_data_in_words_for_students(campus: Campus) -> None:
    case = campus.office.world.open_case("dana")
    campus.office.world.approved_mail(case)
    campus.office.world.send()

    (answer,) = campus.says("dana", "my data")

    said = str(answer.activity)
    assert "French for beginners" in said
    assert "We have not seen you since Monday 6 October" in said
    assert "No activity since" not in said
    assert "How are things going" in said
    assert "LANG-1" not in said
    assert len(campus.audited("my-data")) == 1


@pytest.mark.parametrize("line", ["today", "show LANG-1", "take LANG-1", "help", "mine"])
def test_a_student_gets_nothing_else(campus: Campus, line: str) -> None:
    case = campus.office.world.open_case("dana")
    before = campus.office.world.case(case)

    (answer,) = campus.says("dana", line)

    assert "you can write" in str(answer.activity)
    assert campus.office.world.case(case) == before


def test_without_anybody_listening_a_student_is_told_whom_to_write_to(campus: Campus) -> None:
    (answer,) = campus.says("dana", "this is wrong: I was ill")
    (empty,) = campus.says("dana", "contact me by")
    (reached,) = campus.says("dana", "I want to talk to a person")

    assert "cannot pass this on" in str(answer.activity)
    assert "lang@example.ac.uk" in str(answer.activity)
    assert "for example" in str(empty.activity)
    assert "Alice Adviser" in str(reached.activity)


def test_what_a_student_says_goes_through_the_seam(tmp_path: Path) -> None:
    heard: list[StudentAsk] = []

    def hear(ask: StudentAsk) -> str:
        heard.append(ask)
        return "Your school has it."

    with campus_in(tmp_path / "home", Seams(heard=hear)) as campus:
        (answer,) = campus.says("dana", "contact me by phone, after four")

    assert "Your school has it." in str(answer.activity)
    assert [(ask.wish, ask.words) for ask in heard] == [(Wish.CONTACT, "phone, after four")]


def test_a_student_is_a_stranger_in_a_channel_and_at_every_button(campus: Campus) -> None:
    case = campus.office.world.open_case("dana")
    campus.teams.members[LANG].append(campus.people["dana"])

    (answer,) = campus.says("dana", "my data", LANG)
    clicked = campus.clicks("dana", {"action": "take", "ids": {"case": str(case)}})

    assert "does not know you" in str(answer.activity)
    assert "does not know you" in clicked["value"]


def test_an_address_that_was_given_to_somebody_else_opens_nothing(campus: Campus) -> None:
    assert "you can write" in str(campus.says("dana", "help")[0].activity)
    campus.people["new"] = person("new", "dana@students.example.ac.uk")

    (answer,) = campus.says("new", "my data")

    assert "does not know you" in str(answer.activity)


def test_a_guest_with_a_students_address_is_refused(campus: Campus) -> None:
    campus.people["dana"].role = "guest"

    (answer,) = campus.says("dana", "my data")

    assert "Guests and people of other institutions" in str(answer.activity)
