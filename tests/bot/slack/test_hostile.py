"""Hostile requests through Slack, and people whose Slack account has changed or is foreign."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

import pytest
import sqlalchemy as sa

from store.rules.model import OutboxKind
from store.tables import outbox, staff, staff_roles
from tests.bot.slack.campus import LANG, SlackCampus, user_id
from tests.fakes.slack.records import OTHER_TEAM, TEAM, TOKEN, SlackPerson
from worker.jobs.notices.deliver import announce_due

Json = dict[str, Any]

ODD_IDS: tuple[object, ...] = (
    {"case": "2"},
    {"case": "999999999999999999999999"},
    {"case": "-1"},
    {"case": "1 OR 1=1"},
    {"case": "\u0661"},
    {"case": "1\0"},
    {"case": ["1"]},
    {"case": {"id": "1"}},
    ["1"],
    "1",
    None,
)


def _unchanged(campus: SlackCampus) -> Json:
    kept = ("cases", "views", "outreach", "interventions", "identities", "staff_roles", "outbox")
    dump = campus.office.world.dump()
    return {name: dump[name] for name in kept}


def test_ids_of_ones_own_making_reach_no_case(campus: SlackCampus) -> None:
    """The second case belongs to another school; the other ids belong to no case."""
    world = campus.office.world
    world.open_case("dana")
    assert world.open_case("mira") == 2
    campus.office.works()
    before = _unchanged(campus)

    for ids in ODD_IDS:
        packed = json.dumps(ids)
        for action in ("take", "show", "view", "close", "reveal", "history"):
            campus.clicks(
                "alice", {"type": "button", "action_id": f"{action}#0.0", "value": packed}
            )
            window: Json = {"id": "V1", "type": "modal", "callback_id": action, "hash": packed}
            window |= {"private_metadata": packed, "state": {"values": {}}}
            campus.interacts("alice", "view_submission", view=window)

    assert _unchanged(campus) == before
    told = [campus.slack.ephemerals, campus.slack.opened]
    for private in ("Mira", "Traceback", "sqlalchemy"):
        assert private not in json.dumps(told, default=str)


@pytest.mark.parametrize(
    "body",
    [
        urlencode({"payload": "null"}),
        urlencode({"payload": "[]"}),
        urlencode({"payload": "{}"}),
        urlencode({"payload": "{"}),
        urlencode({"payload": json.dumps({"type": "block_actions", "actions": []})}),
        urlencode({"payload": json.dumps({"type": "view_submission", "view": {}})}),
        urlencode({"payload": json.dumps({"type": "view_submission", "view": None})}),
        json.dumps({"type": "event_callback", "event": None}),
        json.dumps({"type": "event_callback", "event": {"type": "message", "ts": {}}}),
        json.dumps([]),
        json.dumps("a" * 1000),
        "",
    ],
)
def test_what_is_signed_and_makes_no_sense_is_answered_and_does_nothing(
    campus: SlackCampus, body: str
) -> None:
    campus.office.world.open_case("dana")
    before = _unchanged(campus)

    assert campus.delivers(body).status_code < 500

    assert _unchanged(campus) == before


def test_what_is_longer_than_its_field_is_refused_beside_it(campus: SlackCampus) -> None:
    campus.office.world.open_case("dana")
    campus.types("bob", "view LANG-1")

    answer = campus.submits("bob", campus.window(), opinion="wait", reason="too long " * 20_000)

    assert list(answer["errors"]) == ["reason"]
    assert campus.office.world.dump()["views"] == []


def test_a_role_that_ends_while_a_window_is_open_ends_the_window(campus: SlackCampus) -> None:
    world = campus.office.world
    world.open_case("dana")
    campus.types("lena", "assign LANG-1")
    window, before = campus.window(), world.case(1)
    with world.store.unit_of_work() as work:
        mine = sa.select(staff.c.id).where(staff.c.email == "lena@example.ac.uk").scalar_subquery()
        work.connection.execute(sa.delete(staff_roles).where(staff_roles.c.staff_id == mine))

    campus.submits("lena", window, colleague=str(world.staff("alice")))

    assert world.case(1) == before
    assert campus.audited("refused")


@pytest.mark.parametrize(
    ("team", "home", "user"),
    [
        (OTHER_TEAM, TEAM, "U0ALICE"),
        (TEAM, OTHER_TEAM, "U0ALICE"),
        ("E0ORG", TEAM, "U0ALICE"),
        (TEAM, "E0ORG", "U0ALICE"),
        ("", "", "U0ALICE"),
        (TEAM, TEAM, "W0ALICE"),
        (TEAM, TEAM, ""),
    ],
)
def test_an_account_of_another_workspace_or_organisation_is_refused(
    campus: SlackCampus, team: str, home: str, user: str
) -> None:
    """A person in two workspaces has two accounts, and only one of them is enrolled."""
    campus.slack.people["W0ALICE"] = SlackPerson("W0ALICE", "alice@example.ac.uk", team="E0ORG")
    case = campus.office.world.open_case("dana")
    before = campus.office.world.case(case)
    payload = {
        "type": "block_actions",
        "team": {"id": team} if team.startswith("T") else None,
        "enterprise": {"id": team} if team.startswith("E") else None,
        "user": {"id": user, "team_id": home},
        "channel": {"id": LANG},
        "trigger_id": campus.slack.trigger(user_id("alice")),
        "actions": [{"type": "button", "action_id": "take#0.0", "value": '{"case":"1"}'}],
    }
    if team.startswith("E"):
        payload["user"] = {"id": user, "team_id": team}

    assert campus.delivers(urlencode({"payload": json.dumps(payload)})).status_code == 200

    assert campus.office.world.case(case) == before
    assert campus.audited("refused")


@pytest.mark.parametrize("code", ["token_revoked", "not_in_channel"])
def test_a_card_waits_as_long_as_lantern_is_kept_out(campus: SlackCampus, code: str) -> None:
    world, services = campus.office.world, campus.office.services
    world.open_case("dana")
    campus.slack.faults = [("chat.postMessage", code)] * (25)
    for _ in range(25):
        announce_due(services, OutboxKind.CARD)
        campus.office.clock.forward(minutes=16)
    assert campus.slack.faults == []
    assert campus.slack.shown(LANG) == []

    announce_due(services, OutboxKind.CARD)

    assert len(campus.slack.shown(LANG)) == 1
    assert {row["state"] for row in world.rows(outbox, kind="card")} == {"sent"}
    assert TOKEN not in str(world.rows(outbox))
