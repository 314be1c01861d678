"""Lantern's identity at Slack, from the settings."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from pydantic import SecretStr

from integrations.settings import Settings, WrongSetting

_KINDS = {
    "xoxb-": "the bot token",
    "xapp-": "the app-level token",
    "xoxp-": "a person's token, with which Lantern would act as that person",
}
"""How Slack's tokens begin → what they are."""


@dataclass(frozen=True, slots=True)
class SlackAccount:
    """The app, and the ``teams`` whose people it listens to.

    ``teams`` are workspaces (``T…``) and whole organisations of Enterprise Grid (``E…``). With
    ``bot_token`` the app is installed by hand in the only one; with ``client_id`` in any of them by
    OAuth, and the store keeps their tokens. With ``app_token`` Slack is reached over a socket
    (Socket Mode); without it, Slack signs its requests with ``signing_secret``.
    """

    teams: tuple[str, ...]
    api_url: str
    bot_token: str = ""
    signing_secret: str = ""
    app_token: str = ""
    client_id: str = ""
    client_secret: str = ""

    @property
    def organisations(self) -> tuple[str, ...]:
        """The ids in ``teams`` that are whole organisations."""
        return tuple(each for each in self.teams if is_organisation(each))

    def listed(self, *ids: str) -> str:
        """Return the first of these ids that is among ``teams``; '' for none."""
        return next((each for each in ids if each in self.teams), "")

    def __repr__(self) -> str:
        return f"SlackAccount(teams={self.teams!r})"


def is_organisation(team: str) -> bool:
    """Return whether an id is an organisation's and not a workspace's."""
    return team.startswith("E")


def account_of(settings: Settings) -> SlackAccount | None:
    """Return the account from the settings; None where none of them is set.

    Raises:
        WrongSetting: the settings are incomplete or invalid.
    """
    secrets = (
        settings.slack_bot_token,
        settings.slack_signing_secret,
        settings.slack_app_token,
        settings.slack_client_secret,
    )
    bot, signing, app, client_secret = (_text(each) for each in secrets)
    client = settings.slack_client_id
    if not (bot or signing or app or client or client_secret or settings.slack_teams):
        return None
    teams = tuple(each.strip() for each in settings.slack_teams.split(",") if each.strip())
    _check_complete(
        {
            "SLACK_BOT_TOKEN (or SLACK_CLIENT_ID)": bot or client,
            "SLACK_TEAMS": settings.slack_teams,
            "SLACK_SIGNING_SECRET (or SLACK_APP_TOKEN)": signing or app,
            "SLACK_CLIENT_SECRET": client_secret or not client,
            "SLACK_CLIENT_ID": client or not client_secret,
        }
    )
    wrong = {
        "SLACK_BOT_TOKEN": (_of_bot(bot), bot and not bot.startswith("xoxb-")),
        "SLACK_CLIENT_ID": (
            "it cannot be combined with SLACK_BOT_TOKEN; leave one of them out",
            client and bot,
        ),
        "SLACK_APP_TOKEN": (
            _beginning("xapp-", "the app-level token under Basic Information", app),
            app and not app.startswith("xapp-"),
        ),
        "SLACK_TEAMS": (
            "it must list ids of workspaces such as T012AB3CD or of organisations such as "
            "E012AB3CD; with a bot token one workspace, or one organisation",
            _odd(teams, bot),
        ),
        "SLACK_API_URL": ("it must begin with https://", not _is_safe(settings.slack_api_url)),
    }
    for name, (why, is_wrong) in wrong.items():
        if is_wrong:
            raise WrongSetting(f"The setting {name} cannot be used: {why}.")
    url = f"{settings.slack_api_url.rstrip('/')}/"
    return SlackAccount(teams, url, bot, signing, app, client, client_secret)


def _check_complete(given: Mapping[str, object]) -> None:
    for name, value in given.items():
        if not value:
            raise WrongSetting(f"The setting {name} is missing: Slack needs it.")


def _odd(teams: tuple[str, ...], bot: str) -> bool:
    are_ids = all(re.fullmatch(r"[TE][A-Z0-9]{2,20}", each) for each in teams)
    whole = sum(is_organisation(each) for each in teams)
    # An organisation's token speaks to each of its workspaces too.
    is_one = whole == 1 or (not whole and len(teams) == 1)
    return not teams or not are_ids or bool(bot and not is_one)


def _of_bot(token: str) -> str:
    if token.startswith("xoxe."):
        return (
            "a token that begins with xoxe. expires after twelve hours, since the app rotates its "
            "tokens; use SLACK_CLIENT_ID and SLACK_CLIENT_SECRET in its place, which renew it"
        )
    return _beginning("xoxb-", "the bot token under OAuth & Permissions", token)


def _beginning(prefix: str, wanted: str, given: str) -> str:
    """Say how a token must begin, and what was given in its place where its beginning tells."""
    other = next((kind for start, kind in _KINDS.items() if given.startswith(start)), "")
    return f"it must begin with {prefix} ({wanted} of the app)" + (other and f"; this is {other}")


def _is_safe(url: str) -> bool:
    return url.startswith(("https://", "http://127.0.0.1:"))


def _text(secret: SecretStr | None) -> str:
    return secret.get_secret_value() if secret else ""
