"""Look up students, and record each search in the audit without the words typed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace

from store.actions.disclose import disclose
from store.actions.request import Request, record_refusal
from store.db import repository
from store.db.unit_of_work import Store, UnitOfWork
from store.queries.schools.unwatched import unwatched
from store.queries.students.references import case_id_of
from store.queries.students.search import (
    FoundStudent,
    Search,
    cases_meant,
    find_students,
    is_with_a_colleague,
)
from store.rules.access.disclosures import Implied, Shows
from store.rules.access.permissions import Action, schools_where
from store.rules.calendar import institution_day
from store.rules.errors import InvalidInput, NotAllowed
from store.rules.text.formatting import counted, listed

SHORTEST = 2
"""Fewest characters of a search: one letter would list a school."""

MOST_MEANT = 10

_REFERENCE = re.compile(r"[A-Za-z]+-[0-9]+")


def search_students(store: Store, request: Request, words: str) -> Search:
    """Find students of the person's own schools by number or name.

    Raises ``InvalidInput`` where the search words are too short.
    """
    if len(words.strip()) < SHORTEST:
        raise InvalidInput("Give a student number, or at least two letters of a name.")
    with _looking(store, request.actor) as (work, schools):
        search = find_students(work.connection, words, schools, request.actor)
        _record(work, request.actor, len(search.found) + search.more)
        for each in search.found:
            subject = f"student:{each.student}" if each.case is None else f"case:{each.case}"
            disclose(work, request.actor, subject, (Shows.IDENTITY,), Implied.FINDING)
        unseen: dict[int, str] = {}
        for school in schools if search.found else ():
            unseen |= unwatched(work.connection, school, institution_day(work.now))
        return replace(search, found=tuple(_told(each, unseen) for each in search.found))


def _told(found: FoundStudent, unseen: Mapping[int, str]) -> FoundStudent:
    has_case = found.is_barred or (found.case is not None and not found.is_closed)
    return found if has_case else replace(found, unwatched=unseen.get(found.student, ""))


def case_meant(store: Store, actor: int, word: str, *, is_welfare: bool = False) -> int | None:
    """Find the case of the student with this number or name, for those who may look up students.

    None for everyone else, as if there were no such student. Where several match, the error lists
    the references of their cases, which hold no names. ``is_welfare``: a concern cannot wait, so a
    person barred by a complaint is told where to take it.

    Raises ``InvalidInput`` where several students match.
    """
    if len(word.strip()) < SHORTEST or _REFERENCE.fullmatch(word.strip()):
        return None
    try:
        with _looking(store, actor) as (work, schools):
            meant = cases_meant(work.connection, word, schools, actor)
            elsewhere = is_welfare and is_with_a_colleague(work.connection, word, schools, actor)
            _record(work, actor, len(meant))
            _disclose_cases(work, actor, meant[:MOST_MEANT])
    except NotAllowed:
        return None
    if elsewhere:
        raise InvalidInput(
            "This student is with a colleague. Tell an engagement lead of your school about your "
            "concern now, by phone or in person."
        )
    if len(meant) > MOST_MEANT:
        raise InvalidInput(
            f"{counted(len(meant), 'student')} with a case match. Give more of the name, "
            "or the student number."
        )
    if len(meant) > 1:
        references = listed([reference for _, reference in meant])
        raise InvalidInput(f"Several students match: {references}. Name the case.")
    return meant[0][0] if meant else None


def cases_found(store: Store, request: Request, words: str) -> frozenset[int]:
    """Return the case with this reference, or the cases of students who match by number or name.

    A search by number or name is recorded. Raises ``NotAllowed`` for it to those who may not look
    up students, and ``InvalidInput`` where the words are too short.
    """
    with store.database.read() as connection:
        by_reference = case_id_of(connection, words)
    if by_reference is not None:
        return frozenset({by_reference})
    if len(words.strip()) < SHORTEST:
        raise InvalidInput(
            "Give a reference, a student number, or at least two letters of a name.", field="words"
        )
    with _looking(store, request.actor) as (work, schools):
        meant = cases_meant(work.connection, words, schools, request.actor)
        _record(work, request.actor, len(meant))
        _disclose_cases(work, request.actor, meant)
    return frozenset(case for case, _ in meant)


def record_export(store: Store, request: Request, cases: Sequence[int]) -> None:
    """Record that a person took a list of cases out of Lantern: how many, and which."""
    with store.unit_of_work() as work:
        work.record(f"staff:{request.actor}", "export-cases", "cases", found=len(cases))
        for case in cases:
            disclose(work, request.actor, f"case:{case}", (Shows.EVIDENCE,), Implied.CASELOAD)


@contextmanager
def _looking(store: Store, person: int) -> Iterator[tuple[UnitOfWork, list[int]]]:
    """Yield a transaction and the schools in which this person may search. Audits a refusal."""
    with store.unit_of_work() as work:
        schools = schools_where(repository.actor(work.connection, person), Action.FIND)
        if schools:
            yield work, schools
            return
    record_refusal(store, person, Action.FIND, "students")
    raise NotAllowed("Only colleagues who look after cases can look up students. Ask one of them.")


def _disclose_cases(work: UnitOfWork, person: int, meant: Sequence[tuple[int, str]]) -> None:
    """Record which cases a name or a number was found to belong to."""
    for case, _ in meant:
        disclose(work, person, f"case:{case}", (Shows.IDENTITY,), Implied.FINDING)


def _record(work: UnitOfWork, person: int, found: int) -> None:
    work.record(f"staff:{person}", "find", "students", found=found)
