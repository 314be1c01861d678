"""Installation of Lantern in a workspace by OAuth, and its removal."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from structlog.testing import capture_logs

from bot.slack.manifest import SCOPES
from bot.slack.routes import INSTALL, INSTALLED
from integrations.chat.interface import Address, DeliveryError
from store.platforms import slack
from store.rules.model import Platform
from store.tables import slack_installations
from tests.bot.slack.campus import BY_OAUTH, LANG, SlackCampus, slack_campus_in
from tests.fakes.slack.records import ORGANISATION, OTHER_TEAM, SISTER, TEAM, TOKEN
from worker.doctor.slack import examine_slack

STRANGE = "E0ELSEWHERE"
CARD = {"text": "A card", "blocks": [{"type": "divider"}]}


@pytest.fixture
def campus(tmp_path: Path) -> Iterator[SlackCampus]:
    with slack_campus_in(tmp_path / "home", installed=BY_OAUTH) as campus:
        campus.slack.tokens.clear()
        yield campus


def _get(campus: SlackCampus, path: str, **query: str) -> httpx.Response:
    return campus.runner.run(campus.http.get(path, params=query))


def _begin(campus: SlackCampus) -> str:
    """Open the page, and return the state that Slack passes back."""
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


# -- Organisation-wide installation, and tokens that expire --------------------------------------


@pytest.fixture
def whole(tmp_path: Path) -> Iterator[SlackCampus]:
    with slack_campus_in(tmp_path / "home", installed=BY_OAUTH, teams=ORGANISATION) as campus:
        campus.slack.tokens.clear()
        campus.slack.organisations[ORGANISATION] = {TEAM, SISTER}
        yield campus


def _posts_in(campus: SlackCampus, tenant: str, key: str = "card:1") -> None:
    campus.workspace.post(Address(Platform.SLACK, tenant, LANG), CARD, key=key)


def test_an_organisation_on_the_list_is_added_as_a_whole(whole: SlackCampus) -> None:
    assert _comes_back(whole, ORGANISATION, _begin(whole)).status_code == 200

    _posts_in(whole, ORGANISATION)
    (row,) = whole.office.world.rows(slack_installations)
    assert row["team"] == ORGANISATION
    whole.slack.organisations[ORGANISATION].discard(TEAM)
    whole.office.clock.forward(minutes=1)
    with pytest.raises(DeliveryError, match="administrator of the organisation can add it"):
        _posts_in(whole, ORGANISATION, "card:2")


@pytest.mark.parametrize("place", [STRANGE, OTHER_TEAM, TEAM])
def test_another_organisation_or_a_workspace_alone_is_refused(
    whole: SlackCampus, place: str
) -> None:
    assert _comes_back(whole, place, _begin(whole)).status_code == 500
    assert whole.slack.tokens == {}
    assert whole.office.world.rows(slack_installations) == []


def test_an_organisation_takes_its_token_along_and_one_of_its_workspaces_does_not(
    whole: SlackCampus,
) -> None:
    _comes_back(whole, ORGANISATION, _begin(whole))
    now = int(whole.office.clock().timestamp())
    gone = {"type": "app_uninstalled"}
    installed = {"enterprise_id": ORGANISATION, "team_id": TEAM, "is_enterprise_install": False}
    whole.event(gone, event_time=now, enterprise_id=ORGANISATION, authorizations=[installed])
    assert slack.token(whole.office.services.store, ORGANISATION)

    installed = {"enterprise_id": ORGANISATION, "team_id": None, "is_enterprise_install": True}
    whole.event(gone, event_time=now, enterprise_id=ORGANISATION, authorizations=[installed])
    assert slack.token(whole.office.services.store, ORGANISATION) is None


@pytest.fixture
def rotating(campus: SlackCampus) -> SlackCampus:
    """Provide an app with token rotation, to which Lantern was added a moment ago."""
    campus.slack.rotates = True
    _comes_back(campus, TEAM, _begin(campus))
    return campus


def _asked(campus: SlackCampus) -> int:
    return campus.slack.calls.count("oauth.v2.access")


def test_a_token_that_ends_is_renewed_before_it_does(rotating: SlackCampus) -> None:
    first = slack.token(rotating.office.services.store, TEAM)
    begun = _asked(rotating)
    for number in range(40):  # through two days
        rotating.office.clock.forward(hours=1)
        _posts_in(rotating, TEAM, f"card:{number}")

    assert len(rotating.slack.shown(LANG)) == 40
    assert 3 <= _asked(rotating) - begun <= 5
    now = slack.token(rotating.office.services.store, TEAM)
    assert now != first
    (row,) = rotating.office.world.rows(slack_installations)
    assert str(now) not in str(row)
    assert "xoxe" not in str(row)


def test_while_slack_does_not_renew_it_the_old_one_serves_until_its_end(
    rotating: SlackCampus,
) -> None:
    rotating.office.clock.forward(hours=10, minutes=30)
    rotating.slack.faults = [("oauth.v2.access", "500")]
    _posts_in(rotating, TEAM)
    assert len(rotating.slack.shown(LANG)) == 1
    rotating.office.clock.forward(minutes=2)
    _posts_in(rotating, TEAM, "card:2")
    assert rotating.slack.faults == []
    first, *_ = rotating.slack.refreshes
    assert first in rotating.slack.refreshes


def test_after_a_night_out_of_reach_an_ended_token_is_renewed_all_the_same(
    rotating: SlackCampus,
) -> None:
    rotating.office.clock.forward(hours=30)
    _posts_in(rotating, TEAM)
    assert len(rotating.slack.shown(LANG)) == 1


def test_one_that_slack_renews_no_more_says_what_to_do(rotating: SlackCampus) -> None:
    rotating.slack.refreshes.clear()
    rotating.office.clock.forward(hours=30)
    with pytest.raises(DeliveryError, match="install Lantern again") as refused:
        _posts_in(rotating, TEAM)
    assert refused.value.waits


def test_one_process_alone_renews_it(rotating: SlackCampus) -> None:
    """Slack accepts a refresh token once; the other processes use the old token meanwhile."""
    store = rotating.office.services.store
    rotating.office.clock.forward(hours=11)
    assert slack.claim_renewal(store, TEAM, rotating.office.clock() + dt.timedelta(minutes=1))
    before = _asked(rotating)
    _posts_in(rotating, TEAM)
    assert _asked(rotating) == before
    rotating.office.clock.forward(hours=1, minutes=1)
    _posts_in(rotating, TEAM, "card:2")
    assert _asked(rotating) == before + 1


def test_who_meets_a_renewal_under_way_tries_again_soon_and_nobody_is_told(
    rotating: SlackCampus,
) -> None:
    """After a night offline all processes try to renew at once, and only one can succeed."""
    store = rotating.office.services.store
    rotating.office.clock.forward(hours=30)
    assert slack.claim_renewal(store, TEAM, rotating.office.clock() + dt.timedelta(minutes=1))

    with pytest.raises(DeliveryError, match="being renewed") as refused:
        _posts_in(rotating, TEAM)

    assert not refused.value.waits
    assert not refused.value.permanent
    assert "install" not in str(refused.value)


def test_the_doctor_says_that_a_token_is_not_renewed_while_it_still_works(
    rotating: SlackCampus,
) -> None:
    def failures() -> list[str]:
        found = [str(each) for each in examine_slack(rotating.office.services)]
        return [each for each in found if each.startswith("FAIL") and "renew" in each]

    rotating.office.clock.forward(hours=10, minutes=5)
    rotating.slack.refreshes.clear()
    with capture_logs() as logged:
        for number in range(20):
            _posts_in(rotating, TEAM, f"card:{number}")
            rotating.office.clock.forward(minutes=1)

    (told,) = failures()
    assert "/slack/install" in told
    assert len([each for each in logged if "not renewed" in each["event"]]) == 1
    _comes_back(rotating, TEAM, _begin(rotating), "d")
    assert failures() == []
