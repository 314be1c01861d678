"""Entra's error numbers for a refused sign-in: the setting concerned, and what to do.

The numbers are at learn.microsoft.com/entra/identity-platform/reference-error-codes.
"""

from __future__ import annotations

from collections.abc import Mapping

BY_NUMBER: Mapping[str, tuple[str, str]] = {
    "AADSTS7000215": (
        "secret",
        "the client secret is none of this application's; copy its value, not its ID",
    ),
    "AADSTS7000222": (
        "secret",
        "the client secret has expired; make a new one in Entra, put it into the settings and "
        "restart Lantern",
    ),
    "AADSTS700027": (
        "secret",
        "upload this certificate to the application in Entra, or take its newest",
    ),
    "AADSTS700016": ("client", "the tenant has no such application; copy its client ID"),
    "AADSTS7000112": ("client", "the application is disabled; enable it in Entra"),
    "AADSTS53003": (
        "client",
        "a rule of conditional access keeps the application out; ask who looks after Entra",
    ),
    "AADSTS90002": ("tenant", "copy the tenant's ID from Entra"),
    "AADSTS900023": ("tenant", "copy the tenant's ID from Entra"),
}
"""Number → "secret", "client" or "tenant", and the remedy."""

USUAL = "look at the application's Certificates & secrets in Entra"
"""The remedy for every other number."""


def remedy_of(code: str) -> str:
    """Return what to do about a refusal such as ``invalid_client (AADSTS7000222)``."""
    found = (what for number, (_, what) in BY_NUMBER.items() if f"{number})" in code)
    return next(found, USUAL)
