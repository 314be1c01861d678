"""Looking students up is an act too: that it happened is recorded, not what was typed."""

from __future__ import annotations

from store import repository
from store.casework.request import Request, record_refusal
from store.queries.finding import Found, find
from store.rules.access import Action, schools_where
from store.rules.errors import InvalidInput, NotAllowed
from store.unit_of_work import Store

SHORTEST = 2
"""Characters: one letter would list a school."""


def look_up(store: Store, request: Request, words: str) -> list[Found]:
    """Students of the person's own schools, by number or name."""
    if len(words.strip()) < SHORTEST:
        raise InvalidInput("Please give a student number, or at least two letters of a name.")
    with store.unit_of_work() as work:
        actor = repository.actor(work.connection, request.actor)
        schools = schools_where(actor, Action.FIND)
        if schools:
            found = find(work.connection, words, schools)
            work.record(f"staff:{actor.id}", "find", "students", found=len(found))
            return found
    record_refusal(store, request.actor, Action.FIND, "students")
    raise NotAllowed("Students are looked up by those who look after cases. Please ask one.")
