"""A person gets an answer even if Slack asks for a pause while they wait."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.bot.slack.campus import SlackCampus, slack_campus_in, user_id

SHORT, LONG = "429", "429 long"
"""Two seconds, and half a minute, which is too long to keep a person waiting."""


@pytest.fixture
def campus(tmp_path: Path) -> Iterator[SlackCampus]:
    """Provide a campus on which each answer is slow enough for a window to say so first."""
    with slack_campus_in(tmp_path / "home", patience=0.0) as made:
        made.office.world.open_case("dana")
        yield made


@pytest.fixture
def quick(tmp_path: Path) -> Iterator[SlackCampus]:
    with slack_campus_in(tmp_path / "home") as made:
        made.office.world.open_case("dana")
        yield made


def own_chat(campus: SlackCampus, name: str) -> str:
    return json.dumps([each.body for each in campus.slack.shown(f"D0{name.upper()}")])


@pytest.mark.parametrize("wait", [SHORT, LONG])
def test_a_window_that_may_not_be_opened_is_a_button(quick: SlackCampus, wait: str) -> None:
    quick.slack.faults.append(("views.open", wait))
    quick.types("bob", "view LANG-1")
    assert quick.slack.opened == []
    assert "Open" in own_chat(quick, "bob")

    before = quick.office.clock.now
    quick.types("bob", "view LANG-1")
    waited = quick.office.clock.now - before
    assert waited < dt.timedelta(seconds=2), "no one waits for a window that would come too late"
    assert len(quick.slack.shown("D0BOB")) == 2

    quick.office.clock.forward(minutes=1)
    (sent, _) = quick.slack.shown("D0BOB")
    quick.clicks("bob", quick.button("view", sent.body["blocks"]), "D0BOB")
    assert quick.window()["callback_id"] == "view"


def test_a_waiting_window_gets_its_form_after_the_pause(campus: SlackCampus) -> None:
    campus.slack.faults.append(("views.update", SHORT))
    campus.types("bob", "view LANG-1")

    assert campus.window()["callback_id"] == "view"
    assert "view" in json.dumps(campus.window())


def test_a_waiting_window_whose_form_may_not_come_is_a_button(campus: SlackCampus) -> None:
    campus.slack.faults.append(("views.update", LONG))
    campus.types("bob", "view LANG-1")

    assert "Open" in own_chat(campus, "bob")


@pytest.mark.parametrize(("wait", "where"), [(SHORT, "window"), (LONG, "chat")])
def test_a_form_that_took_longer_says_that_it_is_done(
    tmp_path: Path, wait: str, where: str
) -> None:
    with slack_campus_in(tmp_path / "home", form_patience=0.0) as campus:
        campus.office.world.open_case("dana")
        campus.types("bob", "view LANG-1")
        campus.slack.faults.append(("views.update", wait))
        campus.submits(
            "bob", campus.window(), opinion="contact-now", reason="She was ill last week"
        )

        said = json.dumps(campus.window()) if where == "window" else own_chat(campus, "bob")
        assert "Done." in said
    assert len(campus.office.world.dump()["views"]) == 1


def test_an_answer_in_the_own_chat_comes_after_the_pause(quick: SlackCampus) -> None:
    quick.types("alice", "help", channel="C0ELSEWHERE")
    quick.slack.faults.append(("chat.postMessage", SHORT))
    quick.says("alice", "today", "D0ALICE", channel_type="im")

    assert "LANG-1" in own_chat(quick, "alice")


@pytest.mark.parametrize(("wait", "where"), [(SHORT, "channel"), (LONG, "chat")])
def test_an_answer_in_a_channel_comes_after_the_pause_or_in_the_own_chat(
    quick: SlackCampus, wait: str, where: str
) -> None:
    quick.slack.faults.append(("chat.postEphemeral", wait))
    quick.types("alice", "today")

    assert "LANG-1" in (quick.told() if where == "channel" else own_chat(quick, "alice"))
    assert len(quick.slack.ephemerals) == (where == "channel")


def test_the_home_page_comes_after_the_pause(quick: SlackCampus) -> None:
    quick.slack.faults.append(("views.publish", SHORT))
    quick.event({"type": "app_home_opened", "user": user_id("alice"), "tab": "home"})

    assert user_id("alice") in quick.slack.homes
