"""What every error of a service from outside says, whichever service it is."""

from __future__ import annotations

import datetime as dt


class ServiceError(Exception):
    """A service did not do what was asked. The text is for people, and holds nothing of theirs.

    ``waits``: it will, once a person has acted. ``retry_after``: the service's own wish for a
    pause, where it gave one.
    """

    def __init__(self, reason: str, *, waits: bool, retry_after: dt.timedelta | None) -> None:
        super().__init__(reason)
        self.waits = waits
        self.retry_after = retry_after
