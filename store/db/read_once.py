"""Cache a query within a read-only transaction, in which the data cannot change."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar, cast

import sqlalchemy as sa

ANSWERS = "lantern_answers"
"""The execution option of a reading connection that holds its transaction's cache."""

Asked = ParamSpec("Asked")
Answer = TypeVar("Answer")


def read_once(
    query: Callable[Concatenate[sa.Connection, Asked], Answer],
) -> Callable[Concatenate[sa.Connection, Asked], Answer]:
    """Cache a query's results by its arguments within one reading transaction.

    A writing transaction is never cached, since it may have changed the data itself. Nothing is
    kept from one transaction to the next. The arguments must be hashable, and the shared result
    must never be mutated.
    """

    @wraps(query)
    def known(connection: sa.Connection, /, *args: Asked.args, **named: Asked.kwargs) -> Answer:
        answers = connection.get_execution_options().get(ANSWERS)
        if answers is None:
            return query(connection, *args, **named)
        asked = (query, args, tuple(sorted(named.items())))
        if asked not in answers:
            answers[asked] = query(connection, *args, **named)
        return cast("Answer", answers[asked])

    return known
