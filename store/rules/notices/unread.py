"""How often a message that cannot wait has been put before more people by now."""

from __future__ import annotations

import datetime as dt


def steps_due(since: dt.datetime, now: dt.datetime, minutes: int) -> int:
    """How many steps are due at ``now`` of what is unread ``since``: one every so many minutes."""
    return max(int((now - since) / dt.timedelta(minutes=minutes)), 0)
