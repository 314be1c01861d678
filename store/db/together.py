"""Combine several queries into one statement, since the database may be far away."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import result_tuple


class Together:
    """Several SELECTs as one statement; each keeps its rows, their order and their types.

    Each SELECT needs columns with names of its own and a type for each. Parameters of the same name
    are shared. Building the statement takes longer than most answers, so it is built once.
    """

    def __init__(self, *questions: sa.SelectBase) -> None:
        asked = [each.subquery() for each in questions]
        self._places = [_places(each) for each in asked]
        self._row_of = [result_tuple(each.c.keys()) for each in asked]
        columns = {
            place: column.type
            for places, each in zip(self._places, asked, strict=True)
            for place, column in zip(places, each.c, strict=True)
        }
        self._columns = {place: number for number, place in enumerate(columns, start=2)}
        self._statement = sa.union_all(
            *(
                _part(number, each, dict(zip(places, each.c, strict=True)), columns)
                for number, (places, each) in enumerate(zip(self._places, asked, strict=True))
            )
        )

    def rows(
        self, connection: sa.Connection, values: Mapping[str, Any] | None = None
    ) -> tuple[list[Any], ...]:
        """Return the rows of each SELECT, in the order of the SELECTs."""
        found: tuple[list[Any], ...] = tuple([] for _ in self._places)
        # A database may give the parts of a union in any order.
        rows = connection.execute(self._statement, values or {}).all()
        for row in sorted(rows, key=_by_part):
            number = row[0]
            taken = [row[self._columns[place]] for place in self._places[number]]
            found[number].append(self._row_of[number](taken))
        return found


_Place = tuple[str, int]
"""A column of the combined statement, numbered within its type. The SELECTs share it."""


def _places(asked: sa.Subquery) -> list[_Place]:
    seen: Counter[str] = Counter()
    places = []
    for column in asked.c:
        kind = repr(column.type)
        places.append((kind, seen[kind]))
        seen[kind] += 1
    return places


def _part(
    number: int,
    asked: sa.Subquery,
    filled: Mapping[_Place, sa.ColumnElement[Any]],
    columns: Mapping[_Place, sa.types.TypeEngine[Any]],
) -> sa.Select[Any]:
    return sa.select(
        sa.literal_column(str(number), sa.Integer),
        sa.func.row_number().over(),
        *(
            filled.get(place, sa.cast(sa.null(), kind)).label(f"column_{at}")
            for at, (place, kind) in enumerate(columns.items())
        ),
    ).select_from(asked)


def _by_part(row: Any) -> tuple[int, int]:
    return row[0], row[1]
