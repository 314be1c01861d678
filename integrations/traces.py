"""OpenTelemetry's spans of clicks, jobs and messages: one trace from a click to its email.

``TRAIL`` opens the spans, so they hold what its log lines hold: ids, kinds and outcomes, and no
person's name, address or words. An exception's text is never recorded. The global tracer stays as
it is, since libraries that use it would send addresses with ids in them.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Protocol

import httpx
from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter
from opentelemetry.trace import Link, StatusCode, get_current_span
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator
from opentelemetry.util.re import parse_env_headers

from integrations.settings import Settings, WrongSetting
from integrations.trail import TRAIL, Id

SECONDS = 5
"""How long a collector may take to accept a batch. A thread of its own sends them."""
MOST = 10_000
"""Rows whose cause is known within one process, where there is no Redis."""
_PARENT = "traceparent"
_PROPAGATOR = TraceContextTextMapPropagator()


class Causes(Protocol):
    """Remembers the span that queued each row of the outbox, as a ``traceparent`` header."""

    def remember_cause(self, row: str, cause: str) -> None:
        """Remember what queued the row. It may be lost, and then the row begins a trace."""
        ...

    def cause_of(self, row: str) -> str:
        """Return what queued the row; '' where that is not known."""
        ...


class CausesHere:
    """Causes of rows that this very process handles: the newest ``MOST``."""

    def __init__(self) -> None:
        self._known: OrderedDict[str, str] = OrderedDict()
        self._lock = threading.Lock()

    def remember_cause(self, row: str, cause: str) -> None:
        """Keep the cause, and forget the oldest one beyond ``MOST``."""
        with self._lock:
            self._known[row] = cause
            while len(self._known) > MOST:
                self._known.popitem(last=False)

    def cause_of(self, row: str) -> str:
        """Return what queued the row; '' where that is not known."""
        with self._lock:
            return self._known.get(row, "")


class Traces:
    """The spans of one process, sent in batches."""

    def __init__(self, exporter: SpanExporter, causes: Causes) -> None:
        resource = Resource({"service.name": "lantern"})
        self._provider = TracerProvider(resource=resource, shutdown_on_exit=False)
        self._provider.add_span_processor(BatchSpanProcessor(exporter))
        self._tracer = self._provider.get_tracer("lantern")
        self._causes = causes

    @contextmanager
    def span(self, name: str, ids: Mapping[str, Id], row: str = "") -> Iterator[None]:
        """Open a span: below what queued ``row``, if that is known, else below the current one."""
        parent = self._cause(row) if row else None
        here = get_current_span().get_span_context()
        with self._tracer.start_as_current_span(
            name,
            context=parent,
            # The job that handles a row may have been woken by another click.
            links=[Link(here)] if parent and here.is_valid else None,
            attributes=_attributes(ids),
            record_exception=False,
            set_status_on_exception=False,
        ) as span:
            try:
                yield
            except BaseException:
                span.set_status(StatusCode.ERROR)
                raise

    def event(self, name: str, ids: Mapping[str, Id]) -> None:
        """Add an event to the current span."""
        get_current_span().add_event(name, _attributes(ids))

    def queued(self, rows: Sequence[str]) -> None:
        """Remember the current span as what queued these rows."""
        carrier: dict[str, str] = {}
        _PROPAGATOR.inject(carrier)
        if cause := carrier.get(_PARENT):
            for row in rows:
                self._causes.remember_cause(row, cause)

    def close(self) -> None:
        """Send what is left, for some seconds at most."""
        self._provider.shutdown()

    def _cause(self, row: str) -> Context | None:
        cause = self._causes.cause_of(row)
        return _PROPAGATOR.extract({_PARENT: cause}, Context()) if cause else None


def _attributes(ids: Mapping[str, Id]) -> dict[str, Id]:
    return {f"lantern.{name}": value for name, value in ids.items()}


def exporter_to(settings: Settings) -> OTLPSpanExporter:
    """Return what sends spans to the collector of the settings, over HTTP."""
    return OTLPSpanExporter(_address(settings), headers=_headers(settings), timeout=SECONDS)


def try_collector(settings: Settings) -> None:
    """Send the collector no spans at all, which it has to accept.

    Raises ``WrongSetting`` where it does not.
    """
    headers = {**_headers(settings), "content-type": "application/x-protobuf"}
    try:
        answer = httpx.post(_address(settings), content=b"", headers=headers, timeout=SECONDS)
    except httpx.HTTPError:
        raise WrongSetting(
            "The collector of OTEL_EXPORTER_OTLP_ENDPOINT does not answer. Start it, or correct "
            "the address; Lantern runs all the same."
        ) from None
    if not answer.is_success:
        raise WrongSetting(
            f"The collector of OTEL_EXPORTER_OTLP_ENDPOINT refuses traces ({answer.status_code}). "
            "Check the address, and what it wants in OTEL_EXPORTER_OTLP_HEADERS."
        )


def _address(settings: Settings) -> str:
    return f"{settings.traces_endpoint.rstrip('/')}/v1/traces"


def _headers(settings: Settings) -> Mapping[str, str]:
    given = settings.traces_headers
    return parse_env_headers(given.get_secret_value(), liberal=True) if given else {}


@contextmanager
def sending(traces: Traces) -> Iterator[None]:
    """Send what ``TRAIL`` follows until the block ends."""
    TRAIL.traces = traces
    try:
        yield
    finally:
        TRAIL.traces = None
        traces.close()
