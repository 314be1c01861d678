"""Metrics for operators: how long messages wait, and how quickly people are answered.

They hold no data of a person or school. The request needs ``METRICS_TOKEN``, which Prometheus
sends as a bearer token; without that setting there is no metrics page.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterator

from prometheus_client import CollectorRegistry, Histogram
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.registry import Collector
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from store.db.unit_of_work import Store
from store.queries.backlog import Backlog, backlog

PATH = "/metrics"

ANSWERED = Histogram(
    "lantern_interaction_seconds",
    "From a click or a command to its answer, by what it was and how it ended",
    ["command", "outcome"],
    registry=None,
    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)


def metrics_route(store: Store, token: str) -> Route:
    """Build the page that Prometheus reads."""
    registry = CollectorRegistry()
    registry.register(ANSWERED)
    registry.register(_Waiting(store))
    expected = f"Bearer {token}".encode()

    async def metrics(request: Request) -> Response:
        given = request.headers.get("authorization", "").encode()
        if not hmac.compare_digest(given, expected):
            return PlainTextResponse(
                "This page needs the token of METRICS_TOKEN.\n",
                status_code=401,
                headers={"WWW-Authenticate": "Bearer"},
            )
        page = await run_in_threadpool(generate_latest, registry)
        return Response(page, media_type=CONTENT_TYPE_LATEST)

    return Route(PATH, metrics)


class _Waiting(Collector):
    """Reads the database at each request, so that every web process gives the same numbers."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def collect(self) -> Iterator[Metric]:
        """Give the current gauges."""
        with self._store.database.read() as connection:
            found = backlog(connection, self._store.now())
        yield from _outbox(found)
        yield GaugeMetricFamily(
            "lantern_mail_stops", "Stops of mail in force, for one school or all", found.stops
        )
        yield GaugeMetricFamily(
            "lantern_closed_channels",
            "Channels closed to cards, since outsiders were found in them",
            found.closed_channels,
        )
        if found.screened_at:
            yield GaugeMetricFamily(
                "lantern_last_screening_timestamp_seconds",
                "When a school was last screened",
                found.screened_at.timestamp(),
            )


def _outbox(found: Backlog) -> Iterator[Metric]:
    rows = GaugeMetricFamily(
        "lantern_outbox_rows",
        "Messages waiting to be sent, by kind",
        labels=["kind", "state"],
    )
    for (kind, state), number in found.rows.items():
        rows.add_metric([kind, state], number)
    yield rows
    oldest = GaugeMetricFamily(
        "lantern_outbox_oldest_seconds",
        "How long the oldest waiting message has been due",
        labels=["kind"],
    )
    for kind, age in found.oldest.items():
        oldest.add_metric([kind], age.total_seconds())
    yield oldest
