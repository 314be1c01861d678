"""The trail of a click through the logs, from the web process to the email or card that it causes.

Each click has a short id, ``click``. What it causes is a row of the outbox, whose key is ``row`` in
the lines of the web process that queued it and of the worker that handled it: ``card:7:3`` for a
case's card, ``mail:17:9c9d4439`` for an email. A row that causes others is their ``cause``. No id
is a person's, and a command of the command line leaves no trail.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import structlog
from structlog.contextvars import bound_contextvars, get_contextvars

MOST = 20
"""Rows of one transaction that are named; of more, as in a night, only the number is said."""

log = structlog.get_logger(__name__)


class Trail:
    """Whether this process says what it does, line by line: web, worker and clock do."""

    is_kept = False

    @contextmanager
    def kept(self) -> Iterator[None]:
        """Keep the trail as long as a process serves. It decorates the function that does."""
        self.is_kept = True
        try:
            yield
        finally:
            self.is_kept = False

    @contextmanager
    def of_click(self, key: str, command: str) -> Iterator[None]:
        """Name this click in every line within the block."""
        if not self.is_kept:
            yield
            return
        click = hashlib.sha256(key.encode()).hexdigest()[:12]
        with bound_contextvars(click=click, command=command):
            yield

    @contextmanager
    def of_row(self, key: str) -> Iterator[None]:
        """Name this row of the outbox in every line within the block."""
        if not self.is_kept:
            yield
            return
        with bound_contextvars(row=key):
            yield

    def queued(self, keys: Sequence[str]) -> None:
        """Log the rows that were written to the outbox together with a decision."""
        if not self.is_kept:
            return
        if len(keys) > MOST:
            log.info("queued", rows=len(keys))
            return
        cause = {"cause": row} if (row := get_contextvars().get("row")) else {}
        for key in keys:
            log.info("queued", **{"row": key, **cause})

    def said(self, event: str, **ids: str | int | float) -> None:
        """Log what became of the click or the row."""
        if self.is_kept:
            log.info(event, **ids)


TRAIL = Trail()
"""Of this process."""
