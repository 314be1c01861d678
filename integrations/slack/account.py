"""Who Lantern is to Slack, from the settings."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pydantic import SecretStr

from integrations.settings import Settings, WrongSetting


@dataclass(frozen=True, slots=True)
class SlackAccount:
    """An app installed in one workspace, ``team``. With ``app_token`` Slack is reached over a
    socket (Socket Mode); without it, it signs its requests with ``signing_secret``."""

    team: str
    api_url: str
    bot_token: str
    signing_secret: str = ""
    app_token: str = ""

    def __repr__(self) -> str:
        return f"SlackAccount(team={self.team!r})"


def account_of(settings: Settings) -> SlackAccount | None:
    """The account that the settings describe; None where none of them is set.

    Raises:
        WrongSetting: they describe half of one, or something that is none.
    """
    bot, signing = _text(settings.slack_bot_token), _text(settings.slack_signing_secret)
    app = _text(settings.slack_app_token)
    if not (bot or signing or app or settings.slack_team):
        return None
    given = {
        "SLACK_BOT_TOKEN": bot,
        "SLACK_TEAM": settings.slack_team,
        "SLACK_SIGNING_SECRET (or SLACK_APP_TOKEN)": signing or app,
    }
    for name, value in given.items():
        if not value:
            raise WrongSetting(f"The setting {name} is missing: Slack needs it.")
    if not bot.startswith("xoxb-"):
        raise WrongSetting("The setting SLACK_BOT_TOKEN cannot be used: it begins with xoxb-.")
    if app and not app.startswith("xapp-"):
        raise WrongSetting("The setting SLACK_APP_TOKEN cannot be used: it begins with xapp-.")
    if not re.fullmatch(r"T[A-Z0-9]{2,20}", settings.slack_team):
        raise WrongSetting("The setting SLACK_TEAM cannot be used: it is an id such as T012AB3CD.")
    url = settings.slack_api_url
    if not url.startswith(("https://", "http://127.0.0.1:")):
        raise WrongSetting("The setting SLACK_API_URL cannot be used: it begins with https://.")
    return SlackAccount(settings.slack_team, f"{url.rstrip('/')}/", bot, signing, app)


def _text(secret: SecretStr | None) -> str:
    return secret.get_secret_value() if secret else ""
