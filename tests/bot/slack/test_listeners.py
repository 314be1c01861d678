"""Commands, forms, Home and threads in Slack: what people do, and what they are shown."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from bot.interaction import Reply
from bot.slack.gateway import Gateway
from store.actions.cases.discuss import log_intervention
from store.rules.model import InterventionKind
from store.tables import interventions, remarks
from tests.bot.slack.campus import LANG, SlackCampus, slack_campus_in, user_id
from tests.fakes.slack.records import BOT, TEAM

PATIENCE = 60
"""Seconds until a test stops waiting for another thread."""


def test_a_command_answers_privately(campus: SlackCampus) -> None:
    campus.office.world.open_case("dana")

    campus.types("alice", "today")

    assert "LANG-1" in campus.told()
    assert campus.slack.ephemerals[-1][:2] == (LANG, user_id("alice"))
    assert campus.slack.shown(LANG) == []


def test_a_command_elsewhere_is_answered_in_the_chat_with_lantern(campus: SlackCampus) -> None:
    campus.types("alice", "help", channel="C0ELSEWHERE")

    (answer,) = campus.slack.shown("D0ALICE")
    assert "take" in json.dumps(answer.body)


def test_what_is_wrong_stands_beside_its_field(campus: SlackCampus) -> None:
    campus.office.world.open_case("dana")
    campus.types("bob", "view LANG-1")

    answer = campus.submits("bob", campus.window(), opinion="contact-now", reason="x")

    assert answer["response_action"] == "errors"
    assert list(answer["errors"]) == ["reason"]


def test_what_takes_longer_says_so_and_is_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with slack_campus_in(tmp_path / "home", patience=0.0) as campus:
        campus.office.world.open_case("dana")
        campus.types("bob", "view LANG-1")
        window = campus.window()
        assert window["callback_id"] == "view"
        run = Gateway.asks

        def run_after_the_acknowledgement(*asked: Any) -> Reply:
            assert campus.acknowledged.wait(timeout=PATIENCE)
            return run(*asked)

        monkeypatch.setattr(Gateway, "asks", run_after_the_acknowledgement)

        answer = campus.submits("bob", window, opinion="contact-now", reason="x")

        assert answer["response_action"] == "update"
        assert "Working on it" in json.dumps(answer["view"], ensure_ascii=False)
        again = campus.window()
        assert again["callback_id"] == "view"
        reason = [each for each in again["blocks"] if each.get("block_id") == "reason"]
        assert reason[0]["element"]["initial_value"] == "x"
        done = campus.submits("bob", again, opinion="contact-now", reason="She was ill last week")
        assert done["response_action"] == "update"
        assert "Done." in json.dumps(campus.window())
    assert len(campus.office.world.dump()["views"]) == 1


def test_a_window_that_cannot_be_opened_any_more_becomes_a_button(campus: SlackCampus) -> None:
    campus.office.world.open_case("dana")
    campus.office.works()
    element = campus.button("view")
    body = campus.interaction(
        "bob", "block_actions", actions=[element], channel={"id": LANG}, container={}
    )
    campus.office.clock.forward(seconds=4)

    campus.delivers(body)

    (sent,) = campus.slack.shown("D0BOB")
    campus.clicks("bob", campus.button("view", sent.body["blocks"]), "D0BOB")
    assert campus.window()["callback_id"] == "view"


def test_a_mention_and_a_line_in_the_chat_are_commands(campus: SlackCampus) -> None:
    campus.office.world.open_case("dana")
    mention = {"type": "app_mention", "user": user_id("alice"), "channel": LANG}
    campus.event({**mention, "text": f"<@{BOT}> today", "ts": "1.1"})
    assert "LANG-1" in campus.told()

    campus.workspace.direct(TEAM, user_id("alice"))
    campus.says("alice", "today", "D0ALICE")

    assert "LANG-1" in json.dumps(campus.slack.shown("D0ALICE")[-1].body)


def test_home_shows_what_is_mine(campus: SlackCampus) -> None:
    campus.office.world.open_case("dana")
    campus.types("alice", "take LANG-1")

    campus.event({"type": "app_home_opened", "user": user_id("alice"), "tab": "home"})

    page = campus.slack.homes[user_id("alice")]
    assert "Needs your view" in json.dumps(page)
    opening = campus.button("show", page["blocks"])
    campus.interacts(
        "alice",
        "block_actions",
        actions=[{**opening, "action_ts": "1"}],
        view={"id": "V1", "type": "home", "hash": "1"},
        container={"type": "view"},
    )
    assert campus.window()["title"]["text"] == "LANG-1"


def test_a_message_is_added_to_a_case(campus: SlackCampus) -> None:
    campus.office.world.open_case("dana")
    message = {"ts": "1.1", "text": f"She *called* me, <@{user_id('bob')}> &amp; is ill"}
    campus.interacts(
        "alice",
        "message_action",
        callback_id="add-to-case",
        message=message,
        channel={"id": LANG},
    )

    assert campus.submits("alice", campus.window(), case="1") in ({}, {"response_action": "update"})

    (note,) = campus.office.world.rows(interventions)
    assert "is ill" in note["note"]
    assert "U0BOB" not in note["note"]


def test_a_thread_is_context_and_follows_its_messages(campus: SlackCampus) -> None:
    campus.office.world.open_case("dana")
    campus.office.works()
    root = campus.card().ts

    def kept() -> list[str]:
        return [row["body"] for row in campus.office.world.rows(remarks)]

    said = campus.says("bob", "She was ill", LANG, thread_ts=root)
    assert kept() == ["She was ill"]
    changed = {"type": "message", "subtype": "message_changed", "channel": LANG}
    campus.event({**changed, "message": {"ts": said, "text": "She is ill"}})
    assert kept() == ["She is ill"]
    link = f"https://lantern.example.ac.uk/student/{'x' * 20}.{'y' * 60}.{'z' * 43}"
    campus.event({**changed, "message": {"ts": said, "text": f"She sent <{link}> me"}})
    assert kept() == ["She sent https://lantern.example.ac.uk/student/… me"]
    gone = {"type": "message", "subtype": "message_deleted", "channel": LANG}
    campus.event({**gone, "deleted_ts": said})
    assert kept() == []


@pytest.mark.parametrize("who", ["stranger", "guest", "charlie"])
def test_others_in_a_thread_are_not_kept(campus: SlackCampus, who: str) -> None:
    campus.office.world.open_case("dana")
    campus.office.works()
    name = "bob" if who == "guest" else who
    if who == "guest":
        campus.slack.people[user_id("bob")].guest = True

    campus.says(name, "hello", LANG, thread_ts=campus.card().ts)

    assert campus.office.world.rows(remarks) == []


def test_pages_of_a_case_take_each_others_place_however_many_are_turned(
    campus: SlackCampus,
) -> None:
    """Slack stacks at most three windows and refuses a fourth."""
    world = campus.office.world
    case = world.open_case("dana")
    rang = "and nobody answered " * 90
    for number in range(30):
        log_intervention(
            world.store, world.by("alice"), case, InterventionKind.CALL, f"Rang <{number}> {rang}"
        )
    campus.office.works()
    campus.clicks("alice", campus.button("show"))
    window = campus.window()["id"]

    for page in (2, 3, 4, 5):
        shown = campus.window()
        rows = [block for block in shown["blocks"] if block["type"] == "actions"]
        earlier = [each for each in rows[-1]["elements"] if each["text"]["text"] == "Earlier"]
        acted = {**earlier[0], "action_ts": f"turn-{page}"}
        view = {"id": window, "type": "modal", "callback_id": "show"}
        campus.interacts("alice", "block_actions", actions=[acted], view=view)
        assert campus.window()["id"] == window, "no window on top of it"
        assert f"Page {page} of" in json.dumps(campus.window())
