"""Forged, old and repeated requests have no effect, and no one from outside gets in."""

from __future__ import annotations

import json
import random

import pytest
import sqlalchemy as sa

from store.rules.model import Platform
from store.tables import channels
from tests.bot.slack.campus import LANG, SlackCampus, long_ago, user_id
from tests.fakes.slack.records import BOT, TEAM, SlackChannel
from tests.people import finding
from worker.jobs.schools.watch_channels import watch_channels

ALTERED = ("signature", "timestamp", "body", "none", "old", "replayed")
REQUESTS = 1000


def _state(campus: SlackCampus) -> dict[str, object]:
    dump = campus.office.world.dump()
    return {name: rows for name, rows in dump.items() if name not in ("audit", "audit_head")}


def _kinds(campus: SlackCampus) -> list[str]:
    """Return one body of each kind of request that would change something."""
    element = {"type": "button", "action_id": "take#0.0", "value": json.dumps({"case": "1"})}
    view = {"type": "modal", "callback_id": "take", "private_metadata": '{"case":"1"}'}
    said = {"type": "message", "channel": LANG, "user": user_id("alice"), "text": "take LANG-1"}
    event = {"type": "event_callback", "team_id": TEAM, "event_id": "Ev1", "event": said}
    return [
        campus.command("alice", "take LANG-1"),
        campus.interaction("alice", "block_actions", actions=[element], channel={"id": LANG}),
        campus.interaction(
            "alice", "view_submission", view={**view, "id": "V1", "state": {"values": {}}}
        ),
        campus.interaction(
            "alice", "message_action", callback_id="add-to-case", message={"text": "hello"}
        ),
        json.dumps(event),
    ]


def _altered(
    campus: SlackCampus, how: str, body: str, chance: random.Random
) -> tuple[str, dict[str, str]]:
    """Alter a request so that Slack did not send it, or did not send it now."""
    headers = {**campus.slack.signed(body, long_ago() if how == "old" else None)}
    noise = chance.randbytes(32).hex()
    match how:
        case "signature":
            headers["X-Slack-Signature"] = chance.choice([f"v0={noise}", "v0=é", ""])
        case "timestamp":
            headers["X-Slack-Request-Timestamp"] = chance.choice(["1", "soon", ""])
        case "body":
            body = f"{body}{chance.choice(' &0')}"
        case "none":
            headers = {}
    return body, headers


def test_1000_forged_stale_or_replayed_requests_have_no_effect(campus: SlackCampus) -> None:
    chance = random.Random(4)
    campus.office.world.open_case("dana")
    bodies = _kinds(campus)
    for body in bodies:
        campus.delivers(body)
    before, audited = _state(campus), campus.office.world.dump()["audit"]
    shown = len(campus.slack.ephemerals), len(campus.slack.opened), len(campus.slack.messages)

    for number in range(REQUESTS):
        how = ALTERED[number % len(ALTERED)]
        body, headers = _altered(campus, how, chance.choice(bodies), chance)
        answer = campus.delivers(body, headers)
        assert answer.status_code == (200 if how == "replayed" else 401), how

    assert _state(campus) == before
    assert campus.office.world.dump()["audit"] == audited
    assert shown == (
        len(campus.slack.ephemerals),
        len(campus.slack.opened),
        len(campus.slack.messages),
    )


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


def test_what_slack_does_not_tell_is_seen_within_a_minute_and_the_lead_is_told(
    campus: SlackCampus,
) -> None:
    for student in ("dana", "eli"):
        campus.office.world.open_case(student)
    campus.office.works()
    watch_channels(campus.office.services)
    campus.slack.channels[LANG].is_private = False
    campus.office.clock.forward(seconds=60)

    watch_channels(campus.office.services)
    campus.office.works()

    assert all("withdrawn" in json.dumps(each.body) for each in campus.slack.shown(LANG))
    (told,) = campus.slack.shown("D0LENA")
    assert "Dana" not in json.dumps(told.body)
    campus.office.world.screen(finding(campus.office.world.student("dana"), "another"))
    campus.office.works()
    assert len(campus.slack.shown(LANG)) == 2


def test_garbage_that_is_signed_is_answered(campus: SlackCampus) -> None:
    for element in ({"type": "button", "action_id": "take#1", "value": "{"}, {"type": "button"}):
        campus.clicks("alice", element | {"action_id": "take#1"})
    assert "E-" in campus.told()
    assert campus.event({"type": "something_new"}).status_code == 200
    assert campus.delivers("x" * (1024 * 1024 + 1)).status_code == 413


def test_in_a_workspace_of_many_channels_each_has_its_turn(campus: SlackCampus) -> None:
    """Slack's rate limits do not allow all of them to be checked in one minute."""
    world = campus.office.world
    rooms = [f"C{number}" for number in range(200, 280)]
    with world.store.unit_of_work() as work:
        work.connection.execute(
            sa.insert(channels),
            [
                {
                    "platform": Platform.SLACK,
                    "tenant": TEAM,
                    "name": room,
                    "school_id": world.school("LANG"),
                    "channel": room,
                }
                for room in rooms
            ],
        )
    for room in rooms:
        campus.slack.channels[room] = SlackChannel(room, [BOT], is_private=False)

    for _ in range(3):
        campus.office.clock.forward(minutes=1)
        watch_channels(campus.office.services)

    assert len(campus.audited("close-channel")) == len(rooms)
