"""The base of all errors of external services."""

from __future__ import annotations

import datetime as dt


class ServiceError(Exception):
    """A service refused or failed a request. The text is for people, and has no personal data.

    ``waits``: it will succeed once a person has acted. ``away``: the service cannot be reached or
    refuses every sign-in, so the error is not about the requested item. ``retry_after``: the pause
    that the service asked for, if any.
    """

    def __init__(
        self, reason: str, *, waits: bool, away: bool, retry_after: dt.timedelta | None
    ) -> None:
        super().__init__(reason)
        self.waits = waits
        self.away = away
        self.retry_after = retry_after

    @property
    def uses_an_attempt(self) -> bool:
        """Whether the error uses up an attempt. An item only waits while nothing is accepted."""
        return not (self.waits or self.away or self.retry_after is not None)
