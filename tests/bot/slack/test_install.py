"""Adding Lantern to a workspace by OAuth, and its going again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from bot.slack.manifest import SCOPES
from bot.slack.routes import INSTALL, INSTALLED
from integrations.chat.interface import Address, DeliveryError
from store.platforms import slack
from store.rules.model import Platform
from store.tables import slack_installations
from tests.bot.slack.campus import BY_OAUTH, LANG, SlackCampus, slack_campus_in
from tests.fakes.slack.records import OTHER_TEAM, TEAM, TOKEN

CARD = {"text": "A card", "blocks": [{"type": "divider"}]}


@pytest.fixture
def campus(tmp_path: Path) -> Iterator[SlackCampus]:
    with slack_campus_in(tmp_path / "home", installed=BY_OAUTH) as campus:
        campus.slack.tokens.clear()
        yield campus


def _get(campus: SlackCampus, path: str, **query: str) -> httpx.Response:
    return campus.runner.run(campus.http.get(path, params=query))


def _begin(campus: SlackCampus) -> str:
    """Opens the page; gives the state that leads on to Slack."""
    page = _get(campus, INSTALL)
    (link,) = [part for part in page.text.split('"') if part.startswith("https://slack.com/oauth")]
    asked = parse_qs(urlsplit(link.replace("&amp;", "&")).query)
    assert set(asked["scope"][0].split(",")) == set(SCOPES)
    assert asked["user_scope"] == [""] if "user_scope" in asked else True
    return asked["state"][0]


def _comes_back(campus: SlackCampus, team: str, state: str, code: str = "c") -> httpx.Response:
    campus.slack.codes[code] = team
    return _get(campus, INSTALLED, code=code, state=state)


def _posts(campus: SlackCampus) -> None:
    campus.workspace.post(Address(Platform.SLACK, TEAM, LANG), CARD, key="card:1")


def test_a_workspace_on_the_list_is_added_and_its_token_is_sealed(campus: SlackCampus) -> None:
    with pytest.raises(DeliveryError, match="/slack/install"):
        _posts(campus)

    assert _comes_back(campus, TEAM, _begin(campus)).status_code == 200

    _posts(campus)
    (row,) = campus.office.world.rows(slack_installations)
    (token,) = campus.slack.tokens
    assert slack.token(campus.office.services.store, TEAM) == token
    assert token not in str(row)
    assert len(campus.audited("install")) == 1


def test_any_other_workspace_is_refused_and_its_token_revoked(campus: SlackCampus) -> None:
    answer = _comes_back(campus, OTHER_TEAM, _begin(campus))

    assert answer.status_code == 500
    assert campus.slack.tokens == {}
    assert campus.office.world.rows(slack_installations) == []
    assert campus.audited("refused")


@pytest.mark.parametrize("wrong", ["again", "late", "forged", "another browser", "none"])
def test_only_who_began_here_comes_back_and_once(campus: SlackCampus, wrong: str) -> None:
    state = _begin(campus)
    match wrong:
        case "again":
            _comes_back(campus, TEAM, state)
            campus.slack.tokens.clear()
            campus.http.cookies.set("slack-app-oauth-state", state)
        case "late":
            campus.office.clock.forward(minutes=11)
        case "forged":
            state = f"{state[:-1]}{'0' if state[-1] != '0' else '1'}"
            campus.http.cookies.clear()
            campus.http.cookies.set("slack-app-oauth-state", state)
        case "another browser":
            campus.http.cookies.clear()
        case "none":
            state = ""

    assert _comes_back(campus, TEAM, state, "d").status_code in (400, 401)

    assert campus.slack.tokens == {}


def test_who_changes_their_mind_leaves_nothing(campus: SlackCampus) -> None:
    _begin(campus)
    assert "access_denied" in _get(campus, INSTALLED, error="access_denied").text
    assert campus.office.world.rows(slack_installations) == []


@pytest.mark.parametrize(
    "event",
    [
        {"type": "app_uninstalled"},
        {"type": "tokens_revoked", "tokens": {"bot": ["U0LANTERN"]}},
    ],
)
def test_a_workspace_that_removes_lantern_takes_its_token_along(
    campus: SlackCampus, event: dict[str, object]
) -> None:
    _comes_back(campus, TEAM, _begin(campus))
    now = int(campus.office.clock().timestamp())

    campus.event(event, event_time=now - 60)
    assert slack.token(campus.office.services.store, TEAM), "an older one was meant"
    campus.event({"type": "tokens_revoked", "tokens": {"oauth": ["U0ALICE"]}}, event_time=now)
    assert slack.token(campus.office.services.store, TEAM), "a person's was meant"
    campus.event(event, event_time=now)

    assert campus.office.world.rows(slack_installations) == []
    assert len(campus.audited("uninstall")) == 1


def test_one_workspace_never_gets_the_others_token(campus: SlackCampus) -> None:
    campus.slack.tokens[TOKEN] = OTHER_TEAM
    slack.install(campus.office.services.store, slack.Installation(TEAM, TOKEN))

    with pytest.raises(DeliveryError, match="cannot find this channel"):
        _posts(campus)
    assert campus.slack.messages == []
