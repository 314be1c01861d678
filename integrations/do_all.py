"""Do the same for many things, where one that fails keeps back none of the others."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

from integrations.error_summary import GOES_THROUGH

T = TypeVar("T")


def do_all(things: Iterable[T], do: Callable[[T], object]) -> None:
    """Do it for each, and raise the first failure once all were tried.

    For loops without a place to record each failure; ``worker.one_by_one`` has one.
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
