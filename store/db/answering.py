"""A connection to PostgreSQL that notices when the server stops responding.

A server that hangs still acknowledges what it receives, so no network time-out ends the wait, and
its own ``statement_timeout`` hangs as well. A statement may rightly take long. So the server is
asked for another connection, which a working server can always open at once.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from time import monotonic
from typing import Any, TypeVar

import psycopg
from psycopg.errors import ConnectionTimeout

Result = TypeVar("Result")

QUIET, ASKED = 4, 3
"""Seconds without a response before the server is asked, and the longest wait for its answer."""


class AnsweringConnection(psycopg.Connection[Any]):
    """A connection that closes, with ``OperationalError``, where the server does not respond."""

    reach: Callable[[], psycopg.Connection[Any]]
    """Connects again, for ``ASKED`` seconds at most."""

    def wait(self, gen: Generator[Any, Any, Result], *limits: Any, **named_limits: Any) -> Result:
        """Wait for a result; if that takes long, check that the server still responds."""
        return super().wait(self._watched(gen), *limits, **named_limits)

    def _watched(self, going_on: Generator[Any, Any, Result]) -> Generator[Any, Any, Result]:
        heard = monotonic()
        try:
            state = next(going_on)
            while True:
                ready = yield state
                if ready:
                    heard = monotonic()
                elif monotonic() - heard > QUIET:
                    self._look()
                    heard = monotonic()
                state = going_on.send(ready)
        except StopIteration as done:
            result: Result = done.value
            return result

    def _look(self) -> None:
        try:
            self.reach().close()
        except ConnectionTimeout:
            self.pgconn.finish()
            raise psycopg.OperationalError("the server does not respond") from None
        except psycopg.Error:
            # It refuses another connection: that too is an answer.
            return


def connect(*settings: Any, **named_settings: Any) -> AnsweringConnection:
    """Open an ``AnsweringConnection``, with the settings of ``psycopg.connect``."""
    made = AnsweringConnection.connect(*settings, **named_settings)
    shortly = named_settings | {"connect_timeout": ASKED}
    made.reach = lambda: psycopg.connect(*settings, **shortly)
    return made
