"""Log the start and the end of a process, so that a terminal or a log shows that it runs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import structlog

log = structlog.get_logger(__name__)


@contextmanager
def announced(process: str, **where: str) -> Iterator[None]:
    """Log that a process has started and, however it ends, that it has stopped.

    ``where`` says what a person needs to reach it, such as its address.
    """
    started, stopped = f"{process} started", f"{process} stopped"
    log.info(started, **where)
    try:
        yield
    finally:
        log.info(stopped)
