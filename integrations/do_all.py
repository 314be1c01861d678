"""Run a function on many items, so that one failure does not stop the others."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

from integrations.error_summary import GOES_THROUGH

T = TypeVar("T")


def do_all(things: Iterable[T], do: Callable[[T], object]) -> None:
    """Call ``do`` on each item, and raise the first failure once all were tried.

    Use ``worker.one_by_one`` in loops that can record each failure.
    """
    first: Exception | None = None
    for thing in things:
        try:
            do(thing)
        except GOES_THROUGH:
            raise
        except Exception as error:  # noqa: BLE001 -- raised below, when the others are done
            first = first or error
    if first is not None:
        raise first
