"""The student's page: what each link shows and what each button does."""

import re
from html import unescape

import pytest
import sqlalchemy as sa

from store.queries.students.messages import words_said
from store.rules.model import CaseStatus, Platform
from store.rules.students.links import LinkPurpose
from store.rules.students.messages import LONGEST
from store.tables import channels, preferences, sayings
from tests.bot.student.reader import SERVER, Reader, personal, reader

__all__ = ["reader"]


@pytest.mark.parametrize("signs_in", [True, False])
def test_it_leads_to_the_page_behind_a_sign_in_where_there_is_one(
    reader: Reader, signs_in: bool
) -> None:
    reader.world.store.students_sign_in = signs_in
    assert ('href="/me"' in reader.reads(LinkPurpose.PAGE)) is signs_in
    broken = reader.visitor.get("/student/no-link")
    assert broken.status_code == 404
    assert ('href="/me"' in broken.text) is signs_in
    assert 'href="/me"' not in personal(reader).reads(LinkPurpose.DOOR)


@pytest.mark.parametrize(
    ("purpose", "fields", "thanks"),
    [
        (LinkPurpose.FINE, {}, "Your school has your answer"),
        (LinkPurpose.WRONG, {"words": "I was in hospital"}, "will look at it"),
        (LinkPurpose.CONTACT_BY, {"way": "phone", "words": "after five"}, "how to contact you"),
        (LinkPurpose.TALK, {"words": ""}, "will get in touch"),
    ],
)
def test_each_answer_reaches_the_case_once(
    reader: Reader, purpose: LinkPurpose, fields: dict[str, str], thanks: str
) -> None:
    page = reader.reads(purpose)
    for _ in range(2):
        answer = reader.sends(purpose, purpose.value, page, **fields)
        assert answer.status_code == 200
        assert thanks in answer.text
        assert "<textarea" not in answer.text
    assert [row["kind"] for row in reader.world.rows(sayings)] == [purpose.value]
    assert reader.world.case(reader.case).status is CaseStatus.RESPONDED


def test_a_student_sees_their_data_and_chooses_what_is_written(reader: Reader) -> None:
    seen = reader.sends(LinkPurpose.PAGE, "show").text
    for told in ("French for beginners", "We have not seen you since Monday 6 October.",
                 "Alice Adviser", "lang@example.ac.uk", "Student Complaints Procedure",
                 "they can be wrong"):  # fmt: skip
        assert told in seen
    for others in ("Bob", "told me she is fine", "No activity since"):
        assert others not in seen

    assert "Start emails again" in reader.sends(LinkPurpose.PAGE, "opt-out").text
    assert reader.world.rows(preferences)[0]["opted_out_at"]
    assert "Stop emails about engagement" in reader.sends(LinkPurpose.PAGE, "opt-in").text
    assert not reader.world.rows(preferences)[0]["opted_out_at"]


def test_what_cannot_be_kept_is_said_where_it_was_typed(reader: Reader) -> None:
    answer = reader.sends(LinkPurpose.PAGE, "wrong", words="  ")
    assert answer.status_code == 422
    assert answer.text.count("Please say in a few words what is wrong.") == 1
    assert 'aria-describedby="wrong-trouble"' in answer.text

    words = "<script>alert(1)</script>" + "x" * LONGEST
    answer = reader.sends(LinkPurpose.PAGE, "wrong", words=words)
    assert answer.status_code == 422
    assert words in unescape(answer.text)
    assert "<script>" not in answer.text
    assert "Please choose how" in reader.sends(LinkPurpose.CONTACT_BY, "contact-by").text
    assert reader.world.rows(sayings) == []


def test_a_personal_mail_shows_nothing_before_the_number_was_given(reader: Reader) -> None:
    reader = personal(reader)
    door = reader.reads(LinkPurpose.DOOR)
    concern = r"fine|wrong|talk|engag|hold about|Languages|Dana"
    assert not re.search(concern, door)
    assert reader.sends(LinkPurpose.DOOR, "fine", door).status_code == 404
    assert reader.sends(LinkPurpose.DOOR, "show", door, number="").status_code == 422
    wrong = reader.sends(LinkPurpose.DOOR, "confirm", number="1002")
    assert wrong.status_code == 422
    assert not re.search(concern, wrong.text)

    inside = reader.sends(LinkPurpose.DOOR, "confirm", number="1001").text
    assert "I would like to talk" in inside
    assert "French" in reader.sends(LinkPurpose.DOOR, "show", inside).text
    reader.world.clock.forward(hours=3)
    late = reader.sends(LinkPurpose.DOOR, "show", inside)
    assert (late.status_code, "Your student number" in late.text) == (422, True)
    assert not re.search(concern, late.text)


@pytest.mark.parametrize("purpose", [LinkPurpose.FINE, LinkPurpose.TALK, LinkPurpose.PAGE])
def test_whoever_does_not_know_the_number_does_nothing_with_a_link(
    reader: Reader, purpose: LinkPurpose
) -> None:
    do = "show" if purpose is LinkPurpose.PAGE else purpose.value
    for number in ("", "1002"):
        answer = reader.sends(purpose, do, number=number)
        assert answer.status_code == 422
        assert f'id="{do}-trouble"' in answer.text
        assert "French" not in answer.text
    assert reader.world.rows(sayings) == []
    assert 'autocomplete="off"' not in reader.reads(purpose)


def test_a_link_for_one_answer_gives_it_once(reader: Reader) -> None:
    assert reader.sends(LinkPurpose.TALK, "talk", words="On Monday").status_code == 200
    again = reader.sends(LinkPurpose.TALK, "talk", words="Not I")
    assert again.status_code == 429
    assert "This link was used before, so nothing was saved." in again.text
    assert len(reader.world.rows(sayings)) == 1
    assert reader.sends(LinkPurpose.PAGE, "talk", words="On Tuesday").status_code == 200


@pytest.mark.parametrize(
    "number", [" 1001\n", "\u200b1001", "\u202a1001\u202c", "\uff11\uff10\uff10\uff11", "10-01."]
)
def test_a_number_is_taken_as_it_was_pasted(reader: Reader, number: str) -> None:
    assert reader.sends(LinkPurpose.PAGE, "show", number=number).status_code == 200


def test_a_link_that_a_student_quotes_is_not_shown_to_colleagues(reader: Reader) -> None:
    link = f"{SERVER}{reader.links[LinkPurpose.PAGE]}"
    reader.sends(LinkPurpose.WRONG, "wrong", words=f"At {link} it says French. I do German.")
    store = reader.world.store
    with store.database.read() as connection:
        (said,) = words_said(connection, sayings.c.kind == "wrong")
    assert said.words == f"At {SERVER}/student/… it says French. I do German."


def test_stopping_emails_asks_for_nothing_also_at_home(reader: Reader) -> None:
    reader = personal(reader)
    answer = reader.sends(LinkPurpose.DOOR, "opt-out")
    assert answer.status_code == 200
    assert "We will not send you emails like this one any more." in answer.text
    assert "engag" not in answer.text
    assert reader.world.rows(preferences)[0]["opted_out_at"]


def test_the_university_stands_beside_the_school(reader: Reader) -> None:
    assert '<header class="school">School of Languages<' in reader.reads(LinkPurpose.PAGE)
    reader.world.store.university = "University of Elsewhere"
    assert "University of Elsewhere · School of Languages<" in reader.reads(LinkPurpose.PAGE)
    assert "Elsewhere" not in personal(reader).reads(LinkPurpose.DOOR), "others read that mailbox"


def test_a_chat_is_offered_only_where_the_school_works_in_teams(reader: Reader) -> None:
    page = reader.reads(LinkPurpose.CONTACT_BY)
    assert ">Phone<" in page
    assert ">Chat<" not in page
    with reader.world.store.unit_of_work() as work:
        here = {"platform": Platform.TEAMS, "tenant": "t", "name": "LANG", "channel": "19:lang"}
        mine = sa.insert(channels).values(school_id=reader.world.school(), **here)
        work.connection.execute(mine)
    assert ">Chat<" in reader.reads(LinkPurpose.CONTACT_BY)
