"""Cache query results within a transaction, and load the answers for many ids together."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from enum import StrEnum
from functools import wraps
from inspect import unwrap
from typing import Any, Concatenate, ParamSpec, TypeVar, cast

import sqlalchemy as sa

ANSWERS = "lantern_answers"
"""The option of a connection under which the answers of its transaction are kept."""

Asked = ParamSpec("Asked")
Answer = TypeVar("Answer")


class Of(StrEnum):
    """The table whose id a cached query takes."""

    CASE = "case"
    STUDENT = "student"
    SCHOOL = "school"
    PERSON = "person"


def read_once(
    query: Callable[Concatenate[sa.Connection, Asked], Answer],
) -> Callable[Concatenate[sa.Connection, Asked], Answer]:
    """Run a query once in each transaction for the same arguments, and reuse its answer.

    A transaction that writes runs it again after each change or lock of its own. Nothing is kept
    from one transaction to the next. The arguments have to be hashable, and callers must not change
    the answer, since it is shared.
    """

    @wraps(query)
    def known(connection: sa.Connection, /, *args: Asked.args, **named: Asked.kwargs) -> Answer:
        answers = _answers(connection)
        if answers is None:
            return query(connection, *args, **named)
        asked = _asked(query, *args, **named)
        if asked not in answers:
            answers[asked] = query(connection, *args, **named)
        return cast("Answer", answers[asked])

    return known


def read_each(
    of: Of,
) -> Callable[
    [Callable[Concatenate[sa.Connection, Collection[int], Asked], Mapping[int, Answer]]],
    Callable[Concatenate[sa.Connection, int, Asked], Answer],
]:
    """Turn a query about many ids into one about a single id that loads all of ``shown_together``.

    The query maps every id that it is given to its answer. Otherwise like ``read_once``: a list of
    a hundred cases costs as many statements as one case does.
    """

    def made(
        query: Callable[Concatenate[sa.Connection, Collection[int], Asked], Mapping[int, Answer]],
    ) -> Callable[Concatenate[sa.Connection, int, Asked], Answer]:
        @wraps(query)
        def known(
            connection: sa.Connection, one: int, /, *args: Asked.args, **named: Asked.kwargs
        ) -> Answer:
            answers = _answers(connection)
            if answers is None:
                return query(connection, [one], *args, **named)[one]
            found = answers.setdefault(_asked(query, *args, **named), {})
            if one not in found:
                wanted = {one, *answers.get(of, ())} - found.keys()
                found.update(query(connection, sorted(wanted), *args, **named))
            return cast("Answer", found[one])

        return known

    return made


def shown_together(connection: sa.Connection, of: Of, ids: Iterable[int]) -> None:
    """Announce the ids that this transaction will read one after the other.

    A later question about one of them loads the answers for all, in one statement.
    """
    answers = _answers(connection)
    if answers is not None:
        answers[of] = answers.get(of, frozenset()) | frozenset(ids)


def found_already(
    connection: sa.Connection, query: Callable[..., Answer | None], one: int, answer: Answer
) -> None:
    """Store the answer to a query of ``read_each`` that another statement has returned."""
    answers = _answers(connection)
    if answers is not None:
        answers.setdefault(_asked(unwrap(query)), {})[one] = answer


class Kept(StrEnum):
    """What no change makes wrong, so that a transaction keeps it to its end."""

    KEYS = "keys"


def kept_answers(connection: sa.Connection, what: Kept) -> dict[int, Any] | None:
    """Return what this transaction keeps, by id; None on a connection that keeps nothing."""
    answers = _answers(connection)
    return None if answers is None else answers.setdefault(what, {})


def forget_at_changes(engine: sa.Engine) -> None:
    """Clear a transaction's cached answers at every statement that changes or locks rows."""

    @sa.event.listens_for(engine, "before_cursor_execute")
    def _forget(connection: sa.Connection, _cursor: Any, statement: str, *_rest: Any) -> None:
        answers = _answers(connection)
        if answers and not _only_reads(statement):
            for asked in [each for each in answers if not isinstance(each, Of | Kept)]:
                del answers[asked]


_READS = re.compile(r"\s*(SELECT|WITH)\b")
_LOCKS = ("FOR UPDATE", "FOR NO KEY UPDATE")


def _only_reads(statement: str) -> bool:
    # Two searches for plain text: as one expression they took as long as the rest of the look.
    return _READS.match(statement) is not None and not any(lock in statement for lock in _LOCKS)


def _asked(query: Callable[..., Any], *args: object, **named: object) -> tuple[Any, ...]:
    return (query, args, tuple(sorted(named.items())))


def _answers(connection: sa.Connection) -> dict[Any, Any] | None:
    """What the transaction has kept; None on a connection that keeps nothing."""
    return connection.get_execution_options().get(ANSWERS)
