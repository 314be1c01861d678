"""Failures in the log: what can be mended with its sentence, and once while it lasts.

A database that is away fails every click, page and job. A thousand lines that say the same hide
the one that says something else, so that a line that was just logged is only counted.
"""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable, Hashable

import structlog

from integrations.error_summary import place
from integrations.fault_sentences import known

LOGGED = "lantern_logged"
"""An error that carries this stands in the log already, so that who sees it later says nothing."""
QUIET = 600.0
"""Seconds in which the same thing is not logged again."""
MOST = 500
"""Different things that are remembered."""

log = structlog.get_logger(__name__)


class Repeats:
    """Which lines were just logged. Any thread may ask."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._said: dict[Hashable, tuple[float, int]] = {}

    def times(self, line: Hashable) -> int:
        """0 where this line was logged a moment ago; else how often it came since, itself too."""
        now = self._clock()
        with self._lock:
            since, count = self._said.get(line, (now - QUIET, 0))
            if now - since < QUIET:
                self._said[line] = since, count + 1
                return 0
            while len(self._said) >= MOST:
                del self._said[next(iter(self._said))]
            self._said.pop(line, None)
            self._said[line] = now, 0
        return count + 1

    def forget(self) -> None:
        """Log each fault as if it were its first time."""
        with self._lock:
            self._said.clear()


REPEATS = Repeats()
"""Of this process."""


def new_reference() -> str:
    """Make up the reference by which a person names a failure that only the log can explain."""
    return f"E-{secrets.token_hex(3).upper()}"


def log_failure(
    event: str, error: BaseException, *, reference: str = "", **names: str | int | None
) -> str | None:
    """Log that something failed, without the error's own text. ``names`` are ids and states.

    Gives the sentence of a fault that an operator can mend, which is logged once while it lasts,
    whatever it makes fail; None for any other, which a person is then told of by the
    ``reference``: so each of these is logged.
    """
    sentence = known(error)
    if getattr(error, LOGGED, False):
        return sentence
    setattr(error, LOGGED, True)
    kind, where = type(error).__name__, place(error)
    if times := REPEATS.times(sentence or (event, kind, where, reference)):
        told = {"reason": sentence} if sentence else {"reference": reference} if reference else {}
        often = {"times": times} if times > 1 else {}
        log.error(event, **told, **names, kind=kind, where=where, **often)
    return sentence
