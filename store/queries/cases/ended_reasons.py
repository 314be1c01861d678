"""Find cases whose reasons have all ended, and emails whose statements were corrected since.

Such a case needs no view and no email about engagement; it is closed. An alert and a use of the
welfare route are reasons of their own. Where the student has answered, the conversation continues.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from store.db.batches import chunks
from store.db.read_once import Of, read_each, shown_together
from store.queries.cases.flag_ends import end_words, over_on
from store.queries.cases.flags import flag_rows
from store.queries.cases.over import ENDED
from store.queries.contacts import contacts_of
from store.rules.calendar import Calendar, institution_day
from store.rules.cases.case import Case
from store.rules.letters.approval_basis import unpacked
from store.rules.letters.letter import LetterKind
from store.rules.model import CaseStatus, FlagEnd, OutreachStatus, Purpose
from store.rules.students.contacts import ContactQuestion
from store.rules.text.formatting import listed
from store.tables import flags, outreach

ASKS_FOR_CONTACT = frozenset(
    {CaseStatus.OPEN, CaseStatus.DISCUSSING, CaseStatus.AGREED, CaseStatus.IN_CONTACT}
)
"""The statuses in which a case would ask for a view, an email or the next step of contact."""


@dataclass(frozen=True, slots=True)
class EndedReasons:
    """Why the reasons of a case ended, in words, each once; and since when, where that is known."""

    names: tuple[str, ...]
    since: dt.date | None


def ended_reasons(connection: sa.Connection, which: Collection[int]) -> dict[int, EndedReasons]:
    """Map those of these cases whose reasons have all ended, by id, to why and when."""
    shown_together(connection, Of.CASE, which)
    return {case: over for case in which if (over := why_over(connection, case))}


def why_over(connection: sa.Connection, case: int) -> EndedReasons | None:
    """Return why all reasons of a case have ended; None where one is still active."""
    rows = flag_rows(connection, case)
    if not any(row.is_over for row in rows):
        return None
    ended = [row for row in rows if row.state in ENDED]
    return _named(connection, sorted(ended, key=lambda row: row.id))


def _named(connection: sa.Connection, ended: Sequence[Any]) -> EndedReasons:
    names = dict.fromkeys(filter(None, (end_words(connection, row) for row in ended)))
    days = [day for row in ended if (day := over_on(row))]
    return EndedReasons(tuple(names), max(days, default=None))


def nothing_left(connection: sa.Connection, case: int, purpose: Purpose) -> str:
    """Return a sentence if an email of this purpose has no reason any more, and why; else ''."""
    if purpose is Purpose.WELFARE:
        return ""
    over = why_over(connection, case)
    if over is None:
        return ""
    why = f" ({listed(over.names)})" if over.names else ""
    return f"every reason for the case has ended{why}"


def misinformed_on(connection: sa.Connection, case: Case) -> tuple[dt.date, ...]:
    """Return the days of emails that told the student something that later data corrected.

    Empty where a colleague has been in touch with the student since.
    """
    corrected = {
        row.id: row.ended_on
        for row in flag_rows(connection, case.id)
        if row.ended == FlagEnd.CORRECTED and row.ended_on
    }
    sent = _sent(connection, case.id) if corrected else ()
    wrong: dict[dt.date, dt.date] = {}
    for mail in sent:
        basis = unpacked(mail.opened_on)
        days = [corrected[flag] for flag in (basis.flags if basis else ()) if flag in corrected]
        day = institution_day(mail.sent_at)
        if mail.letter == LetterKind.UNIVERSITY_EMAIL and days and day <= max(days):
            wrong[day] = max(days)
    if not wrong:
        return ()
    met = contacts_of(connection, case.student, Calendar(), ContactQuestion.MET)
    touched = [institution_day(each.sent_at) for each in sent] + [each.day for each in met]
    return tuple(
        day
        for day, known in sorted(wrong.items())
        if not any(each > day and each >= known for each in touched)
    )


@read_each(Of.CASE)
def _sent(connection: sa.Connection, these: Collection[int]) -> Mapping[int, tuple[Any, ...]]:
    """Return the sent emails of a case: sent_at, opened_on, letter."""
    found: defaultdict[int, list[Any]] = defaultdict(list)
    query = sa.select(
        outreach.c.case_id, outreach.c.sent_at, outreach.c.opened_on, outreach.c.letter
    ).where(
        outreach.c.case_id.in_(these),
        outreach.c.status == OutreachStatus.SENT,
        outreach.c.sent_at.is_not(None),
    )
    for row in connection.execute(query):
        found[row.case_id].append(row)
    return {each: tuple(found[each]) for each in these}


def cases_corrected(connection: sa.Connection, which: Collection[int], day: dt.date) -> list[int]:
    """Return those of these cases with a flag that this day's screening corrected, by id."""
    found: set[int] = set()
    for part in chunks(sorted(which)):
        query = sa.select(flags.c.case_id).where(
            flags.c.case_id.in_(part),
            flags.c.ended == FlagEnd.CORRECTED,
            flags.c.ended_on == day,
        )
        found |= set(connection.execute(query.distinct()).scalars())
    return sorted(found)
