"""Find contacts and other steps that were taken before another colleague's view (§13)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import sqlalchemy as sa

from store.db.read_once import Of, shown_together
from store.queries.cases.entries import Entries, RecordEntry, entries_of
from store.queries.deaths import lives
from store.rules.cases.first_view import NO_VIEW_BEFORE, CaseStep, came_first
from store.rules.model import InterventionKind, Rung
from store.tables import attempts, cases, interventions, referrals

Which = tuple[str, int]
"""An entry: its part and its id."""


def before_any_view(entries: Entries) -> frozenset[Which]:
    """Return the steps on a case that were taken before another colleague's view."""
    views = [CaseStep(each.author, each.at) for each in entries["views"]]
    welfare = [each.at for each in entries["emergencies"]]
    return frozenset(
        (each.part, each.id)
        for each in _steps(entries)
        if came_first(CaseStep(each.author, each.at, each.on), views, welfare)
    )


def said_of_newest(connection: sa.Connection, case_id: int, by: int) -> str:
    """Return a warning if this person's newest step came before another colleague's view, or ''."""
    entries = entries_of(connection, case_id)
    theirs = [each for each in _steps(entries) if each.author == by]
    newest = max(theirs, key=lambda each: each.at, default=None)
    if newest is None or (newest.part, newest.id) not in before_any_view(entries):
        return ""
    return NO_VIEW_BEFORE


def contacts_before_views(
    connection: sa.Connection, school: int, since: dt.datetime
) -> tuple[str, ...]:
    """List the cases with a step since ``since`` that came before any colleague's view.

    Returns their references, oldest case first.
    """
    steps = sa.union_all(
        *(
            sa.select(table.c.case_id).where(table.c.at >= since)
            for table in (attempts, interventions, referrals)
        )
    ).subquery()
    rows = connection.execute(
        sa.select(cases.c.id, cases.c.reference)
        .where(
            cases.c.school_id == school,
            lives(cases.c.student_id),
            cases.c.id.in_(sa.select(steps.c.case_id)),
        )
        .order_by(cases.c.id)
    )
    steps_on = dict(rows.all())
    shown_together(connection, Of.CASE, steps_on)
    found = []
    for case, reference in steps_on.items():
        entries = entries_of(connection, case)
        early = before_any_view(entries)
        found += [
            reference
            for each in _steps(entries)
            if each.at >= since and (each.part, each.id) in early
        ]
    return tuple(found)


def _steps(entries: Entries) -> Iterator[RecordEntry]:
    """Yield contacts and interventions, without notes and checks of digital traces."""
    yield from (each for each in entries["attempts"] if each.what == Rung.PHONE)
    yield from (each for each in entries["interventions"] if each.what != InterventionKind.NOTE)
    yield from entries["referrals"]
