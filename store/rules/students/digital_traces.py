"""What a student left behind in the school's systems, as known on a day. Missing is not zero."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection
from dataclasses import dataclass

from store.rules.errors import NotPossibleNow
from store.rules.flags.flagging import UNKNOWN_AFTER
from store.rules.model import AttemptResult
from store.rules.policies.policy import SchoolPolicy, TraceRules

ONE_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Gap:
    """Days in a row, both included, of which a source has delivered nothing."""

    first: dt.date
    last: dt.date


@dataclass(frozen=True, slots=True)
class Trace:
    """One source: the newest day on which it shows anything of the student.

    ``last_seen`` is None where it shows nothing since ``looked_from``; ``fresh`` is None where it
    has delivered nothing at all since then.
    """

    source: str
    looked_from: dt.date
    last_seen: dt.date | None
    fresh: dt.date | None
    gaps: tuple[Gap, ...] = ()
    """Longer than a weekend each: of these days nobody can say anything."""


Look = Callable[[int, Collection[str], dt.date, dt.date], tuple[Trace, ...]]
"""How traces are looked up: (student, sources, first day, last day) → one for each source."""


def sources_of(policy: SchoolPolicy, *, swipes: bool) -> tuple[list[str], int]:
    """What a look reads, and over how many days. Log-ins and card swipes are looks of their own."""
    if swipes:
        rules = policy.traces
        return sorted(rules.swipes), min(rules.keep_days, policy.sustained_days)
    return sorted({source for _, source in policy.agreed_sources}), policy.sustained_days


def check_swipes(rules: TraceRules, reference: str, logins: AttemptResult | None) -> None:
    """Whether card swipes may be looked at: last, and only where log-ins showed nothing (§15).

    ``logins`` is what the newest look at log-ins found; None where nobody has looked.
    """
    if not rules.swipes:
        raise NotPossibleNow("Your school has agreed no source of card swipes to look at.")
    if logins is None:
        raise NotPossibleNow(
            f"{reference}: log-ins and use of the learning space come first. Card swipes are the "
            "last resort."
        )
    if logins is AttemptResult.TRACES_SEEN:
        raise NotPossibleNow(
            f"{reference}: the last look at digital traces showed something of the student, so "
            "that card swipes are not looked at."
        )


def gaps_in(delivered: Collection[dt.date], first: dt.date, last: dt.date) -> tuple[Gap, ...]:
    """The gaps of a source in these days, both included, that are longer than a weekend."""
    have = set(delivered)
    found, start = [], None
    for offset in range((last - first).days + 2):
        day = first + ONE_DAY * offset
        missing = day <= last and day not in have
        if missing and start is None:
            start = day
        elif not missing and start is not None:
            if day - start > UNKNOWN_AFTER:
                found.append(Gap(start, day - ONE_DAY))
            start = None
    return tuple(found)
