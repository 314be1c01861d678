"""A connection to PostgreSQL that notices when the server stops responding.

A server that hangs still acknowledges what it receives, so no network time-out ends the wait, and
its own ``statement_timeout`` hangs as well. A statement may rightly take long. So the server is
asked for another connection, which a working server can always open at once. One that was silent
is not asked for a moment, so that a click waits once, and for less than five seconds.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from time import monotonic
from typing import Any, TypeVar

import psycopg
from psycopg.errors import ConnectionTimeout

Result = TypeVar("Result")

QUIET, ASKED = 1, 3
"""Seconds of silence before the server is asked, and for which its answer is waited for."""
LONGEST_QUIET = 8
"""A statement that takes long lets the server be asked ever more rarely, up to this."""
RESTS = 2
"""Seconds for which a silent server is not asked for a connection."""

_SILENT_UNTIL: dict[Any, float] = {}
"""Server → when it is asked again."""


class AnsweringConnection(psycopg.Connection[Any]):
    """A connection that closes, with ``OperationalError``, where the server does not respond."""

    reach: Callable[[], psycopg.Connection[Any]]
    """Connects again, for ``ASKED`` seconds at most."""

    def wait(self, gen: Generator[Any, Any, Result], *limits: Any, **named_limits: Any) -> Result:
        """Wait for a result; if that takes long, check that the server still responds."""
        return super().wait(self._watched(gen), *limits, **named_limits)

    def _watched(self, going_on: Generator[Any, Any, Result]) -> Generator[Any, Any, Result]:
        heard, quiet = monotonic(), QUIET
        try:
            state = next(going_on)
            while True:
                ready = yield state
                if ready:
                    heard = monotonic()
                elif monotonic() - heard > quiet:
                    self._look()
                    heard, quiet = monotonic(), min(2 * quiet, LONGEST_QUIET)
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
    """Open an ``AnsweringConnection``, with the settings of ``psycopg.connect``.

    Raises ``OperationalError`` at once where the server was silent a moment ago.
    """
    server = (*settings, *(named_settings.get(name) for name in ("host", "port", "dbname")))
    if monotonic() < _SILENT_UNTIL.get(server, 0.0):
        raise psycopg.OperationalError("the server does not respond")

    def reach(**changed: Any) -> AnsweringConnection:
        try:
            return AnsweringConnection.connect(*settings, **(named_settings | changed))
        except ConnectionTimeout:
            _SILENT_UNTIL[server] = monotonic() + RESTS
            raise

    made = reach()
    made.reach = lambda: reach(connect_timeout=ASKED)
    return made
