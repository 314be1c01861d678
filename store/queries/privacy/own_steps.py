"""Read what colleagues thought of a student and did, as the school lets its students read it (§23).

A note that some roles alone may read is left out, since it may be about welfare.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import sqlalchemy as sa

from store.db.student_keys import open_notes
from store.queries.privacy.harm import harm_marks_of
from store.queries.privacy.names import other_people, without_others
from store.rules.model import InterventionKind, Opinion
from store.rules.policies.students_page import StaffViews
from store.rules.students.harm import HarmPlace
from store.tables import NOTE_IS_FOR_ALL, cases, interventions, views


@dataclass(frozen=True, slots=True)
class OwnStep:
    """A colleague's view or action; the colleague is named by role.

    ``said`` is None where ``people`` colleagues gave a view and the page says no more. ``words``
    are the colleague's, without other people; '' where the page does not have them.
    """

    on: dt.date
    by: str
    said: Opinion | InterventionKind | None
    words: str = ""
    people: int = 1


def own_steps(
    connection: sa.Connection, student: int, roles: Mapping[int, str], shown: StaffViews
) -> tuple[OwnStep, ...]:
    """Return views and what was done, newest first; none where they are given on request."""
    if shown is StaffViews.ON_REQUEST:
        return ()
    mine = cases.c.student_id == student
    given = connection.execute(
        sa.select(views).join(cases, cases.c.id == views.c.case_id).where(mine)
    ).all()
    done = connection.execute(
        sa.select(interventions)
        .join(cases, cases.c.id == interventions.c.case_id)
        .where(mine, NOTE_IS_FOR_ALL)
    ).all()
    told = [""] * (len(given) + len(done))
    if shown is StaffViews.WORDS:
        notes = open_notes(connection, [row.reason for row in given] + [row.note for row in done])
        rows = [(HarmPlace.VIEW, row.id) for row in given]
        rows += [(HarmPlace.NOTE, row.id) for row in done]
        # Words that may do serious harm are here only where the officer has decided to give them.
        hidden = {
            (each.place, each.row) for each in harm_marks_of(connection, student) if not each.gives
        }
        notes = ["" if row in hidden else note for row, note in zip(rows, notes, strict=True)]
        others = other_people(connection, student, roles) if any(notes) else None
        told = [without_others(others, note)[0] if others and note else "" for note in notes]
    steps = [
        (row.at, OwnStep(row.at.date(), roles.get(row.author_id, ""), Opinion(row.opinion), words))
        for row, words in zip(given, told, strict=False)
    ]
    if shown is StaffViews.SUMMARY:
        steps = list(_counted(given))
    for row, words in zip(done, told[len(given) :], strict=True):
        by, kind = roles.get(row.author_id, ""), InterventionKind(row.kind)
        steps.append((row.at, OwnStep(row.happened_on or row.at.date(), by, kind, words)))
    return tuple(step for _, step in sorted(steps, key=lambda each: each[0], reverse=True))


def _counted(given: Sequence[Any]) -> Iterator[tuple[dt.datetime, OwnStep]]:
    """Yield one step for the views of each day."""
    for day, those in groupby(sorted(given, key=lambda row: row.at), lambda row: row.at.date()):
        rows = list(those)
        people = len({row.author_id for row in rows})
        yield rows[-1].at, OwnStep(day, "", None, people=people)
