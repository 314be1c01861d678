"""Log failures: known ones with their sentence, and once while they last.

An unreachable database fails every click, page and job. A thousand equal lines would hide a
different one, so a line that was just logged is only counted.
"""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable, Hashable

import structlog

from integrations.error_summary import place
from integrations.fault_sentences import fault_sentence

LOGGED = "lantern_logged"
"""Marks an error that has been logged, so that later handlers do not log it again."""
QUIET = 600.0
"""Seconds in which the same line is not logged again."""
MOST = 500
"""The most different lines that are remembered."""

log = structlog.get_logger(__name__)


class Repeats:
    """The lines logged recently, with their counts. Thread-safe."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._said: dict[Hashable, tuple[float, int]] = {}

    def times(self, line: Hashable) -> int:
        """Return 0 if this line was logged recently; else how often it has come since then."""
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
        """Forget all lines, so that each failure is logged again."""
        with self._lock:
            self._said.clear()


REPEATS = Repeats()
"""Of this process."""


def new_reference() -> str:
    """Create a reference by which a person can report a failure that is explained in the log."""
    return f"E-{secrets.token_hex(3).upper()}"


def log_failure(
    event: str, error: BaseException, *, reference: str = "", **names: str | int | None
) -> str | None:
    """Log a failure, without the error's own text. ``names`` are ids and states.

    Returns the sentence of an error that an operator can fix; it is logged once while it lasts,
    whatever else fails because of it. Returns None for any other error; each is logged, since a
    person gets its ``reference``.
    """
    sentence = fault_sentence(error)
    if getattr(error, LOGGED, False):
        return sentence
    setattr(error, LOGGED, True)
    kind, where = type(error).__name__, place(error)
    if times := REPEATS.times(sentence or (event, kind, where, reference)):
        told = {"reason": sentence} if sentence else {"reference": reference} if reference else {}
        often = {"times": times} if times > 1 else {}
        log.error(event, **told, **names, kind=kind, where=where, **often)
    return sentence
