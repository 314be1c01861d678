"""Enter a delivery in the ledger: its coverage and facts, a check of losses, its days."""

# ruff: noqa: S608 -- the SQL is put together from our own texts; values are parameters.

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from integrations.activity.day_files import flush, replace_file
from integrations.activity.lake import COLUMNS, Lake
from integrations.activity.scratch_database import ScratchDatabase
from integrations.feeds.ledger import kept_rows, originals
from integrations.feeds.ledger.days import (
    Progress,
    days_of_deliveries,
    keep_what_was_before,
    make_days,
)
from integrations.feeds.ledger.deliveries import Entry, Ledger, State, same_delivery
from integrations.feeds.ledger.losses import describe_loss, losses
from integrations.feeds.ledger.originals import Original
from integrations.feeds.own_range import Period, cut_periods, days_of, in_periods, own_range
from integrations.feeds.refused import refused_of, resembling, write_refused
from integrations.feeds.text_files import FeedError
from store.rules.model import OCCASIONAL
from store.rules.text.formatting import counted, listed, on_day

if TYPE_CHECKING:
    from integrations.feeds.loading import Delivery, Terms

LONGEST_DELIVERY = 400
"""The most days that a delivery may cover or have rows on without declaring it. One mistyped year
would make thousands."""
MOST_NAMED = 3
LONG_PAST = dt.timedelta(days=300)
"""From here on a file's days are those of another year."""


@dataclass(frozen=True, slots=True)
class Entered:
    """A delivery entered in the ledger. ``days`` are the rebuilt days, none while it waits."""

    entry: Entry
    days: tuple[dt.date, ...]
    accepted: int
    notes: tuple[str, ...]


def enter(
    lake: Lake,
    work: ScratchDatabase,
    delivery: Delivery,
    judged: str,
    torn: int,
    rejected: int,
    progress: Progress,
) -> Entered:
    """Enter the rows of the tables ``rollup`` and ``bad``; ``torn`` counts lines that were no rows.

    The facts are written first and the record last, so that a delivery exists as a whole or not at
    all. The same content with the same coverage is the same delivery: its days are rebuilt.
    """
    ledger, terms = Ledger(lake), delivery.terms
    draft = _draft(work, delivery, torn, rejected)
    known = terms.again or _same(ledger, draft)
    old_days = days_of_deliveries([known]) if known and known.state is State.IN_USE else set()
    entry = replace(
        draft,
        number=known.number if known else ledger.reserve(delivery.source),
        arrived=known.arrived if known else draft.arrived,
        state=known.state if known else State.IN_USE,
        why=known.why if known else "",
        erasures=known.erasures if known else 0,
    )
    try:
        entry = _written(ledger, work, delivery, judged, entry)
        if not known and not terms.complete and not terms.polled:
            entry = _question(ledger, work, entry)
        days = (days_of_deliveries([entry]) | old_days) if entry.state is State.IN_USE else set()
        keep_what_was_before(ledger, entry.source, days)
        make_days(ledger, work, entry.source, days, progress, entry)
    except Exception:
        ledger.forget_unsaved(entry)
        raise
    shown = tuple(sorted(days_of_deliveries([entry]))) if entry.state is State.IN_USE else ()
    notes = (*_notes(entry, terms), *_long_past(lake, entry))
    return Entered(entry, shown, entry.accepted, notes)


def _written(
    ledger: Ledger, work: ScratchDatabase, delivery: Delivery, judged: str, entry: Entry
) -> Entry:
    """Write what belongs to the delivery beside its record; return the record with what is kept."""
    terms = delivery.terms
    if terms.again:
        entry = replace(entry, file=terms.again.file, torn=terms.again.torn)
    _write_facts(ledger, work, entry)
    alike = resembling(work.con, delivery.people.numbers if delivery.people else {})
    refused = refused_of(work.con, entry.covered, delivery.schools, entry.torn, alike)
    write_refused(ledger.folder(entry) / "refused.json", refused)
    if terms.seal and "student_number" in delivery.layout.columns:
        entry = _kept(ledger, work, terms, terms.seal, judged, alike, entry)
    if terms.ids is not None:
        ledger.ids(entry).write_bytes(terms.ids)
        flush(ledger.ids(entry))
    return entry


def _kept(
    ledger: Ledger,
    work: ScratchDatabase,
    terms: Terms,
    seal: kept_rows.Seal,
    judged: str,
    alike: Mapping[str, Sequence[int]],
    entry: Entry,
) -> Entry:
    """Keep what was delivered: the records of its file, or its rows of the event feed."""
    rows, original = ledger.folder(entry) / "rows.sealed", terms.original
    if original is None or original.records is None:
        kept_rows.keep_rows(work, seal, rows, judged, alike)
        return replace(entry, rows_kept=True)
    originals.keep_original(ledger, work, seal, entry, original, judged, alike)
    rows.unlink(missing_ok=True)
    return replace(entry, original_kept=True)


def _draft(work: ScratchDatabase, delivery: Delivery, torn: int, rejected: int) -> Entry:
    """Return the delivery's record, as far as it follows from its rows and its terms."""
    con, terms = work.con, delivery.terms
    original = terms.original or _OF_ROWS
    rows = {
        day: int(number)
        for day, number in con.execute(
            "SELECT day, sum(rows) FROM rollup WHERE student IS NOT NULL GROUP BY day"
        ).fetchall()
    }
    accepted, until = sum(rows.values()), terms.today or dt.date.max
    covered = _covered(work, delivery, rows, until)
    if not accepted and rejected:
        # A file without any usable row covers nothing, whatever days it declares.
        covered = ()
    covered = cut_periods(covered, until)
    return Entry(
        number=0,
        source=delivery.source,
        file=original.file or delivery.path.name,
        sha256=terms.sha256,
        arrived=terms.arrived or dt.datetime.now(dt.UTC),
        judged_on=terms.today,
        declared=delivery.covers,
        complete=terms.complete,
        schools=terms.schools,
        covered=covered,
        added=tuple(sorted(day for day in rows if not in_periods(day, covered))),
        polled=terms.polled,
        instead_of=terms.instead_of,
        modules=_modules(work, delivery, terms),
        accepted=accepted,
        rejected=rejected,
        torn=torn,
        format=original.format,
        made_with=original.made_with,
        reading=original.reading,
        known_as=original.known_as,
        left_out=original.left_out,
        read_again=original.read_at,
    )


_OF_ROWS = Original()
"""Of a delivery that came as rows of the event feed."""


def _covered(
    work: ScratchDatabase, delivery: Delivery, rows: dict[dt.date, int], until: dt.date
) -> tuple[Period, ...]:
    """Return the days that the delivery covers: as declared, else by its own range."""
    if delivery.terms.polled:
        return delivery.terms.covered
    if delivery.covers:
        return (delivery.covers,)
    covered = _own(work, rows, until)
    if max(_length(covered), len(rows)) > LONGEST_DELIVERY:
        raise FeedError(
            f"{delivery.path.name} has dates from {min(rows)} to {max(rows)}. If that is right, "
            "give the days it covers. If not, correct the file. Nothing was loaded."
        )
    return covered


def _length(covered: tuple[Period, ...]) -> int:
    """Return the number of days from the first to the last covered one."""
    return (covered[-1][1] - covered[0][0]).days + 1 if covered else 0


def _own(work: ScratchDatabase, rows: dict[dt.date, int], until: dt.date) -> tuple[Period, ...]:
    past = {day: number for day, number in rows.items() if day <= until}
    families = {
        family
        for (family,) in work.con.execute(
            "SELECT DISTINCT CAST(family AS VARCHAR) FROM rollup WHERE student IS NOT NULL"
        ).fetchall()
    }
    return own_range(past, occasional=families <= {str(each) for each in OCCASIONAL}).covered


def _modules(work: ScratchDatabase, delivery: Delivery, terms: Terms) -> frozenset[str] | None:
    if terms.complete and not terms.schools:
        return None
    seen = work.con.execute(
        "SELECT DISTINCT coalesce(CAST(module AS VARCHAR), '') FROM rollup "
        "WHERE student IS NOT NULL"
    ).fetchall()
    of_schools = {module for module, school in delivery.schools.items() if school in terms.schools}
    return frozenset(module for (module,) in seen) | of_schools


def _same(ledger: Ledger, draft: Entry) -> Entry | None:
    """Return the source's newest delivery, if this one has the same content."""
    newest = next(reversed(ledger.entries(draft.source)), None)
    if newest and newest.state is not State.WITHDRAWN and same_delivery(newest, draft):
        return newest
    return None


def _write_facts(ledger: Ledger, work: ScratchDatabase, entry: Entry) -> None:
    stated = {
        day
        for (day,) in work.con.execute(
            "SELECT DISTINCT day FROM rollup WHERE student IS NOT NULL"
        ).fetchall()
    }
    for day in sorted(stated):
        replace_file(
            ledger.lake.root,
            work,
            ledger.facts(entry, day),
            f"SELECT {', '.join(COLUMNS)} FROM rollup "
            f"WHERE student IS NOT NULL AND day = DATE '{day}' ORDER BY ALL",
        )
    for path in ledger.folder(entry).glob("facts/*.parquet"):
        if dt.date.fromisoformat(path.stem) not in stated:
            path.unlink(missing_ok=True)


def _question(ledger: Ledger, work: ScratchDatabase, entry: Entry) -> Entry:
    """Return the delivery; it waits for a person if it would remove much."""
    there = (ledger.lake.path(entry.source, day) for day in days_of(entry.covered))
    together = [
        path
        for other in ledger.entries(entry.source)
        if other.arrived == entry.arrived and other.state is State.IN_USE
        for path in ledger.folder(other).glob("facts/*.parquet")
    ]
    files = [path for path in there if path.exists()]
    found = losses(work, files, entry.modules, together)
    if not found:
        return entry
    return replace(entry, state=State.WAITING, why=describe_loss(entry.file, entry.number, found))


def _long_past(lake: Lake, entry: Entry) -> Iterable[str]:
    """Return a note if a source that has newer days suddenly delivers those of a year ago."""
    if not entry.judged_on or not entry.covered or entry.polled:
        return
    last, newest = entry.covered[-1][1], lake.newest_days(entry.judged_on).get(entry.source)
    if newest and newest - last > LONG_PAST:
        yield (
            f"All its days are long past (up to {last}), although this source has newer ones. If "
            f"the year is wrong, run: lantern feeds withdraw {entry.number}"
        )


def _notes(entry: Entry, terms: Terms) -> Iterable[str]:
    """Return notes on days with rows that the delivery does not cover."""
    ahead = [day for day in entry.added if terms.today and day > terms.today]
    apart = [day for day in entry.added if day not in ahead]
    if apart and not entry.polled:
        named = listed([on_day(day) for day in apart[:MOST_NAMED]])
        more = f" and {counted(len(apart) - MOST_NAMED, 'more day')}" if apart[MOST_NAMED:] else ""
        yield (
            f"Rows of {named}{more} are far from the other days. They were added, and these days "
            "count as unknown. Correct the dates, or say which days the file covers, with --from "
            "and --to."
        )
    if ahead:
        yield (
            f"Rows of {counted(len(ahead), 'day')} in the future were added, up to "
            f"{on_day(ahead[-1])}."
        )
