"""The two cookies in a student's browser: one for the session, one for a sign-in in progress."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from store.rules.students.sign_in import LONGEST, SIGN_IN_LIFE

_PREFIX = "__Host-"
"""With it, browsers take a cookie over https alone, for this host alone, from no other path."""


@dataclass(frozen=True, slots=True)
class SecretCookie:
    """A cookie that no script reads and that is not sent with another site's forms."""

    name: str
    life: dt.timedelta
    is_secure: bool

    @property
    def full_name(self) -> str:
        """Return the name with its prefix; without https, as on this machine, there is none."""
        return f"{_PREFIX}{self.name}" if self.is_secure else self.name

    def read(self, request: Request) -> str:
        """Return the secret in the browser's cookie; '' where there is none."""
        return request.cookies.get(self.full_name, "")

    def put(self, response: Response, secret: str) -> None:
        """Set the cookie in the browser."""
        seconds = int(self.life.total_seconds())
        self._set(response, secret, seconds)

    def clear(self, response: Response) -> None:
        """Tell the browser to delete the cookie, whichever session it was set in."""
        self._set(response, "", 0)

    def _set(self, response: Response, value: str, seconds: int) -> None:
        response.set_cookie(
            self.full_name,
            value,
            max_age=seconds,
            path="/",
            secure=self.is_secure,
            httponly=True,
            # Not strict: the sign-in service's redirect has to find it.
            samesite="lax",
        )


def session_cookie(*, is_secure: bool) -> SecretCookie:
    """Return the cookie that holds a signed-in student's session."""
    return SecretCookie("lantern-me", LONGEST, is_secure)


def sign_in_cookie(*, is_secure: bool) -> SecretCookie:
    """Return the cookie that ties a sign-in in progress to this browser."""
    return SecretCookie("lantern-sign-in", SIGN_IN_LIFE, is_secure)
