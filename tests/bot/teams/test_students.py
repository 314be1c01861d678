"""Students in their own chat with Lantern: four requests, and nothing else."""

from __future__ import annotations

import pytest
from structlog.testing import capture_logs

from bot.teams.student_chat import Wish, wish_of
from store.actions.students.answer_message import answer_message
from store.rules.students.messages import ROOM
from tests.bot.teams.campus import LANG, Campus, person


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("my data", (Wish.MY_DATA, "")),
        ("Show my data!", (Wish.MY_DATA, "")),
        ("This is wrong: I was ill", (Wish.WRONG, "I was ill")),
        ("that's wrong, I was there", (Wish.WRONG, "I was there")),
        ("Contact me by phone", (Wish.CONTACT, "phone")),
        ("please contact me via mail", (Wish.CONTACT, "mail")),
        ("can I talk to somebody?", (Wish.PERSON, "can I talk to somebody?")),
        ("a person", (Wish.PERSON, "a person")),
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
    assert ("did not pass it on" in str(answer.activity)) == (line != "help")
    assert campus.office.world.case(case) == before


@pytest.mark.parametrize(
    ("line", "kind", "way"),
    [
        ("this is wrong: I was at sea", "wrong", None),
        ("contact me by phone, from the sea", "contact-by", "phone"),
        ("I want to talk to a person about the sea", "talk", None),
    ],
)
def test_what_a_student_says_is_kept_on_the_case_and_its_owner_is_told(
    campus: Campus, line: str, kind: str, way: str | None
) -> None:
    world = campus.office.world
    world.open_case("dana")
    campus.says("alice", "take LANG-1")
    chat = campus.teams.direct(campus.people["dana"])
    made = campus.activity("dana", chat, type="message", text=line)

    with capture_logs() as logs:
        assert campus.delivers(made).status_code == 200
        assert campus.delivers(made).status_code == 200
        campus.office.works()

    (answer,) = campus.teams.shown(chat)
    assert "Your school has been told" in str(answer.activity)
    assert "Alice Adviser" in str(answer.activity)
    (kept,) = world.dump()["sayings"]
    assert (kept["kind"], kept["way"], kept["case_id"]) == (kind, way, 1)
    assert " sea" not in str(world.dump())
    assert " sea" not in str(logs)
    told = str([each.activity for each in campus.teams.shown(_chat(campus, "alice"))])
    assert "LANG-1" in told
    assert " sea" not in told
    assert campus.teams.shown(_chat(campus, "bob")) == []


def test_what_is_empty_is_asked_for_and_what_is_too_long_is_said(campus: Campus) -> None:
    (empty,) = campus.says("dana", "contact me by")
    (long,) = campus.says("dana", "this is wrong: " + "x" * 3000)

    assert "for example" in str(empty.activity)
    assert "below 2000 characters" in str(long.activity)
    assert campus.office.world.dump()["sayings"] == []


def test_who_says_very_much_is_told_that_the_last_was_not_kept_and_where_else_to_go(
    campus: Campus,
) -> None:
    campus.office.world.open_case("dana")
    (most, _), *_ = ROOM
    for number in range(most):
        campus.says("dana", f"this is wrong: I was at sea, part {number}")

    (answer,) = campus.says("dana", "this is wrong: I was back on Monday")

    assert "not saved" in str(answer.activity)
    assert "Your school reads" in str(answer.activity)
    assert "been told" not in str(answer.activity)
    assert len(campus.office.world.dump()["sayings"]) == most
    assert "What Lantern holds" in str(campus.says("dana", "my data")[0].activity)


def test_who_changes_a_message_is_told_that_nobody_reads_the_change(campus: Campus) -> None:
    campus.office.world.open_case("dana")
    campus.says("dana", "this is wrong: I was at sea")
    chat = _chat(campus, "dana")
    made = campus.activity("dana", chat, type="messageUpdate", text="this is wrong: I was ill")
    made["channelData"]["eventType"] = "editMessage"

    assert campus.delivers(made).status_code == 200

    assert "send a new message" in str(campus.teams.shown(chat)[-1].activity)
    assert len(campus.office.world.dump()["sayings"]) == 1


def test_a_student_reads_what_they_said_and_what_was_answered(campus: Campus) -> None:
    world = campus.office.world
    world.open_case("dana")
    campus.says("dana", "this is wrong: I was at sea")
    campus.says("alice", "take LANG-1")
    answer_message(world.store, world.by("alice"), 1, "Thank you, it is put right.")

    (answer,) = campus.says("dana", "my data")

    assert "I was at sea" in str(answer.activity)
    assert "Thank you, it is put right." in str(answer.activity)


def _chat(campus: Campus, name: str) -> str:
    return campus.teams.direct(campus.people[name])


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


def test_a_student_is_known_by_their_mail_address_too(campus: Campus) -> None:
    dana = campus.people["dana"]
    dana.mail, dana.address = dana.address, "d1001@example.ac.uk"
    assert "Dana" in str(campus.says("dana", "help")[-1].activity)


def test_an_account_that_could_be_two_students_is_neither(campus: Campus) -> None:
    dana = campus.people["dana"]
    dana.mail, dana.address = dana.address, "eli@students.example.ac.uk"
    said = str([each.activity for each in campus.says("dana", "my data")])
    assert "What Lantern holds" not in said
