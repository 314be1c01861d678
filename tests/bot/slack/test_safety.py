"""What is forged, old or repeated has no effect, and nobody from outside gets in."""

from __future__ import annotations

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.bot.slack.campus import LANG, SlackCampus, long_ago, user_id
from tests.fakes.slack.service import OTHER_TEAM

ACTIONS = ("take", "view", "draft", "approve", "close", "pause", "show", "reveal", "assign")


def _state(campus: SlackCampus) -> dict[str, object]:
    dump = campus.office.world.dump()
    return {name: rows for name, rows in dump.items() if name not in ("audit", "audit_head")}


@settings(
    max_examples=1000,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    derandomize=True,
    database=None,
)
@given(
    st.sampled_from(["signature", "timestamp", "body", "none", "old"]),
    st.binary(min_size=1, max_size=8),
)
def test_what_slack_did_not_sign_has_no_effect(
    campus: SlackCampus, wrong: str, noise: bytes
) -> None:
    if not campus.office.world.dump()["cases"]:
        campus.office.world.open_case("dana")
    before = _state(campus)
    body = campus.command("alice", "take LANG-1")
    headers = campus.slack.signed(body, long_ago() if wrong == "old" else None)
    if wrong == "signature":
        headers["X-Slack-Signature"] = f"v0={noise.hex()}"
    elif wrong == "timestamp":
        headers["X-Slack-Request-Timestamp"] = str(int.from_bytes(noise))
    elif wrong == "body":
        body += f"&extra={noise.hex()}"
    elif wrong == "none":
        headers = {}

    assert campus.delivers(body, headers).status_code == 401

    assert _state(campus) == before
    assert campus.slack.ephemerals == []


def test_a_replay_does_nothing_more(campus: SlackCampus) -> None:
    campus.office.world.open_case("dana")
    body = campus.command("alice", "take LANG-1")
    headers = campus.slack.signed(body)
    campus.delivers(body, headers)
    campus.types("bob", "assign LANG-1 bob")
    before, said = _state(campus), len(campus.slack.ephemerals)

    for _ in range(3):
        assert campus.delivers(body, headers).status_code == 200

    assert _state(campus) == before
    assert len(campus.slack.ephemerals) == said


@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize("wrong", ["external", "guest", "bot", "deactivated", "school", "revoked"])
def test_every_action_refuses_the_wrong_people(
    campus: SlackCampus, action: str, wrong: str
) -> None:
    campus.office.world.open_case("dana")
    name = "max" if wrong == "school" else "alice"
    person = campus.slack.people[user_id(name)]
    match wrong:
        case "external":
            person.team = OTHER_TEAM
        case "guest":
            person.guest = True
        case "bot":
            person.bot = True
        case "deactivated":
            person.deleted = True
        case "revoked":
            campus.office.leaves(name)
    before = campus.office.world.dump()["cases"]
    element = {"type": "button", "action_id": f"{action}#0.0", "value": json.dumps({"case": "1"})}

    campus.clicks(name, element)

    assert campus.office.world.dump()["cases"] == before
    assert campus.slack.opened == []
    assert campus.audited("refused")
    assert "Dana" not in str(campus.slack.ephemerals)


def test_a_role_that_was_just_taken_away_counts_at_the_click(campus: SlackCampus) -> None:
    campus.office.world.open_case("dana")
    campus.types("alice", "today")
    campus.office.leaves("alice")

    campus.types("alice", "take LANG-1")

    assert "not active" in campus.told()


@pytest.mark.parametrize("wrong", ["guest", "public", "shared"])
def test_a_channel_that_is_no_longer_private_is_closed(campus: SlackCampus, wrong: str) -> None:
    campus.office.world.open_case("dana")
    campus.office.works()
    channel = campus.slack.channels[LANG]
    if wrong == "guest":
        campus.slack.people[user_id("lena")].guest = True
    channel.is_private = wrong != "public"
    channel.is_ext_shared = wrong == "shared"

    campus.event({"type": "member_joined_channel", "user": user_id("lena"), "channel": LANG})

    assert "withdrawn" in json.dumps(campus.card().body)
    assert len(campus.audited("close-channel")) == 1
    campus.types("bob", "take LANG-1")
    campus.office.works()
    assert "withdrawn" in json.dumps(campus.card().body)


def test_garbage_that_is_signed_is_answered(campus: SlackCampus) -> None:
    for element in ({"type": "button", "action_id": "take#1", "value": "{"}, {"type": "button"}):
        campus.clicks("alice", element | {"action_id": "take#1"})
    assert "E-" in campus.told()
    assert campus.event({"type": "something_new"}).status_code == 200
    assert campus.delivers("x" * (1024 * 1024 + 1)).status_code == 413
