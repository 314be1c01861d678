"""Who Lantern is to Microsoft Graph, from the settings."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from integrations.mail.graph.certificate import checked_pem
from integrations.settings import Settings, WrongSetting

SYSTEM_IDENTITY = "system"
"""The value of GRAPH_MANAGED_IDENTITY that means the machine's own, not a user-assigned one."""


@dataclass(frozen=True, slots=True)
class GraphAccount:
    """An application's identity. One of ``certificate``, ``secret`` and ``managed`` is set."""

    url: str
    """Where Graph is, version included: ``https://graph.microsoft.com/v1.0``."""
    authority: str
    """Where tokens come from, tenant included; '' for a managed identity."""
    client_id: str
    certificate: str = field(default="", repr=False)
    """PEM: private key and certificate."""
    secret: str = field(default="", repr=False)
    managed: str = ""

    @property
    def resource(self) -> str:
        """What a token is asked for: the service without its version."""
        return self.url.rsplit("/", 1)[0]


def account_of(settings: Settings) -> GraphAccount | None:
    """The account that the settings describe; None where none of them is set.

    Raises:
        WrongSetting: they describe half of one, or a certificate that cannot be read.
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
                f"The setting {name}{also} is missing: mail through Microsoft Graph needs it."
            )
    secret = settings.graph_client_secret
    certificate = read_certificate(settings.graph_certificate, "GRAPH_CERTIFICATE")
    return GraphAccount(
        url,
        f"{settings.graph_authority.rstrip('/')}/{settings.graph_tenant_id}",
        settings.graph_client_id,
        certificate=certificate,
        # The certificate is preferred: a secret can be copied from anywhere it was ever shown.
        secret=secret.get_secret_value() if secret and not certificate else "",
    )


def _refuse_both(settings: Settings) -> None:
    if settings.graph_certificate or settings.graph_client_secret:
        raise WrongSetting(
            "The setting GRAPH_MANAGED_IDENTITY cannot stand beside GRAPH_CERTIFICATE or "
            "GRAPH_CLIENT_SECRET: Lantern is one of them."
        )


def read_certificate(path: Path | None, setting: str) -> str:
    """The file's key and certificate as PEM; '' where none is set. Raises ``WrongSetting``."""
    return checked_pem(path, setting) if path else ""
