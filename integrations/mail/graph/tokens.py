"""Access tokens by msal: cached, and renewed once when Graph refuses one."""

from __future__ import annotations

import re
import threading
from typing import Any, Protocol

import httpx

from integrations.error_summary import GOES_THROUGH, unreachable
from integrations.mail.interface import MailError
from integrations.microsoft.certificate import parse_certificate
from integrations.microsoft.credentials import SYSTEM_IDENTITY, GraphAccount
from integrations.microsoft.entra_codes import remedy_of
from integrations.settings import WrongSetting

NO_TENANT = "The sign-in service does not know the tenant; check its id."
UNREADABLE = (
    "The sign-in service sent a response that Lantern cannot read; check GRAPH_AUTHORITY, and "
    "any proxy in between."
)
NO_IDENTITY = (
    "This machine has no such managed identity: give it one in Azure, or check the identity's "
    "client ID."
)

_PASSING = frozenset({"temporarily_unavailable", "server_error", "service_unavailable"})
"""OAuth 2.0 errors of the service itself (RFC 6749, sections 4.1.2.1 and 5.2)."""
_NUMBER_PASSES = re.compile(r"AADSTS(?:90006|90033|90036|90055|50196)\b")
"""Entra's numbers for a temporary fault and for too many requests."""


class MsalHttp(Protocol):
    """The HTTP client that msal expects: ``get``, ``post`` and ``close`` as in requests."""

    def get(self, url: str, **kwargs: Any) -> Any:
        """Send a GET request and return the response."""

    def post(self, url: str, **kwargs: Any) -> Any:
        """Send a POST request and return the response."""

    def close(self) -> None:
        """Close the client and all of its connections."""


class Tokens:
    """The access tokens of one account. Thread-safe."""

    def __init__(self, account: GraphAccount, http: MsalHttp | None = None) -> None:
        self._account = account
        self._http = http
        self._lock = threading.Lock()
        self._msal: Any = None
        self._current = ""

    def token(self) -> str:
        """Return a token that is valid as far as msal knows.

        Raises:
            MailError: the sign-in service cannot be reached, or does not know Lantern.
        """
        with self._lock:
            try:
                answer = self._ask()
            except GOES_THROUGH:
                raise
            # msal raises errors of its own, its HTTP client's, and ValueError for a wrong tenant.
            except Exception as error:  # noqa: BLE001
                raise self._said(error) from None
            if "access_token" not in answer:
                raise refusal(answer)
            self._current = str(answer["access_token"])
            return self._current

    def _said(self, error: Exception) -> MailError:
        """Return what to do about an error without a response from the sign-in service."""
        if isinstance(error, (OSError, httpx.HTTPError)):
            said = unreachable("The sign-in service", error, "GRAPH_AUTHORITY")
            return MailError(f"{said}. Lantern tries again by itself.", away=True)
        if isinstance(error, WrongSetting):
            return MailError(f"Lantern cannot sign in: {error}.", waits=True, away=True)
        if self._account.managed:
            return MailError(NO_IDENTITY, waits=True, away=True)
        if "HTTP status: 4" in str(error.__context__):  # as msal says that there is no such tenant
            return MailError(NO_TENANT, waits=True, away=True)
        return MailError(UNREADABLE, away=True)

    def renew(self, refused: str) -> None:
        """Forget a token that Graph refused; no effect where another thread has a newer one."""
        with self._lock:
            if refused == self._current:
                self._msal = None

    def _ask(self) -> dict[str, Any]:
        account = self._account
        if self._msal is None:
            self._msal = self._managed() if account.managed else self._application()
        if account.managed:
            answer = self._msal.acquire_token_for_client(resource=account.resource)
        else:
            answer = self._msal.acquire_token_for_client([f"{account.resource}/.default"])
        return dict(answer)

    def _application(self) -> Any:
        # Imported here, since it takes a third of a second and only Graph needs it.
        import msal  # type: ignore[import-untyped]

        account = self._account
        credential: str | dict[str, str] = account.secret
        if account.certificate:
            found = parse_certificate(account.certificate)
            credential = {"private_key": found.key, "public_certificate": found.certificate}
        return msal.ConfidentialClientApplication(
            account.client_id,
            authority=account.authority,
            client_credential=credential,
            # The authority is the operator's own setting; no one else has to vouch for it.
            instance_discovery=False,
            http_client=self._http,
            timeout=None if self._http else 10,
        )

    def _managed(self) -> Any:
        import msal

        identity = (
            msal.SystemAssignedManagedIdentity()
            if self._account.managed == SYSTEM_IDENTITY
            else msal.UserAssignedManagedIdentity(client_id=self._account.managed)
        )
        return msal.ManagedIdentityClient(identity, http_client=self._http or httpx.Client())


def refusal(answer: dict[str, Any]) -> MailError:
    """Turn a response without a token into an error, temporary or waiting for a person."""
    code = _code(answer)
    if code.split(" ")[0] in _PASSING or _NUMBER_PASSES.search(code):
        said = f"The sign-in service has an internal error: {code}. Lantern tries again by itself."
        return MailError(said, away=True)
    said = f"The sign-in service refused Lantern: {code}; {remedy_of(code)}."
    return MailError(said, waits=True, away=True)


def _code(answer: dict[str, Any]) -> str:
    """Return the error's name and number. Its description is left out: it quotes sent data."""
    number = re.search(r"AADSTS\d+", str(answer.get("error_description", "")))
    name = str(answer.get("error", "no token"))
    return f"{name} ({number[0]})" if number else name
