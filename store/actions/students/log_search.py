"""Looking students up is an act too: that it happened is recorded, not what was typed."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TypeVar

import sqlalchemy as sa

from store.actions.request import Request, record_refusal
from store.db import repository
from store.db.unit_of_work import Store
from store.queries.students.search import Search, cases_meant, find
from store.rules.access.permissions import Action, schools_where
from store.rules.errors import InvalidInput, NotAllowed
from store.rules.text.formatting import listed

SHORTEST = 2
"""Characters: one letter would list a school."""

MOST_MEANT = 10

_REFERENCE = re.compile(r"[A-Za-z]+-[0-9]+")

Seen = TypeVar("Seen")


def look_up(store: Store, request: Request, words: str) -> Search:
    """Students of the person's own schools, by number or name."""
    if len(words.strip()) < SHORTEST:
        raise InvalidInput("Please give a student number, or at least two letters of a name.")
    return _looked(
        store,
        request.actor,
        lambda connection, schools: find(connection, words, schools, request.actor),
        lambda search: len(search.found) + search.more,
    )


def case_meant(store: Store, actor: int, word: str) -> int | None:
    """The case of the student with this number or name, for those who may look students up.

    None for everybody else, as if there were no such student. Where several may be meant, the
    error lists the references of their cases, which name nobody.
    """
    if len(word.strip()) < SHORTEST or _REFERENCE.fullmatch(word.strip()):
        return None
    try:
        meant = _looked(
            store,
            actor,
            lambda connection, schools: cases_meant(connection, word, schools, actor),
            len,
        )
    except NotAllowed:
        return None
    if len(meant) > MOST_MEANT:
        raise InvalidInput(
            f"{len(meant)} students with a case may be meant. Please give more of the name, or "
            "the student number."
        )
    if len(meant) > 1:
        references = listed([reference for _, reference in meant])
        raise InvalidInput(f"Several students may be meant: {references}. Please name the case.")
    return meant[0][0] if meant else None


def _looked(
    store: Store,
    person: int,
    look: Callable[[sa.Connection, list[int]], Seen],
    count: Callable[[Seen], int],
) -> Seen:
    """Look in the schools in which this person may, and record how many were found."""
    with store.unit_of_work() as work:
        actor = repository.actor(work.connection, person)
        schools = schools_where(actor, Action.FIND)
        if schools:
            seen = look(work.connection, schools)
            work.record(f"staff:{actor.id}", "find", "students", found=count(seen))
            return seen
    record_refusal(store, person, Action.FIND, "students")
    raise NotAllowed("Students are looked up by those who look after cases. Please ask one.")
