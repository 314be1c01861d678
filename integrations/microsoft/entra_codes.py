"""Entra's error numbers for a refused sign-in: the setting concerned, and what to do.

The numbers are at learn.microsoft.com/entra/identity-platform/reference-error-codes.
"""

from __future__ import annotations

from collections.abc import Mapping

BY_NUMBER: Mapping[str, tuple[str, str]] = {
    "AADSTS7000215": (
        "secret",
        "the client secret does not belong to this application; copy its value, not its ID",
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
    "AADSTS700024": (
        "secret",
        "the application's certificate signs with a wrong time; set this machine's clock",
    ),
    "AADSTS65001": (
        "client",
        "the tenant has not consented to the application; in the Entra admin centre open App "
        "registrations, the application, API permissions, and choose Grant admin consent",
    ),
    "AADSTS7000229": (
        "client",
        "the application is missing among the tenant's Enterprise applications; add it there in "
        "the Entra admin centre",
    ),
    "AADSTS700016": ("client", "the tenant has no such application; copy its client ID"),
    "AADSTS7000112": ("client", "the application is disabled; enable it in Entra"),
    "AADSTS53003": (
        "client",
        "a conditional access policy blocks the application; ask your Entra administrator",
    ),
    "AADSTS90002": ("tenant", "copy the tenant's ID from Entra"),
    "AADSTS900023": ("tenant", "copy the tenant's ID from Entra"),
}
"""Number → "secret", "client" or "tenant", and the remedy."""

BY_NAME: Mapping[str, str] = {
    "unauthorized_client": "in the Entra admin centre, Enterprise applications, see that the "
    "application is there, is enabled and has consent",
    "invalid_grant": "in the Entra admin centre, App registrations, the application, API "
    "permissions, choose Grant admin consent",
}
"""OAuth's name of a refusal → the remedy where its number is not known."""

USUAL = "look at the application's Certificates & secrets in Entra"
"""The remedy for every other refusal."""


def remedy_of(code: str) -> str:
    """Return what to do about a refusal such as ``invalid_client (AADSTS7000222)``."""
    found = (what for number, (_, what) in BY_NUMBER.items() if f"{number})" in code)
    return next(found, BY_NAME.get(code.partition(" ")[0], USUAL))
