"""Lantern's identity at Microsoft Entra, which signs it in to Graph and to Teams."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

from integrations.microsoft.certificate import checked_pem

SYSTEM_IDENTITY = "system"
"""The value of GRAPH_MANAGED_IDENTITY that means the machine's own, not a user-assigned one."""


_GUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


@dataclass(frozen=True, slots=True)
class GraphAccount:
    """An application's identity. One of ``certificate``, ``secret`` and ``managed`` is set."""

    url: str
    """Graph's URL with its version: ``https://graph.microsoft.com/v1.0``."""
    authority: str
    """The URL for tokens, with the tenant; '' for a managed identity."""
    client_id: str
    certificate: str = field(default="", repr=False)
    """PEM: private key and certificate."""
    secret: str = field(default="", repr=False)
    managed: str = ""

    @property
    def resource(self) -> str:
        """The resource to request a token for: the service's URL without its version."""
        return self.url.rsplit("/", 1)[0]


def is_entra_id(text: str) -> bool:
    """Return whether this has the form of an Entra id, of a tenant, an application or a person."""
    return _GUID.fullmatch(text) is not None


def read_certificate(path: Path | None, setting: str) -> str:
    """Return the file's key and certificate as PEM; '' where none is set. Raises
    ``WrongSetting``."""
    return checked_pem(path, setting) if path else ""
