"""The app manifest that an administrator pastes at api.slack.com/apps."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

import bot.slack
from bot.add_to_case import ADD
from bot.slack.manifest import EVENTS_HEARD, SCOPES, THREADS, manifest
from store.rules.errors import InvalidInput
from tests.fakes.slack.records import SCOPES as ENOUGH

URL = "https://lantern.example.ac.uk"
LONGEST = {"name": 35, "description": 140, "long_description": 4000}
"""Most characters of each field (docs.slack.dev/reference/app-manifest)."""
NEEDED_FOR = {
    "app_mention": {"app_mentions:read"},
    "channel_shared": {"channels:read", "groups:read"},
    "channel_unshared": {"channels:read", "groups:read"},
    "member_joined_channel": {"channels:read", "groups:read"},
    "message.groups": {"groups:history"},
    "message.im": {"im:history"},
    "user_change": {"users:read"},
}
"""Scopes that Slack requires for each event (docs.slack.dev/reference/events)."""


def _urls(made: Any) -> list[str]:
    return re.findall(r"https://[^\"]+", json.dumps(made))


def test_over_http_every_address_is_lanterns_own() -> None:
    made = manifest(f"{URL}/")

    assert set(_urls(made)) == {f"{URL}/slack/events"}
    assert len(_urls(made)) == 3
    assert made["settings"]["socket_mode_enabled"] is False


def test_over_a_socket_there_is_no_address() -> None:
    made = manifest()

    assert _urls(made) == []
    assert made["settings"]["socket_mode_enabled"] is True


def test_texts_are_as_long_as_slack_takes() -> None:
    shown = manifest(URL)["display_information"]

    assert all(len(shown[name]) <= most for name, most in LONGEST.items())
    assert len(shown["long_description"]) >= 174
    assert manifest(URL)["features"]["shortcuts"][0]["callback_id"] == ADD


@pytest.mark.parametrize("threads", [False, True])
def test_it_asks_for_what_is_explained_and_enough_for_what_it_hears(*, threads: bool) -> None:
    made = manifest(URL, threads=threads)
    scopes = set(made["oauth_config"]["scopes"]["bot"])
    heard = set(made["settings"]["event_subscriptions"]["bot_events"])

    assert "user" not in made["oauth_config"]["scopes"]
    assert scopes == set(SCOPES) == ENOUGH
    assert heard == {*EVENTS_HEARD, *(THREADS if threads else ())}
    for event in heard & set(NEEDED_FOR):
        assert NEEDED_FOR[event] <= scopes, event


def test_several_workspaces_come_back_to_us_alone() -> None:
    made = manifest(URL, oauth=True)["oauth_config"]
    assert made["redirect_urls"] == [f"{URL}/slack/oauth_redirect"]
    assert "redirect_urls" not in manifest(URL)["oauth_config"]


@pytest.mark.parametrize(
    ("url", "oauth"), [("http://lantern.example", False), ("lantern", False), ("", True)]
)
def test_an_address_that_slack_does_not_take_is_said(url: str, *, oauth: bool) -> None:
    with pytest.raises(InvalidInput):
        manifest(url, oauth=oauth)


def test_the_readme_explains_every_scope_and_event() -> None:
    readme = (Path(bot.slack.__path__[0]) / "README.md").read_text(encoding="utf-8")

    for name in (*SCOPES, *EVENTS_HEARD, *THREADS):
        assert f"`{name}`" in readme
    named = re.findall(r"^\| `([a-z_.:]+)` \|", readme, re.MULTILINE)
    assert set(named) == set(SCOPES)
