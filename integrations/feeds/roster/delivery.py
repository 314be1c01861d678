"""The roster that a delivery holds, and the roster that was known before."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from integrations.feeds.roster.renumbered import KnownAddress
from store.rules.schools import RejectedRow, Roster


@dataclass(frozen=True, slots=True)
class Known:
    """The stored roster. ``pattern`` is that of student numbers; '' to learn it."""

    schools: Collection[str] = frozenset()
    modules: Collection[str] = frozenset()
    numbers: Collection[str] = frozenset()
    staff: Collection[str] = frozenset()
    """Addresses of the staff."""
    mailboxes: Mapping[str, KnownAddress] = field(default_factory=dict)
    """Students by their university address in small letters."""
    former: Mapping[str, str] = field(default_factory=dict)
    """Earlier and other numbers → the person's current number."""
    pattern: str = ""
    today: dt.date = dt.date.max
    """The day on which the delivery is read: later dates are refused."""


@dataclass(frozen=True, slots=True)
class RosterDelivery:
    """The roster read from a delivery, and the rejected rows: the first thousand, and how many."""

    roster: Roster
    rejected: tuple[RejectedRow, ...] = ()
    rejected_total: int = 0
    notes: tuple[str, ...] = ()
