"""Split long lists, since databases limit the number of values in one statement."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeVar

Id = TypeVar("Id", int, str)

_PART = 500


def chunks(ids: Sequence[Id]) -> Iterator[Sequence[Id]]:
    """Yield the ids in order, at most 500 at a time."""
    for start in range(0, len(ids), _PART):
        yield ids[start : start + _PART]
