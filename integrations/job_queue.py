"""The job queue, which only wakes workers: a job is a name with ids; the work is stored.

A lost job costs time, not work: the sweeper finds every outbox row for which no worker was woken.
So an unreachable queue never affects a decision that has been committed already.
"""

from __future__ import annotations

import queue
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Protocol

from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError, ReadOnlyError, RedisError, TimeoutError
from redis.retry import Retry
from rq import Queue
from rq.serializers import JSONSerializer

from integrations.error_summary import GOES_THROUGH
from integrations.fault_log import log_failure
from integrations.job_limits import limit_of
from integrations.redis_scheme import wrong_scheme
from integrations.settings import WrongSetting

JobRunner = Callable[..., None]
"""``run(name, **ids)``: does one job."""

QUEUE_NAME = "lantern"

_CAUSE = "cause"
"""Pushed in order with the jobs, so that a worker knows the cause of a row when it is woken."""
QUICK, RESTS = 1, 10
"""Seconds that a wake-up waits for Redis, and that Redis is not used after a time-out."""
_KEEPALIVE = {
    getattr(socket, name): value
    for name, value in (("TCP_KEEPIDLE", 10), ("TCP_KEEPINTVL", 5), ("TCP_KEEPCNT", 2))
    if hasattr(socket, name)  # macOS has another name for the first
}


class JobQueue(Protocol):
    """A queue that takes jobs by name, for this process or for workers."""

    def enqueue(self, name: str, **ids: int | str) -> None:
        """Queue the job ``name``; it may run more than once. Never raises if the queue is down."""
        ...


class RqQueue:
    """Jobs on Redis, done by ``lantern worker`` on any machine.

    ``function`` is the dotted name of the ``JobRunner``. Ids travel as JSON, and the description
    holds the job's name only, since Redis keeps both in clear text.
    """

    def __init__(self, redis_url: str, function: str) -> None:
        # rq's worker blocks on this connection for minutes, and sets its time-out.
        self.connection = Redis.from_url(
            redis_url,
            socket_connect_timeout=5,
            socket_keepalive=True,
            socket_keepalive_options=_KEEPALIVE,
        )
        self.quick = Redis.from_url(
            redis_url,
            socket_connect_timeout=QUICK,
            socket_timeout=QUICK,
            # A closed connection is opened again; a Redis that does not answer is not retried.
            retry=Retry(NoBackoff(), 1, supported_errors=(ConnectionError,)),
        )
        """For wake-ups, which wait for a second at most."""
        self.queue = Queue(QUEUE_NAME, connection=self.connection, serializer=JSONSerializer)
        self._wakes = Queue(QUEUE_NAME, connection=self.quick, serializer=JSONSerializer)
        self._function = function
        self._rests_until = 0.0
        self._behind: InProcessQueue | None = None

    def ping(self) -> None:
        """See that Redis answers and takes what is written, for some seconds at most.

        Raises:
            RedisError: Redis refuses, or cannot be reached.
            WrongSetting: REDIS_URL means TLS where the server speaks none, or none where it does.
        """
        try:
            self.quick.ping()
            # A read-only or full Redis answers a ping too.
            self.quick.set("rq:lantern:ping", "1", px=1000)
        except (ConnectionError, TimeoutError):
            if said := wrong_scheme(self.quick):
                raise WrongSetting(said) from None
            raise

    def enqueue(self, name: str, **ids: int | str) -> None:
        """Push the job; without Redis the sweeper will find the work.

        After a time-out Redis is not used for some seconds.
        """
        if self._behind:
            self._behind.enqueue(name, **ids)
        else:
            self._push(name, **ids)

    @contextmanager
    def pushing_behind(self) -> Iterator[None]:
        """Push jobs from a thread of its own meanwhile, so that no click waits for Redis."""
        behind = InProcessQueue()
        behind.start(self._do)
        self._behind = behind
        try:
            yield
        finally:
            self._behind = None
            behind.stop()

    def remember_cause(self, row: str, cause: str) -> None:
        """Keep in Redis which span queued this row of the outbox, before its job is pushed."""
        if self._behind:
            self._behind.enqueue(_CAUSE, row=row, cause=cause)
        else:
            self._do(_CAUSE, row=row, cause=cause)

    def cause_of(self, row: str) -> str:
        """Return which span queued this row; '' where Redis does not know, or does not answer."""
        with suppress(RedisError):
            found = self.quick.get(f"{QUEUE_NAME}:{_CAUSE}:{row}")
            return found.decode() if isinstance(found, bytes) else ""
        return ""

    def _do(self, name: str, **ids: int | str) -> None:
        if name != _CAUSE:
            self._push(name, **ids)
        elif time.monotonic() >= self._rests_until:
            with suppress(RedisError):  # pushing the job says what is wrong
                self.quick.set(f"{QUEUE_NAME}:{_CAUSE}:{ids['row']}", ids["cause"], ex=24 * 3600)

    def _push(self, name: str, **ids: int | str) -> None:
        if time.monotonic() < self._rests_until:
            return
        try:
            self._wakes.enqueue(
                self._function,
                args=(name,),
                kwargs=ids,
                description=name,
                # An old wake-up is useless: the sweeper has looked since.
                ttl=300,
                result_ttl=60,
                failure_ttl=24 * 3600,
                job_timeout=int(limit_of(name).whole.total_seconds()),
            )
        except RedisError as error:
            if isinstance(error, TimeoutError):
                self._rests_until = time.monotonic() + RESTS
            self.reconnect_if_read_only(error)
            log_failure("job not queued", error, job=name)

    def reconnect_if_read_only(self, error: RedisError) -> None:
        """Close the connections if Redis is read-only, so that REDIS_URL is resolved again.

        After a failover the name leads to another server, but an open connection stays with the
        demoted one, which answers and accepts no writes.
        """
        if isinstance(error, ReadOnlyError):
            for client in (self.connection, self.quick):
                client.connection_pool.disconnect(inuse_connections=False)

    def close(self) -> None:
        """Close both of the connections to Redis."""
        self.connection.close()
        self.quick.close()


class InProcessQueue:
    """Jobs on one thread of this process: the embedded default.

    A waiting job is not queued twice: when it runs, it handles everything due by then.
    """

    def __init__(self) -> None:
        self._waiting: queue.Queue[tuple[str, tuple[tuple[str, int | str], ...]] | None] = (
            queue.Queue()
        )
        self._names: set[tuple[str, tuple[tuple[str, int | str], ...]]] = set()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def enqueue(self, name: str, **ids: int | str) -> None:
        """Queue the job for this process's own thread, if it has been started."""
        job = (name, tuple(sorted(ids.items())))
        with self._lock:
            if job in self._names:
                return
            self._names.add(job)
        self._waiting.put(job)

    def start(self, run: JobRunner) -> None:
        """Start the thread that does the jobs."""
        self._thread = threading.Thread(target=self._work, args=(run,), name="jobs", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Finish waiting jobs, for half a minute at most, and stop; the rows of others stay due."""
        if self._thread:
            self._waiting.put(None)
            self._thread.join(timeout=30)
            self._thread = None

    def run_waiting(self, run: JobRunner) -> None:
        """Run all waiting jobs in the calling thread, until none is left."""
        while True:
            try:
                job = self._waiting.get_nowait()
            except queue.Empty:
                return
            if job is not None:
                self._do(run, job)

    def _work(self, run: JobRunner) -> None:
        while (job := self._waiting.get()) is not None:
            try:
                self._do(run, job)
            except GOES_THROUGH as error:
                # Not this job's fault; the next may need less memory.
                log_failure("job ended", error, job=job[0])
            except Exception as error:  # noqa: BLE001
                # The thread must outlive one bad job; the rows stay due, and the sweeper retries.
                log_failure("job failed", error, job=job[0])

    def _do(self, run: JobRunner, job: tuple[str, tuple[tuple[str, int | str], ...]]) -> None:
        with self._lock:
            # Before the run: a job queued from now on may come too late for it.
            self._names.discard(job)
        name, ids = job
        run(name, **dict(ids))
