"""Count how often an unread urgent message has been passed on to more people."""

from __future__ import annotations

import datetime as dt


def steps_due(since: dt.datetime, now: dt.datetime, minutes: int) -> int:
    """Count the steps due at ``now`` for a message unread ``since``: one every ``minutes``."""
    return max(int((now - since) / dt.timedelta(minutes=minutes)), 0)
