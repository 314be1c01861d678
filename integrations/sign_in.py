"""Students sign in with their university account: Entra ID, or any other OpenID provider, by msal.

Authorisation code with PKCE. msal makes and compares state, nonce and verifier; since 1.38 it
checks nothing else of the ID token, which ``store.rules.students.sign_in`` does. Claims and codes
are never logged, and msal's own error texts are not either, since they quote both.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from integrations.error_summary import GOES_THROUGH, unreachable
from integrations.microsoft.certificate import parse_certificate
from integrations.microsoft.credentials import is_entra_id, read_certificate
from integrations.microsoft.entra_codes import remedy_of
from integrations.settings import Settings, WrongSetting
from store.rules.students.sign_in import CALLBACK, Expected, SignInRefusal, SignInRefused

_SECONDS = 10
"""How long the sign-in service may take to answer."""


@dataclass(frozen=True, slots=True)
class SignInAccount:
    """The application that students sign in to. One of ``certificate`` and ``secret`` is set."""

    authority: str
    """An https address with a path; for Entra, it ends in the tenant's id."""
    client_id: str
    tenant: str
    """Entra's tenant; '' for another provider."""
    callback: str
    """The complete address that the service sends the browser back to."""
    certificate: str = field(default="", repr=False)
    """PEM: private key and certificate."""
    secret: str = field(default="", repr=False)

    @property
    def expected(self) -> Expected:
        """Return the values that the claims of everyone who signs in must have."""
        issuer = f"{self.authority}/v2.0" if self.tenant else self.authority
        return Expected(issuer, self.client_id, self.tenant)

    @property
    def is_secure(self) -> bool:
        """Whether students connect over https, as everywhere except on a developer's machine."""
        return self.callback.startswith("https:")


class SignIn:
    """Signs students in with one account. Stores nothing about them; for any number of threads."""

    def __init__(self, account: SignInAccount, http: Any = None) -> None:
        """``http`` is the HTTP client for msal; None: its own."""
        self.account = account
        self._http = http

    def begin(self) -> dict[str, Any]:
        """Return the state of a new sign-in, to be stored; the browser is sent to its ``auth_uri``.

        Raises:
            SignInRefused: the sign-in service cannot be reached.
        """
        options = {
            "redirect_uri": self.account.callback,
            # On a computer that several people use, each is asked who they are.
            "prompt": "select_account",
            # A form from another site would come without our cookies, which are SameSite=Lax. The
            # code in the address is worth nothing without this browser's verifier (RFC 7636).
            "response_mode": "query",
        }
        warnings.filterwarnings("ignore", "response_mode='form_post' is recommended", UserWarning)
        try:
            return dict(self._application().initiate_auth_code_flow(["email"], **options))
        except GOES_THROUGH:
            raise
        except Exception as error:  # noqa: BLE001 -- msal's own, its client's, and ValueError
            raise SignInRefused(SignInRefusal.AWAY, self._said(error)) from None

    def finish(self, flow: dict[str, Any], answer: Mapping[str, str]) -> Mapping[str, Any]:
        """Return the claims about the person who signed in, in exchange for the code in ``answer``.

        Raises:
            SignInRefused: the person cancelled, the answer does not belong to this sign-in, its
                code was
            used before, or the service cannot be reached.
        """
        try:
            found = self._application().acquire_token_by_auth_code_flow(flow, dict(answer))
        except GOES_THROUGH:
            raise
        except (ValueError, RuntimeError) as error:
            # Another state or nonce than this browser's; or there is no such tenant.
            raise SignInRefused(SignInRefusal.BROKEN, type(error).__name__) from None
        except Exception as error:  # noqa: BLE001 -- those of msal's HTTP client
            raise SignInRefused(SignInRefusal.AWAY, self._said(error)) from None
        if "error" in found:
            is_cancelled = "code" not in answer and found["error"] == "access_denied"
            raise SignInRefused(
                SignInRefusal.CANCELLED if is_cancelled else SignInRefusal.BROKEN, _code(found)
            )
        claims: Mapping[str, Any] = found.get("id_token_claims") or {}
        return claims

    def look(self) -> None:
        """Check that the service is available, knows the tenant and accepts the credential.

        Raises:
            SignInRefused: it does not; the text says why and what to do.
        """
        flow = self.begin()
        try:
            found = self._answer_to_credential(flow)
        except GOES_THROUGH:
            raise
        except Exception as error:  # noqa: BLE001 -- msal's own, its client's, and ValueError
            raise SignInRefused(SignInRefusal.AWAY, self._said(error)) from None
        # Whatever else it refuses, it has accepted the credential before.
        if found.get("error") in _NOT_ACCEPTED:
            setting = "CERTIFICATE" if self.account.certificate else "CLIENT_SECRET"
            code = _code(found)
            remedy = remedy_of(code) if self.account.tenant else "copy it from the provider"
            raise SignInRefused(
                SignInRefusal.BROKEN,
                f"The setting SIGN_IN_{setting} is not accepted: {code}; {remedy}.",
            )

    def _answer_to_credential(self, flow: dict[str, Any]) -> Mapping[str, Any]:
        """Return the answer to a request that only the application itself can make.

        Entra gives a token for the application. Other providers may not, so they are asked to
        exchange a code that is none: they look at the credential first (RFC 6749, 3.2.1).
        """
        application = self._application()
        if self.account.tenant:
            scopes = [f"{self.account.client_id}/.default"]
            return dict(application.acquire_token_for_client(scopes) or {})
        no_code = {"code": "none", "state": flow["state"]}
        return dict(application.acquire_token_by_auth_code_flow(flow, no_code) or {})

    def _application(self) -> Any:
        # Imported here, since it takes a third of a second and only signing in needs it.
        import msal  # type: ignore[import-untyped]

        account = self.account
        credential: str | dict[str, str] = account.secret
        if account.certificate:
            found = parse_certificate(account.certificate)
            credential = {"private_key": found.key, "public_certificate": found.certificate}
        where = {"authority" if account.tenant else "oidc_authority": account.authority}
        # A new one each time: it would keep the tokens of everyone who ever signed in.
        return msal.ConfidentialClientApplication(
            account.client_id,
            client_credential=credential,
            # The authority is the operator's own setting; no one else has to vouch for it.
            instance_discovery=False,
            # Nothing is done for a student who is not there.
            exclude_scopes=["offline_access"],
            http_client=self._http,
            timeout=None if self._http else _SECONDS,
            **where,
        )

    def _said(self, error: Exception) -> str:
        if isinstance(error, ValueError | KeyError):
            setting = "SIGN_IN_TENANT_ID" if self.account.tenant else "SIGN_IN_AUTHORITY"
            return f"The sign-in service gave no usable answer; check {setting}."
        setting = "GRAPH_AUTHORITY" if self.account.tenant else "SIGN_IN_AUTHORITY"
        return f"{unreachable('The sign-in service', error, setting)}."


_NOT_ACCEPTED = frozenset({"invalid_client", "unauthorized_client"})
"""The errors of RFC 6749 for a wrong secret, and for an unknown application."""


def _code(answer: Mapping[str, Any]) -> str:
    """Return the error's name and number. Its description is left out: it quotes sent data."""
    name = str(answer.get("error", ""))
    number = re.search(r"AADSTS\d+", str(answer.get("error_description", "")))
    plain = name if re.fullmatch(r"[a-z_]{1,60}", name) else "unknown"
    return f"{plain} ({number[0]})" if number else plain


def account_of(settings: Settings) -> SignInAccount | None:
    """Return the account from the settings; None where none of them is set.

    Raises:
        WrongSetting: the settings are incomplete, or the certificate cannot be read.
    """
    given = {
        "SIGN_IN_CLIENT_ID": bool(settings.sign_in_client_id),
        "SIGN_IN_TENANT_ID": bool(settings.sign_in_tenant_id or settings.sign_in_authority),
        "SIGN_IN_CERTIFICATE": bool(settings.sign_in_certificate or settings.sign_in_client_secret),
    }
    if not any(given.values()):
        return None
    given["PUBLIC_URL"] = bool(settings.public_url)
    for name, is_set in given.items():
        if not is_set:
            also = _INSTEAD.get(name, "")
            raise WrongSetting(f"The setting {name}{also} is missing: students' sign-in needs it.")
    certificate = read_certificate(settings.sign_in_certificate, "SIGN_IN_CERTIFICATE")
    secret = settings.sign_in_client_secret
    return SignInAccount(
        _authority(settings),
        settings.sign_in_client_id,
        settings.sign_in_tenant_id.lower(),
        f"{settings.public_url}{CALLBACK}",
        certificate=certificate,
        # The certificate is preferred: a secret can be copied wherever it was ever shown.
        secret=secret.get_secret_value() if secret and not certificate else "",
    )


_INSTEAD = {
    "SIGN_IN_TENANT_ID": " (or SIGN_IN_AUTHORITY)",
    "SIGN_IN_CERTIFICATE": " (or SIGN_IN_CLIENT_SECRET)",
}


def _authority(settings: Settings) -> str:
    """Return the address of the sign-in service. Raises ``WrongSetting``."""
    tenant, other = settings.sign_in_tenant_id, settings.sign_in_authority.rstrip("/")
    if tenant and other:
        raise WrongSetting(
            "The setting SIGN_IN_AUTHORITY is for a provider other than Entra, so it cannot be "
            "combined with SIGN_IN_TENANT_ID: leave one of them out."
        )
    if other:
        parts = urlsplit(other)
        if parts.scheme != "https" or not parts.hostname or not parts.path.strip("/"):
            raise WrongSetting(
                "The setting SIGN_IN_AUTHORITY cannot be used: it must be an https address with a "
                "path, such as https://login.example.ac.uk/oidc."
            )
        return other
    # A domain could be given to another tenant, and "common" lets in those of every tenant.
    for name, given in (("TENANT", tenant), ("CLIENT", settings.sign_in_client_id)):
        if not is_entra_id(given):
            kind = "directory (tenant)" if name == "TENANT" else "application (client)"
            raise WrongSetting(
                f"The setting SIGN_IN_{name}_ID cannot be used: it must be the {kind} ID from "
                "Entra."
            )
    return f"{settings.graph_authority.rstrip('/')}/{tenant.lower()}"
