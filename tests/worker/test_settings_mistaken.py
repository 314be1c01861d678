"""An invalid setting is named with its correct form, and the process does not start."""

from __future__ import annotations

from pathlib import Path

import pytest

from integrations.chat.slack.credentials import account_of as slack_account
from integrations.chat.teams.credentials import account_of as teams_account
from integrations.settings import WrongSetting, load_settings

ENTRA_ID = "11111111-1111-1111-1111-111111111111"


@pytest.mark.parametrize(
    ("home", "said"),
    [
        ("'lantern'", "quotes stand around its value"),
        ('"lantern"', "quotes stand around its value"),
        ("~/lantern", "it must be a whole path"),
        ("lantern ", "it must not begin or end with a blank"),
    ],
)
def test_a_home_written_amiss_begins_no_empty_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, home: str, said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LANTERN_HOME", home)
    with pytest.raises(WrongSetting, match=f"LANTERN_HOME cannot be used: {said}"):
        load_settings()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("SLACK_BOT_TOKEN", "xoxp-hush", "must begin with xoxb-.*; this is a person's token"),
        ("SLACK_BOT_TOKEN", "xapp-hush", "must begin with xoxb-.*; this is the app-level token"),
        ("SLACK_APP_TOKEN", "xoxb-hush", "must begin with xapp-.*; this is the bot token"),
        ("SLACK_APP_TOKEN", "hush", r"must begin with xapp- .*of the app\)\.$"),
    ],
)
def test_a_token_in_the_wrong_setting_is_named_by_its_kind(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, said: str
) -> None:
    given = {"SLACK_TEAMS": "T012AB3CD", "SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1"}
    for each, right in given.items():
        monkeypatch.setenv(each, right)
    monkeypatch.setenv(name, value)
    with pytest.raises(WrongSetting, match=said) as refused:
        slack_account(load_settings())
    assert "hush" not in str(refused.value)


@pytest.mark.parametrize("name", ["TEAMS_TENANTS", "TEAMS_CLIENT_ID"])
@pytest.mark.parametrize(
    "value", ["university.example", f"{{{'1' * 8}-1111-1111-1111-{'1' * 12}}}"]
)
def test_an_id_with_braces_or_a_domain_is_told_how_ids_look(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    for each in ("TEAMS_TENANTS", "TEAMS_CLIENT_ID"):
        monkeypatch.setenv(each, ENTRA_ID)
    monkeypatch.setenv("TEAMS_CLIENT_SECRET", "hush")
    monkeypatch.setenv(name, value)
    with pytest.raises(WrongSetting, match=f"{name} cannot be used: .* without braces and not a"):
        teams_account(load_settings())
