"""Tell a live stream that the server is about to stop.

uvicorn stops once every response has ended, and tells the application only after that. A stream of
events never ends by itself, so the stop would wait for ever. Therefore the signals that make
uvicorn stop are handled here too, and passed on.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


class Stopping:
    """Remembers that the process was asked to stop."""

    def __init__(self) -> None:
        self._asked = threading.Event()

    @property
    def is_asked(self) -> bool:
        """Return whether every stream should end."""
        return self._asked.is_set()

    def now(self) -> None:
        """End every open stream, so that the server can stop at once."""
        self._asked.set()

    @contextmanager
    def on_signals(self) -> Iterator[None]:
        """Note SIGINT and SIGTERM before uvicorn acts on them, while the application runs."""
        if threading.current_thread() is not threading.main_thread():
            yield  # a server in a thread gets no signals; its owner calls now()
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
