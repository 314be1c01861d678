"""Run several actions at the same moment."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def together(*acts: Callable[[], T]) -> list[T | Exception]:
    """Run all actions at once; return each result or exception, in the order given."""
    start = threading.Barrier(len(acts))
    results: dict[int, T | Exception] = {}

    def run(number: int, act: Callable[[], T]) -> None:
        start.wait(30)
        try:
            results[number] = act()
        except Exception as error:  # noqa: BLE001
            results[number] = error

    threads = [threading.Thread(target=run, args=(number, act)) for number, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return [results[number] for number in range(len(acts))]
