"""Links that act for a student: signed, for one purpose, valid for a month.

A link names its email and its purpose, and nothing about the student. Source of the format: RFC
7519 (JSON Web Token), HMAC-SHA256 alone.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import jwt

from store.rules.students.links import LINK_LIFE, PATH, LinkPurpose

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
        for key in self._keys if len(token) <= _LONGEST else ():
            try:
                # Our own clock says how late it is.
                claims = jwt.decode(token, key, [_ALGORITHM], options={"verify_exp": False})
                if claims["exp"] > now.timestamp():
                    return StudentLink(int(claims["mail"]), LinkPurpose(claims["for"]))
            except (jwt.InvalidTokenError, KeyError, ValueError):
                continue
        raise LinkBroken
