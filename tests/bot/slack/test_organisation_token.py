"""An organisation's token: who it belongs to, which settings it needs, and when it expires."""

from __future__ import annotations

import pytest

from bot.slack.manifest import manifest
from integrations.chat.slack.credentials import account_of
from integrations.settings import WrongSetting, load_settings
from tests.bot.slack.campus import LANG
from tests.fakes.slack.records import APP_TOKEN, ORGANISATION, SISTER, TEAM, TOKEN
from worker.setup.slack import channel_of


def test_whose_workspace_a_link_is_of() -> None:
    both = (TEAM, ORGANISATION)
    copied, own = f"https://x.slack.com/archives/{LANG}", f"https://app.slack.com/client/{TEAM}"
    assert channel_of(copied, (ORGANISATION,)) == (ORGANISATION, LANG)
    assert channel_of(f"{own}/{LANG}", both) == (TEAM, LANG)
    assert channel_of(f"https://app.slack.com/client/{SISTER}/{LANG}", both) == (ORGANISATION, LANG)
    whole = f"https://app.slack.com/client/{ORGANISATION}/{LANG}"
    assert channel_of(whole, both) == (ORGANISATION, LANG)


def test_an_app_for_an_organisation_says_so() -> None:
    assert manifest("", org=True)["settings"]["org_deploy_enabled"] is True
    assert manifest("")["settings"]["org_deploy_enabled"] is False


@pytest.mark.parametrize(
    ("teams", "is_fine"),
    [
        (ORGANISATION, True),
        (f"{TEAM},{ORGANISATION}", True),
        (f"{ORGANISATION},E0SECOND", False),
        (f"{TEAM},{SISTER}", False),
        ("W0ELSE", False),
    ],
)
def test_a_token_that_was_set_is_one_workspaces_or_one_organisations(
    teams: str, is_fine: bool
) -> None:
    settings = load_settings(slack_bot_token=TOKEN, slack_app_token=APP_TOKEN, slack_teams=teams)
    if is_fine:
        account = account_of(settings)
        assert account
        assert account.organisations == (ORGANISATION,)
        return
    with pytest.raises(WrongSetting, match=r"SLACK_TEAMS cannot be used: .*organisation"):
        account_of(settings)


def test_a_token_that_ends_is_no_setting() -> None:
    settings = load_settings(
        slack_bot_token="xoxe.xoxb-1-invented",
        slack_app_token=APP_TOKEN,
        slack_teams=TEAM,
    )
    with pytest.raises(WrongSetting, match=r"SLACK_BOT_TOKEN .*twelve hours.*SLACK_CLIENT_ID"):
        account_of(settings)
