"""Jobs on a real Redis: run by real rq workers, and queued again when Redis loses them."""

import datetime as dt
import json
import socket
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from threading import Event

import pytest
from rq import Queue, SimpleWorker
from rq.job import Job
from rq.serializers import JSONSerializer

from integrations import job_limits
from integrations.job_limits import JobLimit
from integrations.job_queue import RqQueue
from store.tables import outbox, outreach
from tests.worker.forks import run_at_once
from tests.worker.office import Office, office_in
from worker import jobs
from worker.jobs import sweep as sweeping

WORKER = """
from pathlib import Path
from rq import SimpleWorker
from rq.serializers import JSONSerializer
from integrations import bootstrap
from tests.people import MORNING
from tests.worker.forks import run_at_once
from tests.worker.office import settings_for
from worker import jobs

def run(arguments):
    settings = settings_for(Path(arguments[0]), redis_url=arguments[1])
    services = bootstrap.build(settings, now=lambda: MORNING)
    jobs._services = lambda: services
    queue = services.queue.queue
    worker = SimpleWorker([queue], connection=queue.connection, serializer=JSONSerializer)
    worker.work(burst=True, logging_level="CRITICAL")
"""


@pytest.fixture
def office(tmp_path: Path, clean_redis_url: str) -> Iterator[Office]:
    """Give the office of a web process whose jobs go to Redis."""
    with office_in(tmp_path, redis_url=clean_redis_url) as made:
        yield made
        queue_of(made).connection.close()


@pytest.fixture
def _here(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run rq's jobs in this process, with the office's own services."""
    monkeypatch.setattr(jobs, "_services", lambda: office.services)


def queue_of(office: Office) -> Queue:
    assert isinstance(office.services.queue, RqQueue)
    return office.services.queue.queue


def waiting(office: Office) -> list[tuple[str, dict[str, object]]]:
    return [(job.args[0], job.kwargs) for job in queue_of(office).get_jobs()]


def burst(office: Office) -> SimpleWorker:
    """Run a worker that does the queued jobs, and ends."""
    queue = queue_of(office)
    worker = SimpleWorker([queue], connection=queue.connection, serializer=JSONSerializer)
    worker.work(burst=True, logging_level="CRITICAL")
    return worker


@pytest.mark.usefixtures("_here")
def test_a_decision_wakes_a_worker_that_does_it(office: Office) -> None:
    case = office.world.open_case()
    office.approves_a_mail(case)

    burst(office)

    assert [mail.recipient for mail in office.left()] == ["dana@students.example.ac.uk"]
    assert "Email sent to the student" in office.shown(), "and the card that the sending asked for"
    assert len(office.messages()) == 1
    assert waiting(office) == []


def test_redis_holds_names_and_ids_in_json_and_nothing_else(office: Office) -> None:
    case = office.world.open_case()
    office.approves_a_mail(case)
    office.services.queue.enqueue("screen", day="2025-10-22")

    asked = {(name, *ids.values()) for name, ids in waiting(office)}
    kinds = {("deliver", kind) for kind in ("card", "line", "mail")}
    assert asked == {*kinds, ("screen", "2025-10-22")}
    for job in queue_of(office).get_jobs():
        assert job.description == job.args[0]
        function, _, args, ids = json.loads(stored(job))
        assert (function, args) == ("worker.jobs.run", [job.args[0]])
        assert all(isinstance(value, str | int) for value in ids.values())
    connection = queue_of(office).connection
    keys = list(connection.scan_iter())
    parts = [*keys, *(connection.dump(key) or b"" for key in keys)]
    everything = b"".join(parts + [stored(job) for job in queue_of(office).get_jobs()])
    for personal in (b"Dana", b"Dvorak", b"dana@", b"She was ill", b"Alice", b"LANG"):
        assert personal not in everything


def stored(job: Job) -> bytes:
    """Return the queued jobs, as stored in Redis."""
    data = job.connection.hget(job.key, "data")
    assert isinstance(data, bytes)
    return zlib.decompress(data)


@pytest.mark.usefixtures("_here")
def test_a_failed_job_leaves_nothing_personal_in_redis_and_the_next_is_done(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(_services: object) -> None:
        raise ValueError("Dana Dvorak, dana@home.example")

    monkeypatch.setattr(jobs, "JOBS", {**jobs.JOBS, "collect-replies": fails})
    office.services.queue.enqueue("collect-replies")
    office.world.open_case()

    burst(office)

    registry = queue_of(office).failed_job_registry
    (failed,) = [queue_of(office).fetch_job(each) for each in registry.get_job_ids()]
    assert failed
    (result,) = failed.results()
    assert "JobFailed: collect-replies: ValueError at fails" in str(result.exc_string)
    assert "Dana" not in str(result.exc_string)
    assert "LANG-1" in office.shown()


@pytest.mark.usefixtures("_here")
def test_a_job_over_its_limit_is_ended_in_a_sentence_and_the_next_is_done(
    office: Office, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """rq's own time limit applies, as declared in the table of limits."""
    ended = Event()
    short = JobLimit(whole=dt.timedelta(seconds=1), silence=dt.timedelta(seconds=1))
    monkeypatch.setattr(job_limits, "LIMITS", {**job_limits.LIMITS, "collect-replies": short})
    monkeypatch.setattr(
        jobs, "JOBS", {**jobs.JOBS, "collect-replies": lambda _services: ended.wait(60)}
    )
    office.services.queue.enqueue("collect-replies")
    office.world.open_case()

    burst(office)

    said = capsys.readouterr()
    lines = [line for line in (said.out + said.err).splitlines() if line]
    (line,) = [each for each in lines if "longer than its limit" in each]
    assert "job=collect-replies" in line
    assert "LANG-1" in office.shown()


@pytest.mark.usefixtures("_here")
def test_everything_that_redis_lost_is_found_by_the_sweeper(office: Office) -> None:
    case = office.world.open_case()
    office.approves_a_mail(case)
    queue_of(office).connection.flushdb()
    burst(office)
    assert office.left() == []

    office.services.queue.enqueue("sweep")
    burst(office)

    assert len(office.left()) == 1
    assert "Email sent to the student" in office.shown()


@pytest.mark.usefixtures("_here")
def test_without_redis_people_go_on_and_their_work_is_done_once_it_is_back(
    office: Office,
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    running = office.services
    gone = RqQueue(f"redis://127.0.0.1:{port}/0", "worker.jobs.run")
    office.services = replace(running, queue=gone)
    office.services.store._wake = lambda kind: gone.enqueue("deliver", kind=kind)

    case = office.world.open_case()
    office.approves_a_mail(case)
    assert {row["state"] for row in office.world.rows(outbox)} == {"due"}

    office.services = running
    sweeping.sweep(office.services)
    burst(office)
    assert len(office.left()) == 1


@pytest.mark.usefixtures("_here")
def test_a_job_that_comes_twice_does_nothing_the_second_time(office: Office) -> None:
    case = office.world.open_case()
    office.approves_a_mail(case)
    for _ in range(3):
        office.services.queue.enqueue("deliver", kind="mail")
        office.services.queue.enqueue("deliver", kind="card")
    burst(office)
    assert len(office.left()) == 1
    assert len(office.messages()) == 1


@pytest.mark.usefixtures("_here")
def test_two_workers_of_their_own_deliver_each_card_and_mail_once(
    office: Office, clean_redis_url: str
) -> None:
    office.has_approved_mails(6)
    for _ in range(10):
        office.services.queue.enqueue("deliver", kind="mail")
        office.services.queue.enqueue("deliver", kind="card")

    run_at_once(WORKER, 2, str(office.services.settings.home), clean_redis_url)

    left = Counter(mail.recipient for mail in office.left())
    assert left == dict.fromkeys((row["recipient"] for row in office.world.rows(outreach)), 1)
    assert len(left) == 6
    shown = [str(message.payload) for message in office.messages()]
    assert len(shown) == 6
    assert all("Email sent to the student" in card for card in shown)
    # If both changed one card at the same moment, one of them checks it again a little later.
    office.clock.now = max(
        office.clock.now, *(row["not_before"] for row in office.world.rows(outbox))
    )
    office.services.queue.enqueue("sweep")
    burst(office)
    assert len(office.left()) == 6
    for kind in ("card", "mail"):
        assert {row["state"] for row in office.world.rows(outbox, kind=kind)} == {"sent"}
