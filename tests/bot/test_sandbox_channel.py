"""A sandbox channel: messages, commands, clicks and dialogs."""

from __future__ import annotations

import html

import pytest
from structlog.testing import capture_logs

from bot.interaction import Person
from store.rules.model import Platform
from tests.bot.sandbox_fake import FakeBackend
from tests.bot.sandbox_visit import HERE, KEY, TAKE, backend, become, visitor, where
from tests.bot.visitor import Visitor, forms

__all__ = ["backend", "visitor"]

VIEW = {**HERE, "action": "view", "ids": '{"case":"41"}'}


# -- Writing -----------------------------------------------------------------------------------


def test_a_message_is_for_everybody(visitor: Visitor, backend: FakeBackend) -> None:
    assert where(visitor.post("/sandbox/say", {**HERE, "text": " Hello "})) == "/sandbox/c/bio"
    become(visitor, "bob")
    assert '<p class="words">Hello</p>' in visitor.get("/sandbox/c/bio").text
    assert backend.asked == []


def test_a_message_sent_twice_is_said_once(visitor: Visitor, backend: FakeBackend) -> None:
    for _ in range(2):
        visitor.post("/sandbox/say", {**HERE, "text": "Hello"})
    assert len(backend.workspace.messages("bio")) == 2  # the card and this message


def test_a_reply_goes_into_the_thread(visitor: Visitor) -> None:
    visitor.post("/sandbox/say", {**HERE, "text": "She is moving house", "thread": "1"})
    page = visitor.get("/sandbox/c/bio").text
    assert "1 reply" in page
    assert "She is moving house" in page.partition('class="replies"')[2]


def test_a_reply_to_nothing_is_refused(visitor: Visitor) -> None:
    page = visitor.post("/sandbox/say", {**HERE, "text": "Hello", "thread": "99"})
    assert page.status_code == 404
    assert "no longer exists" in page.text


def test_an_empty_message_says_nothing(visitor: Visitor, backend: FakeBackend) -> None:
    visitor.post("/sandbox/say", {**HERE, "text": "   "})
    assert len(backend.workspace.messages("bio")) == 1


@pytest.mark.parametrize(
    ("typed", "action", "text"),
    [
        ("/lantern help", "help", ""),
        ("/lantern", "help", ""),
        ("  /Lantern  SHOW  BIO-0041 ", "show", "BIO-0041"),
        ("@lantern log BIO-0041 called,\nno answer", "log", "BIO-0041 called,\nno answer"),
    ],
)
def test_a_command_goes_to_lantern_and_not_to_the_channel(
    visitor: Visitor, backend: FakeBackend, typed: str, action: str, text: str
) -> None:
    visitor.post("/sandbox/say", {**HERE, "text": typed})
    asked = backend.asked[-1]
    assert (asked.action, asked.text, asked.values, asked.channel) == (action, text, None, "bio")
    assert asked.person == Person(Platform.SANDBOX, "sandbox", "alice")
    assert len(backend.workspace.messages("bio")) == 1


def test_a_word_that_begins_alike_is_no_command(visitor: Visitor, backend: FakeBackend) -> None:
    visitor.post("/sandbox/say", {**HERE, "text": "/lanterns are nice"})
    assert backend.asked == []


def test_a_private_reply_is_seen_by_one_person_once(visitor: Visitor) -> None:
    answered = visitor.post("/sandbox/say", {**HERE, "text": "/lantern help"})
    assert answered.status_code == 200
    assert "Only visible to you" in answered.text
    assert "This morning&#39;s cases" in answered.text
    assert "Only visible to you" not in visitor.get("/sandbox/c/bio").text


# -- Cards and dialogs -------------------------------------------------------------------------


def test_a_click_acts_and_the_card_changes(visitor: Visitor, backend: FakeBackend) -> None:
    assert where(visitor.post("/sandbox/act", TAKE)) == "/sandbox/c/bio"
    asked = backend.asked[-1]
    assert (asked.action, asked.ids, asked.values, asked.key) == ("take", {"case": "41"}, None, KEY)
    page = visitor.get("/sandbox/c/bio").text
    assert "<dd>Alice</dd>" in page
    assert page.count('class="lc-card"') == 1


def test_a_double_click_carries_one_key(visitor: Visitor, backend: FakeBackend) -> None:
    form = forms(visitor.get("/sandbox/c/bio").text, "/sandbox/act")[0]
    form["ids"] = html.unescape(form["ids"])
    before = backend.workspace.revision()
    for _ in range(2):
        visitor.post("/sandbox/act", form)
    assert backend.workspace.revision() == before + 1
    assert {asked.key for asked in backend.asked} == {form["key"]}


def test_a_choice_in_a_card_is_an_answer(visitor: Visitor, backend: FakeBackend) -> None:
    form = {**HERE, "action": "assign", "ids": "{}", "field.assign": "7"}
    visitor.post("/sandbox/act", form)
    assert backend.asked[-1].values == {"assign": "7"}


def test_a_dialog_opens_and_is_submitted(visitor: Visitor, backend: FakeBackend) -> None:
    opened = visitor.post("/sandbox/act", VIEW).text
    assert '<dialog id="dialog" open>' in opened
    form = {
        **forms(opened, "/sandbox/submit")[0],
        "ids": '{"case":"41"}',
        "field.opinion": "wait",
        "field.reason": "She is moving house",
    }
    assert where(visitor.post("/sandbox/submit", form)) == "/sandbox/c/bio"
    answered = backend.asked[-1]
    assert answered.values == {"opinion": "wait", "reason": "She is moving house"}
    assert answered.key == form["key"] != KEY


def test_a_wrong_answer_shows_the_dialog_again_as_it_was_filled_in(visitor: Visitor) -> None:
    opened = visitor.post("/sandbox/act", VIEW).text
    form = {**forms(opened, "/sandbox/submit")[0], "ids": "{}", "field.opinion": "wait"}
    again = visitor.post("/sandbox/submit", {**form, "field.reason": "no <b>idea</b>"}).text
    assert "Please give a reason in a few words." in again
    assert "no &lt;b&gt;idea&lt;/b&gt;</textarea>" in again
    assert '<option value="wait" selected>' in again
    assert forms(again, "/sandbox/submit")[0]["key"] != form["key"]


def test_a_wrong_answer_in_a_forgotten_dialog_opens_it_again_with_what_was_typed(
    visitor: Visitor,
) -> None:
    """After a restart no form is known, and a page without JavaScript can only send it again."""
    form = {**VIEW, "field.opinion": "wait", "field.reason": "no"}
    page = visitor.post("/sandbox/submit", form).text
    assert "Please give a reason in a few words." in page
    assert '<dialog id="dialog" open>' in page
    assert "no</textarea>" in page


def test_a_refusal_is_a_private_sentence(visitor: Visitor) -> None:
    page = visitor.post("/sandbox/act", {**TAKE, "action": "close"})
    assert page.status_code == 200
    assert "Only the engagement lead may close this case." in page.text


def test_what_nobody_foresaw_is_a_reference_and_no_name(visitor: Visitor) -> None:
    with capture_logs() as logged:
        page = visitor.post("/sandbox/act", {**TAKE, "action": "explode"})
    assert page.status_code == 500
    (line,) = logged
    assert line["reference"] in page.text
    for told in (page.text, repr(line)):
        assert "Robin" not in told


@pytest.mark.parametrize(
    "form",
    [
        {**TAKE, "ids": "not json"},
        {**TAKE, "ids": '["41"]'},
        {**TAKE, "ids": '{"case":41}'},
        {**TAKE, "key": ""},
        {**TAKE, "key": "'; DROP TABLE"},
        {"action": "take", "ids": "{}", "channel": "bio"},
        {"action": "take", "ids": "{}", "key": KEY},
        HERE,
    ],
)
def test_a_form_that_is_not_ours_is_refused(
    visitor: Visitor, backend: FakeBackend, form: dict[str, str]
) -> None:
    page = visitor.post("/sandbox/act", form)
    assert page.status_code == 400
    assert "This form is incomplete." in page.text
    assert backend.asked == []


@pytest.mark.parametrize("path", ["/sandbox/say", "/sandbox/act", "/sandbox/submit"])
def test_nobody_acts_in_a_foreign_channel(
    visitor: Visitor, backend: FakeBackend, path: str
) -> None:
    page = visitor.post(path, {**TAKE, "channel": "chem", "text": "Hello"})
    assert page.status_code == 404
    assert backend.asked == []
    assert backend.workspace.messages("chem") == []
