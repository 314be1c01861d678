"""A collector of OpenTelemetry receives one trace from a click to its email, without a person."""

from __future__ import annotations

import gzip
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import httpx
import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from integrations.job_queue import RqQueue
from integrations.settings import load_settings
from integrations.trail import TRAIL
from tests.fakes.over_http import QuietHandler, QuietServer, served
from tests.worker.office import Office
from tests.worker.test_trail import PEOPLE
from worker.doctor.machine import check_traces
from worker.processes import serve

SECRET = "an-invented-token"


@dataclass
class Received:
    """What the collector was sent."""

    address: str = ""
    heads: list[str] = field(default_factory=list)
    spans: list[Span] = field(default_factory=list)

    def named(self, name: str) -> list[Span]:
        return [each for each in self.spans if each.name == name]


@contextmanager
def collector(status: int = 200) -> Iterator[Received]:
    """Run a collector that speaks OTLP over HTTP."""
    received = Received()

    class Handler(QuietHandler):
        def do_POST(self) -> None:  # noqa: N802 -- the base class's name
            request = self.as_request()
            zipped = request.headers.get("content-encoding") == "gzip"
            whole = ExportTraceServiceRequest.FromString(
                gzip.decompress(request.content) if zipped else request.content
            )
            received.heads.append(f"{self.path} {dict(request.headers)}")
            received.spans += [
                span
                for resource in whole.resource_spans
                for scope in resource.scope_spans
                for span in scope.spans
            ]
            self.write(httpx.Response(status))

    with served(QuietServer(("127.0.0.1", 0), Handler)) as received.address:
        yield received


@contextmanager
def traced(office: Office, address: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Run as ``lantern web`` does, with this collector in the settings."""
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", address)
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_HEADERS", f"authorization=Bearer {SECRET}")
    office.services = replace(office.services, settings=load_settings())
    monkeypatch.setattr(TRAIL, "is_kept", True)
    with serve._traces(office.services):
        yield


def test_one_trace_leads_from_the_click_over_the_job_to_the_email(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = office.world.open_case("dana")
    office.works()
    with collector() as received:
        with traced(office, received.address, monkeypatch):
            office.approves_a_mail(case)
            office.types("alice", "find 1001 meeting Dana today")
            office.works()
        assert TRAIL.traces is None, "nothing is sent after the process has ended"
    (click,) = received.named("click approve")[-1:]
    (job,) = received.named("job deliver mail")
    (email,) = received.named("send email")
    assert click.trace_id == job.trace_id == email.trace_id
    assert not click.parent_span_id, "a trace begins with a click"
    assert (job.parent_span_id, email.parent_span_id) == (click.span_id, job.span_id)
    assert [each.name for each in job.events] == ["email sent"]
    cards = [each for each in received.named("job deliver card") if each.trace_id == job.trace_id]
    assert cards, "the card that the email changed belongs to the same trace"
    assert {"/v1/traces"} == {each.split()[0] for each in received.heads}
    assert all(SECRET in each for each in received.heads)
    said = str(received).lower()
    assert [each for each in PEOPLE if each in said] == []
    assert "exception" not in said


def test_a_worker_learns_the_cause_through_redis(clean_redis_url: str) -> None:
    web, worker = (RqQueue(clean_redis_url, "worker.jobs.run") for _ in range(2))
    with web.pushing_behind():
        web.remember_cause("mail:1:0a", "00-" + "1" * 32 + "-" + "2" * 16 + "-01")
    assert worker.cause_of("mail:1:0a").startswith("00-111")
    assert worker.cause_of("mail:2:0b") == ""
    for each in (web, worker):
        each.close()
    away = RqQueue("redis://127.0.0.1:1/0", "worker.jobs.run")
    away.remember_cause("mail:1:0a", "00")
    assert away.cause_of("mail:1:0a") == ""


def test_a_failed_job_is_an_error_without_its_text(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    with (
        collector() as received,
        traced(office, received.address, monkeypatch),
        pytest.raises(ValueError, match="Dana"),
        TRAIL.of_job("sweep", {}),
    ):
        raise ValueError("Dana Dvorak")
    (job,) = received.named("job sweep")
    assert job.status.code == 2
    assert "Dana" not in str(received)


@pytest.mark.parametrize(("status", "is_fine"), [(200, True), (401, False), (0, False)])
def test_the_doctor_tries_the_collector(
    office: Office, monkeypatch: pytest.MonkeyPatch, status: int, *, is_fine: bool
) -> None:
    assert list(check_traces(office.services)) == [], "without the setting there is nothing to say"
    with collector(status) as received:
        address = received.address if status else "http://127.0.0.1:1"
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", address)
        office.services = replace(office.services, settings=load_settings())
        (found,) = check_traces(office.services)
    assert found.is_fine is is_fine
    assert received.spans == []


def test_without_the_setting_nothing_of_it_is_loaded(tmp_path: Path) -> None:
    named = "import sys, worker.processes.serve; print(*[m for m in sys.modules if 'otlp' in m])"
    done = subprocess.run(
        [sys.executable, "-c", named], capture_output=True, text=True, check=True, cwd=tmp_path
    )
    assert done.stdout.split() == []
