"""The queue of the embedded process, and the Redis queue while Redis is unavailable."""

import socket
import threading
from collections.abc import Iterator

import pytest
from redis import Redis
from structlog.testing import capture_logs

from integrations.job_queue import InProcessQueue, RqQueue
from tests.servers import redis_server


class Worker:
    """Do jobs and record them; ``holds`` keeps the worker at a job until ``go``."""

    def __init__(self) -> None:
        self.done: list[tuple[str, dict[str, int | str]]] = []
        self.started = threading.Semaphore(0)
        self.finished = threading.Semaphore(0)
        self.go = threading.Event()
        self.go.set()

    def __call__(self, name: str, **ids: int | str) -> None:
        self.started.release()
        assert self.go.wait(timeout=60)
        if name == "fails":
            raise ValueError("Dana Dvorak is ill")
        self.done.append((name, ids))
        self.finished.release()


@pytest.fixture
def worker() -> Worker:
    return Worker()


@pytest.fixture
def queue() -> Iterator[InProcessQueue]:
    queue = InProcessQueue()
    yield queue
    queue.stop()


def test_jobs_are_done_in_order_and_a_waiting_one_is_not_doubled(
    queue: InProcessQueue, worker: Worker
) -> None:
    for name in ("sweep", "screen", "sweep", "sweep"):
        queue.enqueue(name)
    queue.enqueue("deliver", kind="mail")
    queue.enqueue("deliver", kind="card")
    queue.enqueue("deliver", kind="mail")

    queue.run_waiting(worker)

    mail, card = ("deliver", {"kind": "mail"}), ("deliver", {"kind": "card"})
    assert worker.done == [("sweep", {}), ("screen", {}), mail, card]


def test_what_is_asked_for_while_the_job_runs_is_done_again(
    queue: InProcessQueue, worker: Worker
) -> None:
    """The running job may have looked already, so it does not count for later requests."""
    worker.go.clear()
    queue.start(worker)
    queue.enqueue("sweep")
    assert worker.started.acquire(timeout=60)

    queue.enqueue("sweep")
    worker.go.set()

    for _ in range(2):
        assert worker.finished.acquire(timeout=60)
    assert worker.done == [("sweep", {})] * 2


def test_a_job_may_ask_for_another_and_for_itself(queue: InProcessQueue) -> None:
    done: list[str] = []

    def run(name: str, **_ids: int | str) -> None:
        done.append(name)
        if len(done) < 4:
            queue.enqueue(name)
            queue.enqueue("other")

    queue.enqueue("first")
    queue.run_waiting(run)

    assert done.count("first") >= 2
    assert "other" in done


def test_a_failing_job_does_not_end_the_thread_and_logs_no_words(
    queue: InProcessQueue, worker: Worker
) -> None:
    with capture_logs() as logged:
        queue.start(worker)
        queue.enqueue("fails")
        queue.enqueue("sweep")
        assert worker.finished.acquire(timeout=60)

    assert worker.done == [("sweep", {})]
    (line,) = logged
    assert (line["job"], line["kind"]) == ("fails", "ValueError")
    assert "Dana" not in repr(logged)


def test_stopping_finishes_the_job_under_way_and_leaves_no_thread(
    queue: InProcessQueue, worker: Worker
) -> None:
    worker.go.clear()
    queue.start(worker)
    queue.enqueue("sweep")
    assert worker.started.acquire(timeout=60)
    stopping = threading.Thread(target=queue.stop)
    stopping.start()

    assert worker.done == [], "it is still at it"
    worker.go.set()
    stopping.join(timeout=60)

    assert worker.done == [("sweep", {})]
    assert "jobs" not in {thread.name for thread in threading.enumerate()}
    queue.stop()


def test_a_queue_that_was_stopped_can_be_started_again(
    queue: InProcessQueue, worker: Worker
) -> None:
    queue.start(worker)
    queue.stop()
    queue.enqueue("sweep")
    queue.start(worker)
    assert worker.finished.acquire(timeout=60)
    assert worker.done == [("sweep", {})]


def test_a_redis_that_is_down_fails_nobody_and_is_logged() -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    queue = RqQueue(f"redis://:hush-hush@127.0.0.1:{port}/0", "worker.jobs.run")

    with capture_logs() as logged:
        queue.enqueue("deliver", kind="mail")

    assert [line["event"] for line in logged] == ["job not queued"]
    assert "hush-hush" not in repr(logged)


def test_after_a_failover_the_name_of_the_server_is_asked_for_again() -> None:
    """The connection stays on the demoted server, which answers but refuses writes."""
    with redis_server() as url, Redis.from_url(url) as admin:
        queue = RqQueue(url, "worker.jobs.run")
        queue.enqueue("sweep")
        before = queue.quick.client_id()
        admin.execute_command("REPLICAOF", "127.0.0.1", "1")
        with capture_logs() as logged:
            queue.enqueue("sweep")
        assert [each["event"] for each in logged] == ["job not queued"]
        assert queue.quick.client_id() != before
        queue.close()
