"""The long-running processes: web, worker and clock, together in one or each on its own."""

from __future__ import annotations

import errno
import signal
import socket
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from types import FrameType
from typing import Any

import structlog
import uvicorn
from apscheduler.schedulers.background import BackgroundScheduler
from redis.client import Pipeline
from redis.exceptions import RedisError
from rq import SimpleWorker, worker_registration
from rq.exceptions import StopRequested
from rq.serializers import JSONSerializer

from bot.app import create_app
from integrations.bootstrap import Services
from integrations.chat.teams.workspace import TeamsWorkspace
from integrations.fault_log import REPEATS, log_failure
from integrations.job_queue import QUEUE_NAME, InProcessQueue, RqQueue
from integrations.settings import WrongSetting
from integrations.trail import TRAIL
from store.rules.calendar import INSTITUTION
from store.rules.model import Platform
from worker import jobs
from worker.jobs.slots import STOPPING
from worker.processes import clock
from worker.processes.alive import showing_life
from worker.processes.announced import announced
from worker.processes.credentials import check_credentials
from worker.processes.hang_up import hear_hang_up
from worker.processes.http_server import server_config

FIRST_PAUSE, LONGEST_PAUSE = 1.0, 30.0
"""Seconds between looks whether Redis is back."""

LOOPBACK = "127.0.0.1"
"""The sandbox and the playground let anyone act as anyone, so neither is ever served beyond
this machine."""

log = structlog.get_logger(__name__)


@TRAIL.kept()
def serve(services: Services, port: int) -> None:
    """Serve the pages until stopped; without Redis, also do the work of worker and clock.

    Raises:
        WrongSetting: a credential is refused, or the address is in use. A service that is only
        unavailable stops nothing.
    """
    host = _host(services)
    # uvicorn ends with the signal that stopped it. Left to the system, it would end this process
    # there and then, and the embedded work in the middle.
    signal.signal(signal.SIGTERM, _leave)
    hear_hang_up()
    check_credentials(services)
    config = server_config(create_app(services), services.settings.trusted_proxies)
    with (
        _listening(host, port) as listener,
        _traces(services),
        announced("web", address=f"http://{host}:{listener.getsockname()[1]}"),
        embedded_work(services),
    ):
        uvicorn.Server(config).run(sockets=[listener])


def _traces(services: Services) -> AbstractContextManager[None]:
    """Send traces until the block ends, where the settings name a collector."""
    if not services.settings.traces_endpoint:
        return nullcontext()
    from integrations.traces import CausesHere, Traces, exporter_to, sending

    queue = services.queue
    causes = queue if isinstance(queue, RqQueue) else CausesHere()
    return sending(Traces(exporter_to(services.settings), causes))


def _leave(_signal: int, _frame: FrameType | None) -> None:
    raise SystemExit(0)


def _host(services: Services) -> str:
    """Return the address to listen on; ``WrongSetting`` where strangers could act as staff."""
    host = services.settings.host
    teams = services.workspaces.get(Platform.TEAMS)
    playground = isinstance(teams, TeamsWorkspace) and teams.account.is_playground
    if host != LOOPBACK and (playground or Platform.SANDBOX in services.workspaces):
        raise WrongSetting(
            f"The setting HOST cannot be used: without Slack or Teams anyone may act as anyone, "
            f"so Lantern is served on {LOOPBACK} alone."
        )
    return host


def _listening(host: str, port: int) -> socket.socket:
    try:
        return socket.create_server((host, port))
    except OSError as error:
        raise WrongSetting(
            f"The settings HOST and PORT cannot be used: {host}, port {port}, cannot be opened: "
            f"{_TO_LISTEN.get(error.errno or 0, 'set HOST to an address of this machine')}."
        ) from None


_TO_LISTEN = {
    errno.EADDRINUSE: "another program listens there, such as a second `lantern web`. End it, or "
    "choose another PORT",
    errno.EACCES: "the system reserves ports below 1024. Choose another PORT",
}
"""The cause and what to do, by the system's error number."""


@contextmanager
def embedded_work(services: Services) -> Iterator[None]:
    """Run worker and clock in this process where there is no Redis; otherwise queue jobs in Redis.

    Jobs are pushed from a thread, so that no click waits for Redis.
    """
    if isinstance(services.queue, RqQueue):
        with services.queue.pushing_behind():
            yield
        return
    if not isinstance(services.queue, InProcessQueue):
        yield
        return
    scheduler = BackgroundScheduler(timezone=INSTITUTION)
    clock.schedule(scheduler, services)
    try:
        services.queue.start(jobs.run_with(services))
        scheduler.start()
        yield
    finally:
        STOPPING.set()
        # A signal during the start comes here as well, before or after the scheduler runs.
        if scheduler.running:
            scheduler.shutdown(wait=True)
        services.queue.stop()
        STOPPING.clear()


@TRAIL.kept()
def work(services: Services) -> None:
    """Do jobs from Redis until stopped. While Redis is unavailable, also at the start, wait for it.

    Jobs run in this process, without a fork for each: no state is lost when a worker dies, since it
    is in the database, and a supervisor restarts the worker.
    """
    queue = _redis_queue(services)
    hear_hang_up()
    check_credentials(services)
    stopped = threading.Event()
    # Until rq's worker takes the signals over, which it can only where Redis is there.
    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, lambda *_: stopped.set())
    # rq's own handler of the signals raises this between two of its loops, too.
    with _traces(services), announced("worker"), suppress(StopRequested):
        pause = 0.0
        while _wait_for_redis(queue, stopped, pause):
            try:
                worker = _Worker(
                    [queue.queue],
                    connection=queue.connection,
                    serializer=JSONSerializer,
                    stopped=stopped,
                )
                with showing_life(queue.quick, worker.name):
                    worker.work(with_scheduler=False, logging_level="WARNING")
            except RedisError as error:
                log_failure("waiting for Redis", error)
                queue.reconnect_if_read_only(error)
            pause = FIRST_PAUSE
    STOPPING.clear()


class _Worker(SimpleWorker):
    """rq's worker, which also says to its caller that it was asked to stop: rq's own loop ends in
    the same way when Redis goes away."""

    def __init__(self, *args: Any, stopped: threading.Event, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._stopped = stopped

    def heartbeat(self, timeout: int | None = None, pipeline: Pipeline | None = None) -> None:
        """Register this worker again where Redis has restarted and forgotten it. rq would continue
        unlisted, and `lantern doctor` would report that no worker runs."""
        super().heartbeat(timeout, pipeline)
        worker_registration.register(self, pipeline)

    def work(self, *args: Any, **kwargs: Any) -> bool:
        """Do jobs until Redis goes away or the process is asked to stop."""
        try:
            return super().work(*args, **kwargs)
        except StopRequested:  # right before rq's own loop, which would end with this
            self.teardown()  # type: ignore[no-untyped-call]
            return False

    def _install_signal_handlers(self) -> None:
        """Handle the signals from here on. One that came during the start ends the work as well."""
        super()._install_signal_handlers()  # type: ignore[no-untyped-call]
        if self._stopped.is_set():
            self._stop_requested = True

    def request_stop(self, signum: int, frame: FrameType | None) -> None:
        """Remember that a stop was requested, and stop as rq does."""
        self._stopped.set()
        STOPPING.set()
        super().request_stop(signum, frame)  # type: ignore[no-untyped-call]


def _wait_for_redis(queue: RqQueue, stopped: threading.Event, pause: float) -> bool:
    """Wait until Redis answers, longer after each try; False where this process is to stop.

    It is asked here first, since rq's own connection has no time limit: a server that takes a
    connection and says nothing would hold this process past any signal.
    """
    has_waited = pause > 0
    while not stopped.wait(pause):
        try:
            # One that answers may still accept nothing: it is read-only, or full.
            queue.quick.set(f"{QUEUE_NAME}:waited-for", 1, ex=60)
        except RedisError as error:
            log_failure("waiting for Redis", error)
            queue.reconnect_if_read_only(error)
            pause = min(max(pause * 2, FIRST_PAUSE), LONGEST_PAUSE)
            has_waited = True
        else:
            if has_waited:
                log.warning("Redis is available again, and work continues")
                REPEATS.forget()  # the next outage is logged again
            return True
    return False


@TRAIL.kept()
def run_clock(services: Services) -> None:
    """Run the clock until stopped. While Redis is unavailable, due rows wait for the next sweep."""
    _redis_queue(services)
    hear_hang_up()
    check_credentials(services)
    # In a thread of its own, so that a signal is heard whenever it comes, also during the start.
    scheduler = BackgroundScheduler(timezone=INSTITUTION)
    clock.schedule(scheduler, services)
    stopped = threading.Event()
    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, lambda *_: stopped.set())
    with announced("clock"):
        scheduler.start()
        stopped.wait()
        scheduler.shutdown(wait=True)


def check_one_machine(services: Services) -> None:
    """Check that all processes can start: Redis is set up, the port is free, and no credential is
    refused.

    Raises:
        WrongSetting: a setting is missing, the port is taken, or a credential is refused.
    """
    if not isinstance(services.queue, RqQueue):
        raise WrongSetting(
            "The setting REDIS_URL is missing: web, workers and clock share their jobs through "
            "Redis. Set it, or type `lantern web`, which does all their work in one process "
            "without it."
        )
    _listening(_host(services), services.settings.port).close()
    check_credentials(services)


def _redis_queue(services: Services) -> RqQueue:
    if not isinstance(services.queue, RqQueue):
        raise WrongSetting(
            "The setting REDIS_URL is missing: without it `lantern web` does the work itself, "
            "and this process has nothing to do."
        )
    return services.queue
