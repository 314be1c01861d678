"""Lantern's identity at Microsoft Teams, from the settings."""

from __future__ import annotations

import re
from dataclasses import dataclass

from integrations.microsoft.credentials import (
    SYSTEM_IDENTITY,
    GraphAccount,
    is_entra_id,
    read_certificate,
)
from integrations.settings import Settings, WrongSetting

RESOURCE = "https://api.botframework.com"
"""The resource of tokens for Teams' connector. ``/.default`` is appended."""
PLAYGROUND_TENANT = "playground"
PLAYGROUND_HOST = "127.0.0.1"
PLAYGROUND_URL = "http://localhost:56150/_connector"
"""The playground's default address."""


@dataclass(frozen=True, slots=True)
class TeamsAccount:
    """A bot's identity. ``tenants`` are those whose people it listens to; the first is its home.

    Only ``hosts``, by exact name, ever get its access token. ``entra`` is None in the playground,
    which needs no token.
    """

    client_id: str
    tenants: tuple[str, ...]
    hosts: tuple[str, ...]
    entra: GraphAccount | None = None

    @property
    def is_playground(self) -> bool:
        """Whether unsigned activities are accepted, for a developer's own machine only."""
        return self.entra is None


def account_of(settings: Settings) -> TeamsAccount | None:
    """Return the account from the settings; None where none of them is set.

    Raises:
        WrongSetting: the settings are incomplete, or combine the playground with a real bot.
    """
    managed = settings.teams_managed_identity.strip().lower()
    keys = settings.teams_certificate or settings.teams_client_secret
    # The bot is the identity itself, so its ID need not be set twice.
    client_id = settings.teams_client_id.lower() or ("" if managed == SYSTEM_IDENTITY else managed)
    given = {
        "TEAMS_CLIENT_ID": bool(client_id),
        "TEAMS_TENANTS": bool(settings.teams_tenants),
        "TEAMS_CERTIFICATE": bool(keys or managed),
    }
    if settings.teams_playground:
        return _playground(settings, given)
    if not any(given.values()):
        return None
    for name, is_set in given.items():
        if not is_set:
            ways = " (or TEAMS_CLIENT_SECRET, or TEAMS_MANAGED_IDENTITY)"
            also = ways if name == "TEAMS_CERTIFICATE" else ""
            raise WrongSetting(f"The setting {name}{also} is missing: Microsoft Teams needs it.")
    tenants = _listed(settings.teams_tenants)
    for name, ids in (("TEAMS_CLIENT_ID", [client_id]), ("TEAMS_TENANTS", tenants)):
        if not all(is_entra_id(each) for each in ids):
            raise WrongSetting(
                f"The setting {name} cannot be used: it must hold IDs as Entra shows them, such as "
                "00000000-0000-0000-0000-000000000000, without braces and not a name or domain."
            )
    if managed:
        return TeamsAccount(
            client_id, tuple(tenants), tuple(_hosts(settings)), _identity(managed, client_id, keys)
        )
    certificate = read_certificate(settings.teams_certificate, "TEAMS_CERTIFICATE")
    secret = settings.teams_client_secret
    entra = GraphAccount(
        f"{RESOURCE}/v3",
        f"{settings.graph_authority.rstrip('/')}/{tenants[0]}",
        client_id,
        certificate=certificate,
        secret=secret.get_secret_value() if secret and not certificate else "",
    )
    return TeamsAccount(client_id, tuple(tenants), tuple(_hosts(settings)), entra)


def _identity(managed: str, client_id: str, keys: object) -> GraphAccount:
    """Return a managed identity as the account that signs in. Raises ``WrongSetting``."""
    if keys:
        raise WrongSetting(
            "The setting TEAMS_MANAGED_IDENTITY cannot be combined with TEAMS_CERTIFICATE or "
            "TEAMS_CLIENT_SECRET: leave one of them out."
        )
    if managed not in (SYSTEM_IDENTITY, client_id):
        raise WrongSetting(
            "The setting TEAMS_MANAGED_IDENTITY cannot be used: the bot is the managed identity "
            "itself, so it must be the same client ID as in TEAMS_CLIENT_ID, or system."
        )
    return GraphAccount(f"{RESOURCE}/v3", "", client_id, managed=managed)


def _playground(settings: Settings, given: dict[str, bool]) -> TeamsAccount:
    if any(given.values()) or settings.database_url or settings.graph_tenant_id:
        raise WrongSetting(
            "The setting TEAMS_PLAYGROUND accepts requests from anyone who can reach this "
            "machine, so it cannot be combined with TEAMS_CLIENT_ID, TEAMS_TENANTS, a secret or "
            "a certificate, DATABASE_URL or GRAPH_TENANT_ID."
        )
    return TeamsAccount("playground", (PLAYGROUND_TENANT,), (PLAYGROUND_HOST, "localhost"))


def _hosts(settings: Settings) -> list[str]:
    hosts = _listed(settings.teams_service_hosts)
    if not hosts or any(not re.fullmatch(r"[a-z0-9-]+(\.[a-z0-9-]+)+", host) for host in hosts):
        raise WrongSetting(
            "The setting TEAMS_SERVICE_HOSTS cannot be used: it must hold whole host names, "
            "without a scheme, a port or an asterisk."
        )
    return hosts


def _listed(text: str) -> list[str]:
    return [each for each in re.split(r"[\s,]+", text.strip().lower()) if each]
