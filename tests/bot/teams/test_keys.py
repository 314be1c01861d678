"""Teams's signing keys: fetched again when they change, and not for every unknown key."""

from __future__ import annotations

from bot.teams import signing_keys as signing
from tests.bot.teams.campus import Campus
from tests.fakes.graph.entra import CLIENT
from tests.fakes.teams.keys import claims_for
from tests.fakes.teams.service import SERVICE_URL


def test_a_key_that_is_rotated_is_found_and_the_old_one_forgotten(campus: Campus) -> None:
    assert campus.says("alice", "today")
    old = campus.teams.keys.token(claims_for(CLIENT, SERVICE_URL))
    campus.teams.keys.rotate()
    made = campus.activity("alice", type="message", text="today")

    assert campus.delivers(made).status_code == 401, "so soon after the last look"
    signing_pause = signing.PAUSE
    try:
        signing.PAUSE = signing_pause * 0
        assert campus.delivers(made).status_code == 200
    finally:
        signing.PAUSE = signing_pause
    assert (
        campus.delivers(campus.activity("alice", type="message", text="x"), old).status_code == 401
    )


def test_unknown_keys_do_not_make_lantern_ask_on_and_on(campus: Campus) -> None:
    campus.says("alice", "today")
    for number in range(100, 106):
        forged = campus.teams.keys.token(claims_for(CLIENT, SERVICE_URL), number)
        assert campus.delivers(campus.activity("alice", type="message"), forged).status_code == 401

    assert campus.teams.keys.asked == 1


def test_a_key_that_is_not_endorsed_for_teams_signs_nothing(campus: Campus) -> None:
    campus.teams.keys.endorsed = ("webchat",)

    answer = campus.delivers(campus.activity("alice", type="message", text="today"))

    assert answer.status_code == 401
