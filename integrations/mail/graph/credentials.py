"""Lantern's identity at Microsoft Graph, from the settings."""

from __future__ import annotations

import re

from integrations.microsoft.credentials import GraphAccount, is_entra_id, read_certificate
from integrations.settings import Settings, WrongSetting


def account_of(settings: Settings) -> GraphAccount | None:
    """Return the account from the settings; None where none of them is set.

    Raises:
        WrongSetting: the settings are incomplete, or the certificate cannot be read.
    """
    url = settings.graph_url.rstrip("/")
    if managed := settings.graph_managed_identity:
        _refuse_both(settings)
        return GraphAccount(url, "", settings.graph_client_id, managed=managed)
    given = {
        "GRAPH_TENANT_ID": bool(settings.graph_tenant_id),
        "GRAPH_CLIENT_ID": bool(settings.graph_client_id),
        "GRAPH_CERTIFICATE": bool(settings.graph_certificate or settings.graph_client_secret),
    }
    if not any(given.values()):
        return None
    for name, is_set in given.items():
        if not is_set:
            also = " (or GRAPH_CLIENT_SECRET)" if name == "GRAPH_CERTIFICATE" else ""
            raise WrongSetting(
                f"The setting {name}{also} is missing: email through Microsoft Graph needs it."
            )
    _check_ids(settings)
    secret = settings.graph_client_secret
    certificate = read_certificate(settings.graph_certificate, "GRAPH_CERTIFICATE")
    return GraphAccount(
        url,
        f"{settings.graph_authority.rstrip('/')}/{settings.graph_tenant_id}",
        settings.graph_client_id,
        certificate=certificate,
        # The certificate is preferred: a secret can be copied wherever it was ever shown.
        secret=secret.get_secret_value() if secret and not certificate else "",
    )


def _check_ids(settings: Settings) -> None:
    """See that both are ids of Entra's, or the tenant's own domain. Raises ``WrongSetting``."""
    tenant, client = settings.graph_tenant_id, settings.graph_client_id
    if not (is_entra_id(tenant) or re.fullmatch(r"[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+", tenant)):
        raise WrongSetting(
            "The setting GRAPH_TENANT_ID cannot be used: it must be the directory (tenant) ID from "
            "Entra, or a domain of the tenant."
        )
    if not is_entra_id(client):
        raise WrongSetting(
            "The setting GRAPH_CLIENT_ID cannot be used: it must be the application (client) ID "
            "from Entra."
        )


def _refuse_both(settings: Settings) -> None:
    if settings.graph_certificate or settings.graph_client_secret:
        raise WrongSetting(
            "The setting GRAPH_MANAGED_IDENTITY cannot be combined with GRAPH_CERTIFICATE or "
            "GRAPH_CLIENT_SECRET: leave one of them out."
        )
