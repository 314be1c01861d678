"""Convert a file of any format to rows of the documented event feed, with a summary in counts.

A refused row is handed on as one that the event feed refuses too, so that its student, or those
it may be about, are unknown and not absent, and so that it is tried again when the roster knows
more.

People and modules are matched only here. Only the student's number, module, family, kind, time,
item and count of a row are passed on.
"""

from __future__ import annotations

import csv
from typing import IO

from integrations.feeds.formats.files import json_items
from integrations.feeds.formats.files.opening import Opened
from integrations.feeds.formats.keeping import Fate
from integrations.feeds.formats.matching.at_once import PlainStatements
from integrations.feeds.formats.matching.known_roster import KnownRoster
from integrations.feeds.formats.matching.row_writer import RowWriter
from integrations.feeds.formats.matching.summary import STAFF, Summary, check_order, check_times
from integrations.feeds.formats.model import Declared, Event, Format, RefusedRow
from integrations.feeds.text_files import FeedError

__all__ = ["COLUMNS", "KnownRoster", "Summary", "read_events"]

COLUMNS = ("student_number", "module", "family", "kind", "at", "item", "count", "until")

_FATES = {
    STAFF: Fate.LEFT_OUT,
    json_items.TWICE: Fate.LEFT_OUT,
    json_items.VOIDING: Fate.VOIDS,
}
"""What becomes of a record that is left aside, by why."""


def read_events(
    opened: Opened,
    reader: Format,
    declared: Declared,
    roster: KnownRoster,
    out: IO[str] | None = None,
    *,
    hands_on: bool = True,
    is_again: bool = False,
    plain: PlainStatements | None = None,
) -> Summary:
    """Read a file; write its rows to ``out`` where there is one. Raises ``FeedError``.

    ``hands_on``: the refused ones too. A poll does not, since it asks for them again. ``is_again``:
    it was read before, so its declaration has been checked. ``plain``: what was read of it at once.
    """
    if declared.module and not roster.modules.find(declared.module):
        raise FeedError(
            f"{opened.name}: the declared module is not on the roster. Check --module, or load the "
            "module first. Nothing was loaded."
        )
    summary = Summary(reader, plain=plain)
    write = csv.writer(out, lineterminator="\n" if plain else "\r\n").writerow if out else None
    if write:
        write(COLUMNS)
    sink = RowWriter(summary, opened.name, declared, roster, write, hands_on)
    for item in reader.read(opened, declared):
        summary.rows += 1
        sink.record, refused = opened.record, len(summary.refused_lines)
        if isinstance(item, Event):
            fate = sink.event(item)
        elif isinstance(item, RefusedRow):
            fate = sink.refused(item)
        else:
            summary.passed[item.why] += 1
            fate = _FATES.get(item.why, Fate.PASSED)
        if not hands_on and len(summary.refused_lines) > refused:
            fate = Fate.LEFT_OUT  # It is asked for again.
        summary.fates.add(opened.record, fate)
    if plain:
        sink.plain(plain, out)
    if not is_again:
        check_times(opened.name, summary)
        check_order(opened.name, summary, declared.dates)
    sink.end()
    summary.repaired.update(roster.people.repaired.values())
    return summary
