"""How a live stream learns that the server is about to stop.

uvicorn stops once every response has ended, and tells the application only after that. A stream of
events never ends by itself, so the stop would wait for ever; therefore the signals that make
uvicorn stop are heard here too, and handed on.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


class Stopping:
    """Remembers that the process was asked to end."""

    def __init__(self) -> None:
        self._asked = threading.Event()

    @property
    def is_asked(self) -> bool:
        """Whether every stream should end."""
        return self._asked.is_set()

    def now(self) -> None:
        """End every stream."""
        self._asked.set()

    @contextmanager
    def on_signals(self) -> Iterator[None]:
        """While the application lives: notice SIGINT and SIGTERM before uvicorn acts on them."""
        if threading.current_thread() is not threading.main_thread():
            yield  # a server in a thread gets no signals; who stops it calls now()
            return
        previous = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}

        def hear(number: int, frame: FrameType | None) -> None:
            self.now()
            handler = previous[signal.Signals(number)]
            if callable(handler):
                handler(number, frame)

        for number in previous:
            signal.signal(number, hear)
        try:
            yield
        finally:
            self.now()
            for number, handler in previous.items():
                signal.signal(number, handler)
