"""Decide who signed in, from the claims of the sign-in service, and how long a session lasts.

The claims come straight from the service over TLS, in exchange for a code (OpenID Connect Core 1.0,
section 3.1.3.7, which then asks for no signature). msal compares state and nonce; everything else
is checked here.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

PATH = "/me"
CALLBACK = f"{PATH}/signed-in"
"""Where the sign-in service sends the browser back to."""

SIGN_IN_LIFE = dt.timedelta(minutes=10)
"""How long the service may take to answer, with the student typing a password there."""
IDLE = dt.timedelta(minutes=20)
"""After so long without a page, a session has ended."""
LONGEST = dt.timedelta(hours=2)
"""And after so long in any case."""
SKEW = dt.timedelta(minutes=5)
"""How far two clocks may be apart."""

_GUEST_MARK = "#ext#"
"""Entra writes it into the name of an account that belongs to another organisation."""


class SignInRefusal(StrEnum):
    """Why a sign-in was refused, as the audit names it."""

    CANCELLED = "cancelled"
    BROKEN = "broken"
    CLOCK = "clock"
    OTHER_TENANT = "other-tenant"
    GUEST = "guest"
    UNKNOWN = "unknown"
    OTHER_ACCOUNT = "other-account"
    CLOSED = "closed"
    AWAY = "away"


class SignInRefused(Exception):
    """No one is signed in. ``reason`` says why; the text is for the log and names no one."""

    def __init__(self, reason: SignInRefusal, said: str = "") -> None:
        super().__init__(said or reason.value)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Expected:
    """The values that the claims must have. ``tenant`` is '' for a provider other than Entra."""

    issuer: str
    client: str
    tenant: str = ""


@dataclass(frozen=True, slots=True)
class AccountHolder:
    """Who signed in: the account's immutable id, and its addresses in lower case."""

    issuer: str
    subject: str
    addresses: frozenset[str]


def holder_in(claims: Mapping[str, Any], expected: Expected, now: dt.datetime) -> AccountHolder:
    """Return the holder of the account that the claims are about.

    Raises:
        SignInRefused: the claims are for another application, from another tenant, of a guest, too
            old
        or not yet valid, or without what identifies an account.
    """
    if claims.get("aud") not in (expected.client, [expected.client]):
        raise SignInRefused(SignInRefusal.BROKEN)
    if str(claims.get("iss")).rstrip("/") != expected.issuer.rstrip("/"):
        raise SignInRefused(SignInRefusal.OTHER_TENANT)
    if expected.tenant and claims.get("tid") != expected.tenant:
        raise SignInRefused(SignInRefusal.OTHER_TENANT)
    _check_times(claims, now)
    if expected.tenant and _is_guest(claims, expected.tenant):
        raise SignInRefused(SignInRefusal.GUEST)
    subject = claims.get("oid" if expected.tenant else "sub")
    if not isinstance(subject, str) or not subject:
        raise SignInRefused(SignInRefusal.BROKEN)
    return AccountHolder(expected.issuer, subject, _addresses(claims, expected))


def _check_times(claims: Mapping[str, Any], now: dt.datetime) -> None:
    until, since = _instant(claims, "exp"), _instant(claims, "iat")
    begins = _instant(claims, "nbf") if "nbf" in claims else since
    if until < now - SKEW or max(since, begins) > now + SKEW:
        raise SignInRefused(SignInRefusal.CLOCK)


def _instant(claims: Mapping[str, Any], name: str) -> dt.datetime:
    try:
        return dt.datetime.fromtimestamp(claims[name], dt.UTC)
    except (KeyError, TypeError, ValueError, OverflowError, OSError):
        raise SignInRefused(SignInRefusal.BROKEN) from None


def _is_guest(claims: Mapping[str, Any], tenant: str) -> bool:
    """Return whether another organisation vouches for the account: it may write any address."""
    names = (claims.get("preferred_username"), claims.get("upn"), claims.get("email"))
    vouched_for = str(claims.get("idp") or tenant)
    return (
        tenant not in vouched_for
        or str(claims.get("acct")) == "1"
        or any(_GUEST_MARK in str(name).casefold() for name in names)
    )


def _addresses(claims: Mapping[str, Any], expected: Expected) -> frozenset[str]:
    """Return the addresses that the institution itself gave: of another provider, those that it
    says it has verified, since people may write any other."""
    names = ("preferred_username", "upn", "email") if expected.tenant else ("email",)
    if not expected.tenant and claims.get("email_verified") is not True:
        return frozenset()
    found = (claims.get(name) for name in names)
    return frozenset(each.strip().casefold() for each in found if isinstance(each, str) and each)


def has_ended(began: dt.datetime, seen: dt.datetime, now: dt.datetime) -> bool:
    """Return whether a session has expired. It also expires where the clock was set back."""
    return not (began - SKEW <= now < began + LONGEST and now < seen + IDLE)
