"""Accept or withdraw a delivery, as a person decides, and rebuild its days."""

from __future__ import annotations

from dataclasses import replace

from integrations.feeds.ledger.days import days_of_deliveries, keep_what_was_before, make_days
from integrations.feeds.ledger.deliveries import Entry, Ledger, State
from store.rules.errors import InvalidInput


def accept(ledger: Ledger, number: int) -> Entry:
    """Accept a waiting delivery. Raises ``InvalidInput`` where it is not waiting."""
    entry = _entry(ledger, number)
    if entry.state is not State.WAITING:
        raise InvalidInput(f"Delivery {number} is not waiting. To see all, run: lantern feeds list")
    return _become(ledger, replace(entry, state=State.IN_USE, why=""))


def withdraw(ledger: Ledger, number: int) -> Entry:
    """Withdraw a delivery, as if it had never arrived. Raises ``InvalidInput``."""
    entry = _entry(ledger, number)
    if entry.state is State.WITHDRAWN:
        raise InvalidInput(f"Delivery {number} has been withdrawn already.")
    return _become(ledger, replace(entry, state=State.WITHDRAWN, why=""))


def _become(ledger: Ledger, entry: Entry) -> Entry:
    days = days_of_deliveries([entry])
    keep_what_was_before(ledger, entry.source, days)
    with ledger.lake.workspace() as work:
        make_days(ledger, work, entry.source, days, entry=entry)
    return entry


def _entry(ledger: Ledger, number: int) -> Entry:
    for entry in ledger.entries():
        if entry.number == number:
            return entry
    raise InvalidInput(
        f"There is no delivery {number}. To see all deliveries, run: lantern feeds list"
    )
