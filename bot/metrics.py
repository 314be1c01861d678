"""Metrics for operators: how long messages wait, and how quickly people are answered.

They hold no data of a person or school. The request needs ``METRICS_TOKEN``, which Prometheus
sends as a bearer token; without that setting there is no metrics page.
"""

from __future__ import annotations

import datetime as dt
import hmac
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from prometheus_client import CollectorRegistry, Histogram
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.registry import Collector
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from store.db.unit_of_work import Store
from store.queries import health
from store.queries.backlog import Backlog, backlog
from store.queries.health import NewestFile

PATH = "/metrics"

ANSWERED = Histogram(
    "lantern_interaction_seconds",
    "Time from a click or a command to its answer, by kind and result",
    ["command", "outcome"],
    registry=None,
    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)

ACKNOWLEDGED = Histogram(
    "lantern_acknowledgement_seconds",
    "Time from a platform's HTTP request to the response; Slack waits three seconds",
    ["platform"],
    registry=None,
    buckets=(0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 3, 5, 10),
)


def registry_of(store: Store, anchor: Path | None = None) -> CollectorRegistry:
    """Build the registry with every metric of Lantern; ``anchor`` is the file of AUDIT_ANCHOR."""
    registry = CollectorRegistry()
    registry.register(ANSWERED)
    registry.register(ACKNOWLEDGED)
    registry.register(_Waiting(store, anchor))
    return registry


def metrics_route(store: Store, token: str, anchor: Path | None = None) -> Route:
    """Build the page that Prometheus reads."""
    registry = registry_of(store, anchor)
    expected = f"Bearer {token}".encode()

    async def metrics(request: Request) -> Response:
        given = request.headers.get("authorization", "").encode()
        if not hmac.compare_digest(given, expected):
            return PlainTextResponse(
                "Send the token in METRICS_TOKEN as a bearer token to read this page.\n",
                status_code=401,
                headers={"WWW-Authenticate": "Bearer"},
            )
        page = await run_in_threadpool(generate_latest, registry)
        return Response(page, media_type=CONTENT_TYPE_LATEST)

    return Route(PATH, metrics)


class TimeAcknowledgements:
    """Middleware that times the requests of chat platforms, from the first byte to the last."""

    def __init__(self, app: ASGIApp, paths: Mapping[str, str]) -> None:
        self._app = app
        self._paths = paths
        """Address → the platform that calls it."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        platform = self._paths.get(scope.get("path", ""))
        if platform is None:
            await self._app(scope, receive, send)
            return
        with ACKNOWLEDGED.labels(platform).time():
            await self._app(scope, receive, send)


class _Waiting(Collector):
    """Reads the database at each request, so that every web process gives the same numbers."""

    def __init__(self, store: Store, anchor: Path | None) -> None:
        self._store = store
        self._anchor = anchor

    def collect(self) -> Iterator[Metric]:
        """Yield the current gauges."""
        with self._store.database.read() as connection:
            found = backlog(connection, self._store.now())
            delivered = health.newest_deliveries(connection)
            backups = {
                "whole": health.last_done(connection, health.BACKUP),
                "keys": health.last_done(connection, health.KEY_BACKUP),
            }
            audited = health.last_recorded(connection)
        yield from _outbox(found)
        yield from _feeds(delivered)
        yield _instants(
            "lantern_last_backup_timestamp_seconds", "When a backup was last made", "what", backups
        )
        yield GaugeMetricFamily(
            "lantern_audit_last_row_timestamp_seconds",
            "When the newest row of the audit was written",
            audited.timestamp() if audited else None,
        )
        yield GaugeMetricFamily(
            "lantern_audit_last_anchor_timestamp_seconds",
            "When the newest anchor of the audit was written to AUDIT_ANCHOR",
            _written(self._anchor),
        )
        yield GaugeMetricFamily(
            "lantern_mail_stops",
            "Stops of emails in force, each of one school or of all",
            found.stops,
        )
        yield GaugeMetricFamily(
            "lantern_closed_channels",
            "Channels closed to cards, since outsiders were found in them",
            found.closed_channels,
        )
        yield GaugeMetricFamily(
            "lantern_last_screening_timestamp_seconds",
            "When a school was last screened",
            found.screened_at.timestamp() if found.screened_at else None,
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
    put_off = GaugeMetricFamily(
        "lantern_outbox_put_off",
        "Messages that a service has put off, such as by a rate limit (429), until a later time",
        labels=["kind"],
    )
    for kind, number in found.put_off.items():
        put_off.add_metric([kind], number)
    yield put_off


def _written(file: Path | None) -> float | None:
    """Return the time stamp of a file; None where there is none to be seen."""
    try:
        return file.stat().st_mtime if file else None
    except OSError:
        return None


def _feeds(delivered: Sequence[NewestFile]) -> Iterator[Metric]:
    yield _instants(
        "lantern_feed_last_delivery_timestamp_seconds",
        "When the newest file of a source was loaded",
        "source",
        {each.source: each.at for each in delivered},
    )
    rows = GaugeMetricFamily(
        "lantern_feed_rows",
        "Rows of the newest file of a source, by result",
        labels=["source", "outcome"],
    )
    for each in delivered:
        rows.add_metric([each.source, "accepted"], each.accepted)
        rows.add_metric([each.source, "refused"], each.refused)
    yield rows


def _instants(
    name: str, said: str, label: str, found: Mapping[str, dt.datetime | None]
) -> GaugeMetricFamily:
    """Instants by label; what never happened has none."""
    family = GaugeMetricFamily(name, said, labels=[label])
    for value, at in found.items():
        if at:
            family.add_metric([value], at.timestamp())
    return family
