"""Read what happened on cases, of every kind."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

import sqlalchemy as sa

from store.db.read_once import read_once
from store.db.student_keys import open_notes
from store.queries.cases.entry_parts import PARTS
from store.queries.cases.record_rows import record_rows


@dataclass(frozen=True, slots=True)
class RecordEntry:
    """One event. Fields that its kind does not have are empty, or None where documented.

    ``who`` did it; ``other`` approved, acknowledged or reviewed it; None: no one has.
    """

    part: str
    id: int
    at: dt.datetime
    who: str
    other: str | None
    what: str
    result: str
    words: str
    holds: bool
    on: dt.date | None
    author: int
    readers: list[str] | None
    """The roles that may read its words; None: everyone who may see the case."""
    leaves: dt.datetime | None
    """Of an approved email that was not sent: when it may be."""
    about: str
    """Of an email: its purpose."""
    approved_at: dt.datetime | None
    sent_at: dt.datetime | None


Entries = dict[str, list[RecordEntry]]
"""The entries of each kind, oldest first: views, interventions, emails and the rest of ``PARTS``.

Of ``asked``, who has not answered yet; of ``said``, the way to contact the student as ``result``,
and whether it ``holds`` up an answer; of ``emergencies``, whether it was reviewed.
"""


@read_once
def entries_of(connection: sa.Connection, case_id: int) -> Entries:
    """Return the entries of a case. The words of a confidential intervention are not among them."""
    found: Entries = {name: [] for name in PARTS}
    rows = record_rows(connection, case_id).entries
    words = open_notes(connection, [row.words for row in rows])
    for (_, *entry), opened in zip(rows, words, strict=True):
        found[entry[0]].append(replace(RecordEntry(*entry), words=opened))
    for part in found.values():
        part.sort(key=lambda each: each.id)
    # A message may be fetched later than one that was received after it.
    for name in ("answers", "doubts", "automatic", "said"):
        found[name].sort(key=lambda each: (each.at, each.id))
    return found
