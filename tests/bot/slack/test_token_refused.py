"""Forty clicks while Slack refuses the token: each is answered, and one line is logged."""

from __future__ import annotations

import pytest

from store.tables import cases, troubles
from tests.bot.slack.campus import LANG, SlackCampus
from tests.fakes.slack.records import TEAM, TOKEN
from worker.jobs.sweep import sweep


def test_who_clicks_is_told_though_the_token_is_refused(
    campus: SlackCampus, capsys: pytest.CaptureFixture[str]
) -> None:
    campus.office.world.open_case()
    campus.office.works()
    take = campus.button("take")
    before = campus.office.world.rows(cases)
    campus.slack.tokens = {}
    capsys.readouterr()
    for _ in range(20):
        campus.clicks("alice", take)
        campus.types("lena", "mine")

    said = [str(each) for _, each in campus.slack.answered]
    assert [who for who, _ in campus.slack.answered] == ["U0ALICE", "U0LENA"] * 20
    assert all("try again" in each.lower() for each in said), said[0]
    assert all("'replace_original': False" in each for each in said), "the card stays"
    assert campus.office.world.rows(cases) == before
    logged = capsys.readouterr().out
    assert logged.count("person not looked up") == 1
    assert logged.count("private answer not delivered") <= 1

    campus.slack.tokens = {TOKEN: TEAM}
    campus.clicks("alice", take)
    for _ in range(10):
        campus.office.clock.forward(minutes=1)
        sweep(campus.office.services)
        campus.office.works()
    assert "Alice Adviser" in str(campus.card(LANG).body)
    assert campus.office.world.rows(troubles) == []


@pytest.mark.parametrize(
    "address",
    [
        "http://hooks.slack.com/actions/T/1/x",
        "https://hooks.slack.com.evil.example/x",
        "https://evil.example/hooks.slack.com",
        "file:///etc/passwd",
    ],
)
def test_an_address_that_is_none_of_slacks_gets_nothing(campus: SlackCampus, address: str) -> None:
    campus.slack.tokens = {}
    campus.interacts(
        "alice",
        "block_actions",
        actions=[{"action_id": "take", "type": "button", "value": "", "action_ts": "1"}],
        channel={"id": LANG},
        container={"type": "message", "channel_id": LANG},
        response_url=address,
    )
    assert campus.slack.answered == []
