"""The keys of clicks, by which a click that a platform repeats takes effect once."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa

from store.db.unit_of_work import Store
from store.tables import interactions

KEPT = dt.timedelta(days=30)
"""Slack and Teams repeat a click within the hour, and a page that students left open may send its
form days later. A question about words that were typed is asked anew after that time."""


def forget_old_clicks(store: Store) -> None:
    """Delete the keys of clicks that no platform repeats any more."""
    with store.unit_of_work() as work:
        old = interactions.c.at < work.now - KEPT
        work.connection.execute(sa.delete(interactions).where(old))
