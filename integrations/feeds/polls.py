"""Polls of a source: where the next one begins, and which of its statements are new.

Each poll is a delivery that records the period it asked for (``Entry.polled``), with the digests of
its statements' ids beside it (``ids.bin``, 16 bytes each). The start of the next poll follows from
these entries alone, so it never moves past data that is not stored: an interrupted or withdrawn
poll is repeated. Polls overlap, since all statements of a batch have one storing time and some
stores filter by another time; known statements are recognised by their ids.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import IO, Any

from integrations.feeds.formats.files.json_items import tail, text_at
from integrations.feeds.formats.readers.xapi import VOIDED, identity_of
from integrations.feeds.ledger.deliveries import Entry, Ledger, State, Window
from integrations.feeds.lrs import Page
from integrations.feeds.own_range import Period
from integrations.feeds.text_files import FeedError
from store.rules.calendar import institution_day

MOST_BYTES = 256 << 20
"""The most of new statements in one delivery. The rest comes with the next."""
KEEP_IDS = dt.timedelta(days=60)
"""How long the digests are kept, counted back from the mark. The period of an older poll that is
withdrawn is not requested again.
"""
CLOCKS = dt.timedelta(days=1)
"""How far the store's clock may be off."""
_DIGEST = 16


@dataclass
class Fetched:
    """The new statements of some pages. ``ids`` has one digest for each line."""

    ids: list[bytes] = field(default_factory=list)
    voided: set[bytes] = field(default_factory=set)
    """Statements that others void, whenever they came."""
    size: int = 0
    through: dt.datetime | None = None
    """Up to where the store has everything, as it says."""
    whole: bool = False
    """Whether all pages were read."""
    error: FeedError | None = None
    """Why not; None where there was enough for one delivery."""

    def take(self, page: Page, known: set[bytes], out: IO[str]) -> None:
        """Write a page's new statements, one on each line."""
        if page.through:
            self.through = min(self.through or page.through, page.through)
        for statement in page.statements:
            digest = digest_of(statement)
            if digest in known:
                continue
            known.add(digest)
            self.ids.append(digest)
            if tail(text_at(statement, "verb", "id")) == VOIDED:
                self.voided.add(_digest(text_at(statement, "object", "id")))
            line = json.dumps(statement, separators=(",", ":"))
            self.size += out.write(f"{line}\n")


def collect_statements(pages: Iterable[Page], known: set[bytes], out: IO[str]) -> Fetched:
    """Write the new statements of pages, until there are enough for one delivery.

    ``known`` are the digests of earlier statements; the new ones are added to it.
    """
    found = Fetched()
    try:
        for page in pages:
            found.take(page, known, out)
            if found.size >= MOST_BYTES:
                return found
        found.whole = True
    except FeedError as error:
        found.error = error
    return found


def digest_of(statement: Any) -> bytes:
    """Return the digest of a statement's id, or of its content where it has no id."""
    identity = identity_of(statement) if isinstance(statement, dict) else ""
    return _digest(identity or json.dumps(statement, sort_keys=True))


def _digest(identity: str) -> bytes:
    return hashlib.sha256(identity.encode("utf-8", "replace")).digest()[:_DIGEST]


@dataclass(frozen=True, slots=True)
class Begin:
    """Where the next poll of a source begins.

    All data up to ``mark`` is stored. The next poll asks for data after ``since``; ``day`` is the
    first day that is not complete.
    """

    mark: dt.datetime
    since: dt.datetime
    day: dt.date
    instead_of: tuple[int, ...] = ()


def polls_of(ledger: Ledger, source: str) -> list[Entry]:
    """List the polls of a source, withdrawn ones too, in the order of their arrival."""
    return [each for each in ledger.entries(source) if each.polled]


def begin_of(
    ledger: Ledger, polls: Sequence[Entry], first: dt.datetime, overlap: dt.timedelta
) -> Begin:
    """Return where the next poll begins: ``first`` where there was none.

    The period of a withdrawn poll is requested again, unless it is so old that the digests needed
    to recognise later statements have been deleted.
    """
    in_use = [each for each in polls if each.state is State.IN_USE]
    again = {number for each in in_use for number in each.instead_of}
    withdrawn = [
        each
        for each in polls
        if each.state is not State.IN_USE and each.number not in again and ledger.ids(each).exists()
    ]
    mark = max((until for _, until in windows(in_use)), default=first)
    earlier = [since for since, _ in windows(withdrawn)]
    if first < min((since for since, _ in windows(polls)), default=first):
        earlier.append(first)  # A person has set the first day back.
    days = [each.covered[0][0] for each in withdrawn if each.covered]
    days += [institution_day(each) for each in (mark, *earlier)]
    since = min((mark - overlap, *earlier))
    return Begin(mark, max(first, since), min(days), tuple(each.number for each in withdrawn))


def windows(polls: Iterable[Entry]) -> list[Window]:
    """Return the period (from, to) that each of these polls requested."""
    return [each.polled for each in polls if each.polled]


def known_ids(ledger: Ledger, polls: Iterable[Entry], since: dt.datetime) -> set[bytes]:
    """Read the digests of polls that may have brought statements stored since then."""
    found: set[bytes] = set()
    for each in polls:
        if each.state is State.IN_USE and each.arrived >= since - CLOCKS:
            found.update(_ids(ledger, each))
    return found


def bringing(ledger: Ledger, polls: Iterable[Entry], ids: set[bytes]) -> list[Entry]:
    """List the polls in use that brought one of these statements."""
    in_use = [each for each in polls if each.state is State.IN_USE]
    return [each for each in in_use if ids and not ids.isdisjoint(_ids(ledger, each))]


def ids_to_keep(ids: list[bytes], refused_lines: Iterable[int]) -> bytes:
    """Join the digests of a delivery, without those of refused lines.

    A refused statement may be accepted when it comes again, within the overlap.
    """
    refused = set(refused_lines)
    return b"".join(each for line, each in enumerate(ids, 1) if line not in refused)


def forget_ids(ledger: Ledger, polls: Iterable[Entry], mark: dt.datetime) -> None:
    """Delete the digests of polls that are older than any repetition can be."""
    for each in polls:
        if each.polled and each.polled[1] < mark - KEEP_IDS:
            ledger.ids(each).unlink(missing_ok=True)


def whole_days(first: dt.date, until: dt.datetime) -> tuple[Period, ...]:
    """Return the days that a poll completes: up to the day before that of ``until``."""
    last = institution_day(until) - dt.timedelta(days=1)
    return ((first, last),) if first <= last else ()


def _ids(ledger: Ledger, poll: Entry) -> list[bytes]:
    path = ledger.ids(poll)
    if not path.exists():
        return []
    whole = path.read_bytes()
    bounds = range(0, len(whole) + 1, _DIGEST)
    return [whole[start:end] for start, end in pairwise(bounds)]
