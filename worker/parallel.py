"""Run a task for many channels in parallel, each in order and at its own rate."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence

AT_ONCE = 48
"""The number of threads. They mostly wait: a conversation takes one message a second."""


def each(names: Sequence[int], do: Callable[[int], None]) -> None:
    """Call ``do`` with every name, in threads. Raises the first error once all have ended."""
    if len(names) < 2:
        for name in names:
            do(name)
        return
    waiting, lock, errors = list(reversed(names)), threading.Lock(), list[BaseException]()

    def work() -> None:
        while True:
            with lock:
                if not waiting:
                    return
                name = waiting.pop()
            try:
                do(name)
            except BaseException as error:  # noqa: BLE001 -- raised below, in the caller's thread
                errors.append(error)

    threads = [
        # A process that ends waits for none of them: what is not done is still due.
        threading.Thread(target=work, name=f"side-by-side-{number}", daemon=True)
        for number in range(min(AT_ONCE, len(names)))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]
