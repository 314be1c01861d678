"""Choose and order the cases of a caseload: filters, search words and sorting. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum

from store.rules.model import CaseStatus, MarkerFamily

_WEEK = dt.timedelta(days=7)


class Age(StrEnum):
    """How long ago a case was opened."""

    NEW = "new"
    WEEKS = "weeks"
    OLD = "old"

    @property
    def label(self) -> str:
        """Return the age as the filter's form shows it."""
        return _AGES[self]


_AGES = {
    Age.NEW: "opened in the last 7 days",
    Age.WEEKS: "opened 1 to 4 weeks ago",
    Age.OLD: "opened over 4 weeks ago",
}


class Order(StrEnum):
    """How the cases of a caseload follow each other."""

    EVIDENCE = "evidence"
    OLDEST = "oldest"
    NEWEST = "newest"
    REFERENCE = "reference"

    @property
    def label(self) -> str:
        """Return the order as the sorting form shows it."""
        return _ORDERS[self]


_ORDERS = {
    Order.EVIDENCE: "needs you first, then the most evidence",
    Order.OLDEST: "oldest first",
    Order.NEWEST: "newest first",
    Order.REFERENCE: "by reference",
}

MINE, NO_ONE = "me", "none"
"""An owner that is named without an id: the reader, or no one."""


@dataclass(frozen=True, slots=True)
class CaseloadEntry:
    """The data of a case that filters use. ``owner`` is a staff id; None for no owner."""

    case: int
    owner: int | None
    status: CaseStatus
    opened_on: dt.date
    families: frozenset[MarkerFamily]
    modules: frozenset[str]
    programme: str
    needs_me: bool
    place: int
    """The case's rank by evidence, the strongest first."""


@dataclass(frozen=True, slots=True)
class CaseloadFilter:
    """What a reader wants to see; '' and None leave a filter open. ``page`` counts from 1.

    ``module`` and ``programme`` are named by ``filter_key``.
    """

    owner: str = ""
    status: CaseStatus | None = None
    age: Age | None = None
    family: MarkerFamily | None = None
    module: str = ""
    programme: str = ""
    needs_me: bool = False
    order: Order = Order.EVIDENCE
    page: int = 1


def choose(
    entries: Iterable[CaseloadEntry],
    wanted: CaseloadFilter,
    reader: int,
    today: dt.date,
    found: Collection[int] | None = None,
) -> list[int]:
    """Return the ids of the cases to show, in order. ``found``: only these search results."""
    kept = [
        each
        for each in entries
        if _fits(each, wanted, reader, today) and (found is None or each.case in found)
    ]
    match wanted.order:
        case Order.EVIDENCE:
            kept.sort(key=lambda each: (not each.needs_me, each.place))
        case Order.OLDEST:
            kept.sort(key=lambda each: (each.opened_on, each.case))
        case Order.NEWEST:
            kept.sort(key=lambda each: (each.opened_on, each.case), reverse=True)
        case Order.REFERENCE:
            kept.sort(key=lambda each: each.case)
    return [each.case for each in kept]


def _fits(each: CaseloadEntry, wanted: CaseloadFilter, reader: int, today: dt.date) -> bool:
    return (
        _is_owned(each.owner, wanted.owner, reader)
        and wanted.status in (None, each.status)
        and wanted.age in (None, age_of(each.opened_on, today))
        and (wanted.family is None or wanted.family in each.families)
        and (not wanted.module or wanted.module in map(filter_key, each.modules))
        and wanted.programme in ("", filter_key(each.programme))
        and (each.needs_me or not wanted.needs_me)
    )


def _is_owned(owner: int | None, wanted: str, reader: int) -> bool:
    if wanted == NO_ONE:
        return owner is None
    return not wanted or str(owner) == (str(reader) if wanted == MINE else wanted)


def age_of(opened_on: dt.date, today: dt.date) -> Age:
    """Return how long ago a case was opened."""
    if today - opened_on < _WEEK:
        return Age.NEW
    return Age.OLD if today - opened_on > 4 * _WEEK else Age.WEEKS


def filter_key(name: str) -> str:
    """Return a module's code or a programme as a filter key: 20 characters, without quotes."""
    return "".join(each for each in name if each.isalnum() or each in " -._/")[:20].strip()
