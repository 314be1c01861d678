"""Posting to Slack at its rate limit, with errors that say what to do."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest

from integrations.chat.interface import Address, DeliveryError, MessageRef
from integrations.chat.slack.credentials import account_of
from integrations.chat.slack.workspace import SlackWorkspace
from integrations.settings import WrongSetting, load_settings
from store.rules.model import Platform
from tests.fakes.slack.records import BOT, TEAM, TOKEN, SlackChannel
from tests.fakes.slack.service import FakeSlack
from tests.integrations.slack_workspace import (
    CARD,
    HERE,
    Opens,
    address_of_api,
    clock,
    opens,
    slack,
    workspace,
)
from tests.stores import FakeClock

__all__ = ["address_of_api", "clock", "opens", "slack", "workspace"]


def test_a_channel_gets_one_message_a_second(
    workspace: SlackWorkspace, slack: FakeSlack, clock: FakeClock
) -> None:
    before = clock()

    for number in range(10):
        workspace.post(HERE, CARD, key=f"card:{number}")

    assert slack.too_fast == 0
    assert clock() - before <= dt.timedelta(seconds=9.5)


def test_retry_after_is_kept_to(
    workspace: SlackWorkspace, slack: FakeSlack, clock: FakeClock
) -> None:
    slack.faults.append(("chat.postMessage", "429"))
    with pytest.raises(DeliveryError) as refused:
        workspace.post(HERE, CARD, key="card:1")
    assert refused.value.retry_after == dt.timedelta(seconds=2)
    before = clock()

    workspace.post(HERE, CARD, key="card:1")

    assert clock() - before >= dt.timedelta(seconds=2)


def test_a_pause_is_kept_by_every_method_and_answered_with_silence(
    workspace: SlackWorkspace, slack: FakeSlack, clock: FakeClock
) -> None:
    posted = workspace.post(HERE, CARD, key="card:1")
    slack.faults.append(("chat.update", "429 long"))
    for _ in range(5):
        with pytest.raises(DeliveryError) as refused:
            workspace.update(posted, CARD)
        assert refused.value.retry_after

    assert slack.calls.count("chat.update") == 1
    clock.forward(seconds=60)
    workspace.update(posted, CARD)


def test_a_second_channel_that_is_refused_means_the_whole_workspace(
    workspace: SlackWorkspace, slack: FakeSlack
) -> None:
    slack.faults += [("chat.postMessage", "429 long")] * 2
    for name in ("C1", "C2", "C3", "C4"):
        slack.channels[name] = SlackChannel(name, ["U1", BOT])
        with pytest.raises(DeliveryError):
            workspace.post(Address(Platform.SLACK, TEAM, name), CARD, key="card:1")

    assert slack.calls.count("chat.postMessage") == 2


@pytest.mark.parametrize(
    ("change", "permanent", "says"),
    [
        ("not in it", False, "/invite"),
        ("no such channel", False, "cannot find this channel"),
        ("scope", False, "scope"),
        ("blocks", True, "refused again"),
    ],
)
def test_a_refusal_says_what_to_do(
    workspace: SlackWorkspace, slack: FakeSlack, change: str, permanent: bool, says: str
) -> None:
    card = CARD
    if change == "not in it":
        slack.channels["C1"].members.remove(BOT)
    elif change == "no such channel":
        del slack.channels["C1"]
    elif change == "scope":
        slack.scopes.discard("chat:write")
    else:
        card = {**CARD, "blocks": [{"type": "divider"}] * 51}

    with pytest.raises(DeliveryError, match=says) as refused:
        workspace.post(HERE, card, key="card:1")
    assert refused.value.permanent is permanent
    assert slack.messages == []


def test_a_wrong_token_posts_nothing(opens: Opens, slack: FakeSlack) -> None:
    with pytest.raises(DeliveryError, match="invalid_auth"):
        opens("xoxb-wrong").post(HERE, CARD, key="card:1")
    assert slack.messages == []


def test_another_workspace_is_never_written_to(workspace: SlackWorkspace, slack: FakeSlack) -> None:
    with pytest.raises(DeliveryError, match="not in SLACK_TEAMS"):
        workspace.post(Address(Platform.SLACK, "T0ELSEWHERE", "C1"), CARD, key="card:1")
    assert slack.calls == []


def test_a_message_is_changed_and_deleted(workspace: SlackWorkspace, slack: FakeSlack) -> None:
    posted = workspace.post(HERE, CARD, key="card:1")
    workspace.update(posted, {**CARD, "text": "Changed"})
    assert slack.shown("C1")[0].body["text"] == "Changed"

    workspace.delete(posted)
    workspace.delete(MessageRef(HERE, posted.message))

    assert slack.messages == []


@pytest.mark.parametrize(
    ("method", "code", "says"),
    [
        ("chat.delete", "cant_delete_message", "its own messages only"),
        ("chat.delete", "compliance_exports_prevent_deletion", "compliance"),
        ("chat.update", "edit_window_closed", "of this age"),
        ("chat.update", "message_not_found", "the message is no longer in Slack"),
    ],
)
def test_what_slack_refuses_to_erase_is_said_plainly_and_for_good(
    workspace: SlackWorkspace, slack: FakeSlack, method: str, code: str, says: str
) -> None:
    posted = workspace.post(HERE, CARD, key="card:1")
    slack.faults.append((method, code))

    asked: dict[str, Callable[[], None]] = {
        "chat.delete": lambda: workspace.delete(posted),
        "chat.update": lambda: workspace.update(posted, CARD),
    }
    with pytest.raises(DeliveryError, match=says) as refused:
        asked[method]()

    assert refused.value.permanent


@pytest.mark.parametrize(
    "given",
    [
        {"slack_teams": TEAM},
        {"slack_bot_token": TOKEN, "slack_teams": TEAM},
        {"slack_bot_token": "xoxp-1", "slack_teams": TEAM, "slack_signing_secret": "s"},
        {"slack_bot_token": TOKEN, "slack_teams": "lantern", "slack_signing_secret": "s"},
        {"slack_bot_token": TOKEN, "slack_teams": TEAM, "slack_app_token": "x"},
        {"slack_bot_token": TOKEN, "slack_teams": "T0A1,T0B1", "slack_signing_secret": "s"},
        {"slack_client_id": "1.2", "slack_teams": TEAM, "slack_signing_secret": "s"},
        {"slack_client_secret": "c", "slack_teams": TEAM, "slack_signing_secret": "s"},
        {
            "slack_client_id": "1.2",
            "slack_client_secret": "c",
            "slack_bot_token": TOKEN,
            "slack_teams": TEAM,
            "slack_signing_secret": "s",
        },
        {
            "slack_bot_token": TOKEN,
            "slack_teams": TEAM,
            "slack_signing_secret": "s",
            "slack_api_url": "http://elsewhere/api",
        },
    ],
)
def test_half_an_account_is_a_wrong_setting(given: dict[str, str]) -> None:
    with pytest.raises(WrongSetting, match="SLACK_") as wrong:
        account_of(load_settings(**given))
    assert TOKEN not in str(wrong.value)


def test_without_any_setting_there_is_no_slack() -> None:
    assert account_of(load_settings()) is None
