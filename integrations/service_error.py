"""The base of all errors of external services."""

from __future__ import annotations

import datetime as dt


class ServiceError(Exception):
    """A service refused or failed a request. The text is for people, and has no personal data.

    ``waits``: it will succeed once a person has acted. ``retry_after``: the pause that the service
    asked for, if any.
    """

    def __init__(self, reason: str, *, waits: bool, retry_after: dt.timedelta | None) -> None:
        super().__init__(reason)
        self.waits = waits
        self.retry_after = retry_after
