"""The trail of a click through the logs, from the web process to the email or card that it causes.

Each click has a short id, ``click``. What it causes is a row of the outbox, whose key is ``row`` in
the lines of the web process that queued it and of the worker that handled it: ``card:7:3`` for a
case's card, ``mail:17:9c9d4439`` for an email. A row that causes others is their ``cause``. No id
is a person's, and a command of the command line leaves no trail.

Where OTEL_EXPORTER_OTLP_ENDPOINT is set, the same is sent as spans: see ``integrations.traces``,
which is not even imported otherwise.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Protocol

import structlog
from structlog.contextvars import bound_contextvars, get_contextvars

MOST = 20
"""Rows of one transaction that are named; of more, as in a night, only the number is said."""

Id = str | int | float
"""What a line says of a click, a job or a row."""

log = structlog.get_logger(__name__)


class Spans(Protocol):
    """The trail as spans, for a collector of traces."""

    def span(self, name: str, ids: Mapping[str, Id], row: str = "") -> AbstractContextManager[None]:
        """Open a span: below what queued ``row``, if that is known, else below the current one."""
        ...

    def event(self, name: str, ids: Mapping[str, Id]) -> None:
        """Add an event to the current span."""
        ...

    def queued(self, rows: Sequence[str]) -> None:
        """Remember the current span as what queued these rows."""
        ...


class Trail:
    """Whether this process says what it does, line by line: web, worker and clock do."""

    is_kept = False
    traces: Spans | None = None
    """What the same is sent to as spans, if anything."""

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
        ids = {"click": click, "command": command}
        with bound_contextvars(**ids), self._span(f"click {command}", ids):
            yield

    def of_job(self, name: str, ids: Mapping[str, Id]) -> AbstractContextManager[None]:
        """Follow this job within the block: in traces alone, since its rows say the rest."""
        return self._span(f"job {name}", ids)

    @contextmanager
    def of_row(self, key: str, kind: str) -> Iterator[None]:
        """Name this row of the outbox in every line within the block."""
        if not self.is_kept:
            yield
            return
        with bound_contextvars(row=key), self._span(f"job deliver {kind}", {"row": key}, key):
            yield

    def of_request(self, name: str) -> AbstractContextManager[None]:
        """Follow a request to another service within the block, in traces alone."""
        return self._span(name, {})

    def _span(
        self, name: str, ids: Mapping[str, Id], row: str = ""
    ) -> AbstractContextManager[None]:
        return self.traces.span(name, ids, row) if self.traces else nullcontext()

    def queued(self, keys: Sequence[str]) -> None:
        """Log the rows that were written to the outbox together with a decision."""
        if not self.is_kept:
            return
        if len(keys) > MOST:
            log.info("queued", rows=len(keys))
            return
        if self.traces:
            self.traces.queued(keys)
        cause = {"cause": row} if (row := get_contextvars().get("row")) else {}
        for key in keys:
            log.info("queued", **{"row": key, **cause})

    def said(self, event: str, **ids: Id) -> None:
        """Log what became of the click or the row."""
        if self.is_kept:
            log.info(event, **ids)
        if self.traces:
            self.traces.event(event, ids)


TRAIL = Trail()
"""Of this process."""
