"""Cache a query within a read-only transaction, in which the data cannot change."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar, cast

import sqlalchemy as sa

ANSWERS = "lantern_answers"
"""The option of a reading connection under which the answers of its transaction are kept."""

Asked = ParamSpec("Asked")
Answer = TypeVar("Answer")


def read_once(
    query: Callable[Concatenate[sa.Connection, Asked], Answer],
) -> Callable[Concatenate[sa.Connection, Asked], Answer]:
    """Have a query with the same arguments ask the database once in each reading transaction.

    A transaction that writes asks each time, since it may have changed the answer itself, and
    decides on it. Nothing is kept from one transaction to the next. The arguments have to be
    hashable, and the answer is shared, so that it has to be one that nothing changes.
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
