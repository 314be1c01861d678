"""Signed links: those that act for a student, and a colleague's to a document.

A student's link names its email and its purpose, and nothing about the student; it is valid for a
month. A link to a document names the request and the colleague; it is valid for some minutes.
Source of the format: RFC 7519 (JSON Web Token), HMAC-SHA256 alone.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import jwt

from store.rules.students.links import DOCUMENTS, LINK_LIFE, PATH, LinkPurpose

_ALGORITHM = "HS256"
_LONGEST = 500
"""Characters; ours have about 120."""


class LinkBroken(Exception):
    """The link was altered, has expired, is not ours or is for another page; it does
    not say which.
    """


@dataclass(frozen=True, slots=True)
class StudentLink:
    """The content of a link: the email it came in, and its purpose."""

    mail: int
    purpose: LinkPurpose


class StudentLinks:
    """Signs links with the first of its keys, and reads links signed with any of them."""

    def __init__(self, keys: Sequence[bytes], address: str = "") -> None:
        """Set up with ``address``, where students reach this server; without it emails have no
        links.
        """
        self._keys = keys
        self.address = address

    def address_of(self, link: StudentLink, now: dt.datetime) -> str:
        """Return the complete address of a link, for an email."""
        return f"{self.address}{PATH}/{self.sign(link, now + LINK_LIFE)}"

    def sign(self, link: StudentLink, until: dt.datetime) -> str:
        """Return the secret part of a link, signed with the instant at which it expires."""
        claims = {"mail": link.mail, "for": link.purpose.value, "exp": int(until.timestamp())}
        # Without the type that goes without saying: the email is read as plain text too.
        return jwt.encode(claims, self._keys[0], _ALGORITHM, headers={"typ": None})

    def read(self, token: str, now: dt.datetime) -> StudentLink:
        """Read the secret part of a link. Raises ``LinkBroken`` where it was changed or has
        expired.
        """
        claims = _claims(self._keys, token, now)
        try:
            return StudentLink(int(claims["mail"]), LinkPurpose(claims["for"]))
        except (KeyError, ValueError):
            raise LinkBroken from None


@dataclass(frozen=True, slots=True)
class DocumentLink:
    """The content of a link to a document: the student's message, and the colleague."""

    saying: int
    staff: int


class DocumentLinks:
    """Signs links to documents with the first of its keys, and reads those of any of them."""

    def __init__(self, keys: Sequence[bytes], address: str = "") -> None:
        """``address`` is where this server is reached; without it links work on its pages alone."""
        self._keys, self._address = keys, address

    def address_of(self, link: DocumentLink, until: dt.datetime) -> str:
        """Return the complete address of a link that expires at this instant."""
        claims = {"document": link.saying, "staff": link.staff, "exp": int(until.timestamp())}
        token = jwt.encode(claims, self._keys[0], _ALGORITHM, headers={"typ": None})
        return f"{self._address}{DOCUMENTS}/{token}"

    def read(self, token: str, now: dt.datetime) -> DocumentLink:
        """Read the secret part of a link. Raises ``LinkBroken`` as ``StudentLinks.read`` does."""
        claims = _claims(self._keys, token, now)
        try:
            return DocumentLink(int(claims["document"]), int(claims["staff"]))
        except (KeyError, ValueError):
            raise LinkBroken from None


def _claims(keys: Sequence[bytes], token: str, now: dt.datetime) -> dict[str, Any]:
    for key in keys if len(token) <= _LONGEST else ():
        try:
            # Our own clock says how late it is.
            claims: dict[str, Any] = jwt.decode(
                token, key, [_ALGORITHM], options={"verify_exp": False}
            )
            if claims["exp"] > now.timestamp():
                return claims
        except (jwt.InvalidTokenError, KeyError, ValueError):
            continue
    raise LinkBroken
