"""Commands, cards and dialogs in Teams: what people do, and what they are shown."""

from __future__ import annotations

import json
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.interaction import Interaction
from bot.teams.plain_text import typed_text
from store.actions.cases.discuss import log_intervention
from store.rules.model import InterventionKind
from tests.bot.adaptive_cards import message_problems, task_problems
from tests.bot.teams.campus import LANG, Campus
from tests.bot.teams.cards import actions
from tests.fakes.graph.entra import TENANT
from tests.people import REASON

Json = dict[str, Any]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("<at>Lantern</at>&nbsp;show LANG-1", "show LANG-1"),
        ("<at id='0'>Lantern</at> \xa0 today\n", "today"),
        ("/lantern take LANG-1", "take LANG-1"),
        ("Lantern, mine", "mine"),
        ("<p>today</p>", "today"),
        ("<at>today</at> mine", "mine"),
        ("lanterns", "lanterns"),
        ("@Lantern mine", "mine"),
        ("to\x00day\ud800", "today"),
        (None, ""),
    ],
)
def test_a_typed_line_is_read_without_what_teams_adds(typed: object, meant: str) -> None:
    assert typed_text(typed) == meant


def test_a_line_in_the_chat_is_answered_there(campus: Campus) -> None:
    campus.office.world.open_case("dana")

    (answer,) = campus.says("alice", "today")

    assert "LANG-1" in str(answer.activity)
    assert message_problems(answer.activity) == []


def test_a_mention_in_the_channel_is_answered_privately(campus: Campus) -> None:
    campus.office.world.open_case("dana")
    campus.office.works()
    before = len(campus.teams.shown(LANG))

    (answer,) = campus.says("alice", "take LANG-1", LANG)

    assert "is assigned to you" in str(answer.activity)
    assert len(campus.teams.shown(LANG)) == before


def test_what_is_said_in_a_channel_without_a_mention_is_left_alone(campus: Campus) -> None:
    made = campus.activity("alice", LANG, type="message", text="take LANG-1")

    assert campus.delivers(made).status_code == 200

    assert all(campus.teams.shown(each) == [] for each in campus.teams.members)


def test_a_typed_command_that_asks_gets_a_button_that_opens_its_dialog(campus: Campus) -> None:
    campus.office.world.open_case("dana")

    (answer,) = campus.says("bob", "view LANG-1", LANG)
    (opener,) = actions(answer.card)
    asked = campus.opens("bob", opener["data"], answer.conversation)

    assert opener["data"]["msteams"] == {"type": "task/fetch"}
    assert task_problems(asked) == []
    assert campus.submits("bob", asked, opinion="wait", reason=REASON) == {}
    assert len(campus.office.world.dump()["views"]) == 1


def test_an_action_answers_with_the_card_as_it_is_now(campus: Campus) -> None:
    campus.office.world.open_case("dana")
    campus.office.works()

    answer = campus.clicks("alice", {"action": "take", "ids": {"case": "1", "version": "1"}})

    assert answer["type"] == "application/vnd.microsoft.card.adaptive"
    assert "Alice Adviser" in str(answer["value"])


def test_a_refusal_is_a_line_at_the_card(campus: Campus) -> None:
    campus.office.world.open_case("dana")

    answer = campus.clicks("charlie", {"action": "take", "ids": {"case": "1"}})

    assert answer["type"] == "application/vnd.microsoft.activity.message"
    assert answer["value"]


def test_teams_refreshes_a_card_for_each_person(campus: Campus) -> None:
    campus.office.world.open_case("dana")
    campus.office.works()
    asked = campus.card()["refresh"]["action"]["data"]

    adviser = campus.clicks("alice", asked, trigger="automatic")
    organiser = campus.clicks("bob", asked, trigger="automatic")

    titles = [{each["title"] for each in actions(shown["value"])} for shown in (adviser, organiser)]
    assert {"Take", "Draft email"} <= titles[0] - titles[1]
    assert campus.office.world.dump()["interactions"] == []


def test_a_wrong_answer_keeps_the_dialog_and_everything_typed(campus: Campus) -> None:
    campus.office.world.open_case("dana")
    campus.office.works()
    asked = campus.opens("bob", campus.button("view"))

    again = campus.submits("bob", asked, opinion="wait", reason="no")

    assert task_problems(again) == []
    kept = {each["id"]: each.get("value") for each in _inputs(again)}
    assert kept["field.reason"] == "no"
    assert kept["field.opinion"] == "wait"
    assert "attention" in json.dumps(again)
    assert campus.submits("bob", again, opinion="wait", reason=REASON) == {}


def test_the_same_activity_twice_acts_once(campus: Campus) -> None:
    case = campus.office.world.open_case("dana")
    chat = campus.teams.direct(campus.people["alice"])
    made = campus.activity("alice", chat, type="message", text="take LANG-1")

    answers = [campus.delivers(made) for _ in range(3)]

    assert [each.status_code for each in answers] == [200, 200, 200]
    assert len(campus.teams.shown(chat)) == 1
    assert campus.office.world.case(case).version == 2


@pytest.mark.parametrize(
    "parts",
    [
        {"type": "somethingNew"},
        {"type": "invoke", "name": "somethingNew", "value": {}},
        {"type": "invoke", "name": "task/fetch", "value": {"data": 7}},
        {"type": "invoke", "name": "task/fetch", "value": 7},
        {"type": "invoke", "name": "task/submit", "value": {"data": {"ids": "x"}}},
        {"type": "invoke", "name": "adaptiveCard/action", "value": {"action": {"type": "x"}}},
        {"type": "invoke", "name": "adaptiveCard/action", "value": {}},
        {"type": "invoke", "name": "composeExtension/query", "value": {"parameters": 7}},
        {"type": "messageReaction", "reactionsAdded": [{"type": "like"}]},
        {"type": "message", "text": "hm", "entities": [7, "x", {"type": "mention"}]},
        {"type": "message", "value": {"action": 7, "ids": {"case": ["1"]}}},
        {"type": "installationUpdate", "action": "add"},
        {"type": "conversationUpdate", "membersAdded": [{"id": "28:x"}]},
        {"type": "messageDelete"},
        {
            "type": "messageUpdate",
            "text": "x",
            "channelData": {"eventType": "editMessage"},
        },
        {"type": "typing"},
    ],
    ids=str,
)
def test_what_is_authentic_is_answered_200(campus: Campus, parts: Json) -> None:
    made = campus.activity("alice", LANG, **parts)
    made["channelData"] = {**made["channelData"], "tenant": {"id": TENANT}}

    answer = campus.delivers(made)

    assert answer.status_code == 200
    assert isinstance(answer.json(), dict)


def test_a_listener_that_fails_answers_with_a_reference(
    campus: Campus, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_asked: Interaction) -> Interaction:
        raise ZeroDivisionError("Dana Dvorak")

    monkeypatch.setattr("bot.teams.listeners.as_note", broken)
    with capture_logs() as logs:
        value = {"commandContext": "message", "data": {"field.case": "1", "field.note": "x"}}
        answer = campus.invokes("alice", "composeExtension/submitAction", value)

    assert "E-" in answer["task"]["value"]
    assert "Dana" not in str(logs)
    assert [each["kind"] for each in logs if each["event"] == "listener failed"] == [
        "ZeroDivisionError"
    ]


def test_when_teams_does_not_say_who_it_is_nobody_is_let_in(campus: Campus) -> None:
    case = campus.office.world.open_case("dana")
    before = campus.office.world.case(case)
    campus.teams.faults += [("GET members", 503)] * 4

    answer = campus.clicks("alice", {"action": "take", "ids": {"case": "1"}})

    assert "did not say who you are" in answer["value"]
    assert campus.office.world.case(case) == before


def _inputs(asked: Json) -> list[Json]:
    body: list[Json] = asked["task"]["value"]["card"]["content"]["body"]
    return [each for each in body if each["type"].startswith("Input.")]


def test_a_student_is_looked_up_in_a_window_and_no_name_stays_in_the_chat(campus: Campus) -> None:
    campus.office.world.open_case("dana")
    (answer,) = campus.says("alice", "find")
    (opener,) = actions(answer.card)

    asked = campus.opens("alice", opener["data"], answer.conversation)
    found = campus.submits("alice", asked, answer.conversation, words="dvor")
    (show,) = actions(found["task"]["value"]["card"]["content"])
    value = {"data": show["data"], "context": {}}
    shown = campus.invokes("alice", "task/submit", value, answer.conversation)

    assert "Dana Dvorak" in str(found)
    assert task_problems(shown) == []
    assert "No activity since" in str(shown)
    assert "Dana" not in str([each.activity for each in campus.teams.messages.values()])
    assert "No students found" in str(campus.submits("charlie", asked, LANG, words="dvor"))


def test_pages_of_a_case_take_each_others_place(campus: Campus) -> None:
    world = campus.office.world
    case = world.open_case("dana")
    rang = "and nobody answered " * 90
    for number in range(15):
        log_intervention(
            world.store, world.by("alice"), case, InterventionKind.CALL, f"Rang <{number}> {rang}"
        )
    campus.office.works()
    shown = campus.opens("alice", campus.button("show"))

    for page in (2, 3, 2):
        title = "Later" if f"Page {page + 1} of" in str(shown) else "Earlier"
        card = shown["task"]["value"]["card"]["content"]
        (turn,) = [each for each in actions(card) if each["title"] == title]
        assert turn["type"] == "Action.Submit"
        pressed = {"data": turn["data"], "context": {}}
        shown = campus.invokes("alice", "task/submit", pressed, LANG)
        assert f"Page {page} of" in str(shown)
        assert task_problems(shown) == []
