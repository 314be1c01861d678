"""The sandbox's pages over HTTP: what each shows, does and refuses."""

from __future__ import annotations

import pytest

from tests.bot.sandbox_fake import FakeBackend
from tests.bot.sandbox_visit import KEY, backend, become, visitor, where
from tests.bot.visitor import Visitor, forms

__all__ = ["backend", "visitor"]

# -- Reading -----------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/", "/sandbox"])
def test_the_way_in_leads_to_the_first_channel(visitor: Visitor, path: str) -> None:
    assert where(visitor.get(path)) == "/sandbox/c/bio"


def test_a_channel_shows_its_cards_to_a_known_person(visitor: Visitor) -> None:
    page = visitor.get("/sandbox/c/bio")
    assert page.status_code == 200
    assert '<html lang="en-GB">' in page.text
    for said in ("SANDBOX", "Alice Ahmed", "BIO-0041", "biology-engagement"):
        assert said in page.text
    assert "chemistry-engagement" not in page.text


def test_every_form_of_a_card_knows_its_channel_and_has_its_own_key(visitor: Visitor) -> None:
    found = forms(visitor.get("/sandbox/c/bio").text, "/sandbox/act")
    assert {form["channel"] for form in found} == {"bio"}
    keys = [form["key"] for form in found]
    assert len(set(keys)) == len(keys) == 4


def test_a_foreign_channel_might_as_well_not_exist(visitor: Visitor) -> None:
    foreign, missing = visitor.get("/sandbox/c/chem"), visitor.get("/sandbox/c/nowhere")
    assert foreign.status_code == missing.status_code == 404
    assert "Alice Ahmed is not in this channel." in foreign.text
    assert "Chemistry" not in foreign.text.partition("<main")[2]


def test_a_person_without_a_role_reads_a_sentence(visitor: Visitor) -> None:
    become(visitor, "dora")
    page = visitor.get("/sandbox")
    assert "Dora Diaz has no role in any school" in page.text
    assert "/sandbox/c/" not in page.text


def test_an_empty_sandbox_says_so(visitor: Visitor, backend: FakeBackend) -> None:
    backend.known = []
    page = visitor.get("/sandbox")
    assert page.status_code == 404
    assert "No colleagues are enrolled" in page.text


def test_a_channel_without_messages_says_so(visitor: Visitor) -> None:
    become(visitor, "charlie")
    assert "Nothing has been posted here yet." in visitor.get("/sandbox/c/chem").text


def test_older_messages_are_a_link_away(visitor: Visitor, backend: FakeBackend) -> None:
    for number in range(100):
        backend.workspace.say("bio", "bob", f"Line {number}")
    newest = visitor.get("/sandbox/c/bio").text
    assert "?before=2" in newest
    assert "BIO-0041" not in newest
    assert "BIO-0041" in visitor.get("/sandbox/c/bio?before=2").text
    assert visitor.get("/sandbox/c/bio?before=x").status_code == 200


def test_nothing_at_an_address(visitor: Visitor) -> None:
    page = visitor.get("/sandbox/nothing")
    assert page.status_code == 404
    assert "There is nothing at this address." in page.text


def test_static_files_are_served(visitor: Visitor) -> None:
    for name in ("sandbox.css", "cards.css", "sandbox.js", "lantern.svg"):
        assert visitor.get(f"/sandbox/static/{name}").status_code == 200
    assert visitor.get("/sandbox/static/../app.py").status_code == 404


# -- The person you act as ---------------------------------------------------------------------


def test_switching_person_stays_in_a_shared_channel(visitor: Visitor) -> None:
    switched = visitor.post("/sandbox/person", {"user": "bob", "channel": "bio"})
    assert where(switched) == "/sandbox/c/bio"
    cookie = switched.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert 'data-person="bob"' in visitor.get("/sandbox/c/bio").text


def test_switching_person_leaves_a_channel_of_others(visitor: Visitor) -> None:
    form = {"user": "charlie", "channel": "bio"}
    assert where(visitor.post("/sandbox/person", form)) == "/sandbox"
    for path in ("/", "/sandbox"):
        assert where(visitor.get(path)) == "/sandbox/c/chem"


def test_nobody_becomes_an_unknown_person(visitor: Visitor) -> None:
    page = visitor.post("/sandbox/person", {"user": "mallory"})
    assert page.status_code == 404
    assert "There is no such person" in page.text
    assert not visitor.cookies


@pytest.mark.parametrize("path", ["/sandbox", "/sandbox/c/bio", "/sandbox/outbox"])
def test_an_unknown_cookie_is_asked_to_choose(visitor: Visitor, path: str) -> None:
    visitor.cookies.set("lantern-sandbox-person", "mallory")
    page = visitor.get(path)
    assert page.status_code == 403
    assert "Choose who you are from the list below." in page.text
    assert 'value="alice"' in page.text
    assert "BIO-0041" not in page.text


# -- Outbox and student's page -----------------------------------------------------------------


def test_the_outbox_shows_whole_mails_and_the_rest_in_short(visitor: Visitor) -> None:
    page = visitor.get("/sandbox/outbox").text
    for said in ("How are things going?", "robin.casewell@", "With best wishes,", "Digest of"):
        assert said in page


def test_a_student_reads_and_answers(visitor: Visitor) -> None:
    page = visitor.get("/sandbox/student?student=12").text
    form = {**forms(page, "/sandbox/student/answer")[0], "text": "I have been ill.\nSorry"}
    for _ in range(2):  # the second is a double click
        sent = visitor.post("/sandbox/student/answer", form)
        assert where(sent) == "/sandbox/student?student=12"
    page = visitor.get("/sandbox/student?student=12").text
    assert page.count("I have been ill.\nSorry") == 1


def test_another_student_is_a_link_away(visitor: Visitor) -> None:
    page = visitor.get("/sandbox/student").text
    assert "Robin Casewell’s inbox" in page
    assert "?student=13" in page
    assert "Sam Sample’s inbox" in visitor.get("/sandbox/student?student=13").text
    assert visitor.get("/sandbox/student?student=99").status_code == 404


@pytest.mark.parametrize(
    ("form", "status"),
    [
        ({"message": "out-99", "text": "Hello", "key": KEY}, 404),
        ({"message": "out-12", "text": "  ", "key": KEY}, 422),
        ({"message": "out-12", "text": "Hello", "key": ""}, 400),
        ({"text": "Hello", "key": KEY}, 400),
    ],
)
def test_an_answer_that_cannot_be_sent(
    visitor: Visitor, backend: FakeBackend, form: dict[str, str], status: int
) -> None:
    page = visitor.post("/sandbox/student/answer", form | {"as": "alice"})
    assert page.status_code == status
    assert 'id="sorry"' in page.text
    assert backend.answers == {}
