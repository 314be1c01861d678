"""Find the day on which a delivery last corrected a day of a source, or brought it late."""

from __future__ import annotations

import datetime as dt
import filecmp
from collections.abc import Iterable, Sequence

from integrations.feeds.ledger.deliveries import Entry, Ledger, State
from integrations.feeds.own_range import in_periods
from store.rules.flag_rules.settling import is_correction


def corrected_on(ledger: Ledger, entries: Sequence[Entry], day: dt.date) -> dt.date | None:
    """Return the day of arrival of the newest correction; None where there was none.

    ``entries`` are the deliveries of one source. A correction states other rows than every earlier
    delivery about the day, or is the first one although a later day had been delivered. Polls
    are none: each brings what is new.
    """
    files = [each for each in entries if each.state is State.IN_USE and not each.polled]
    about = [each for each in files if in_periods(day, each.covered)]
    return max(
        (
            each.judged_on
            for each in about
            if each.judged_on
            and is_correction(day, each.judged_on)
            and _changes(ledger, each, about, files, day)
        ),
        default=None,
    )


def _changes(
    ledger: Ledger, entry: Entry, about: Iterable[Entry], files: Iterable[Entry], day: dt.date
) -> bool:
    before = [each for each in about if each.arrived < entry.arrived]
    if before:
        newest_first = sorted(before, key=lambda each: each.order, reverse=True)
        return not any(_same_rows(ledger, entry, each, day) for each in newest_first)
    return any(
        each.arrived < entry.arrived and each.covered and each.covered[-1][1] > day
        for each in files
    )


def _same_rows(ledger: Ledger, entry: Entry, other: Entry, day: dt.date) -> bool:
    """Return whether two deliveries state the same of a day: their facts are sorted."""
    one, two = ledger.facts(entry, day), ledger.facts(other, day)
    if one.exists() and two.exists():
        return filecmp.cmp(one, two, shallow=False)
    return one.exists() == two.exists()
