"""No error's own text is logged, from any library: only its kind and place, once."""

from __future__ import annotations

import asyncio
import logging
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import httpx
import pytest
import sqlalchemy as sa
from apscheduler.events import EVENT_JOB_ERROR
from apscheduler.schedulers.background import BackgroundScheduler
from redis import Redis
from rq import Queue, SimpleWorker
from rq.serializers import JSONSerializer
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from structlog.testing import capture_logs
from uvicorn import Config, Server

from store.db import fault_sentences
from store.db.database import Database
from tests.servers import free_port
from worker import jobs
from worker.logs import LibraryHandler, catch_what_nothing_caught

PRIVATE = "Dana Dvorak, dana@home.example"


def fails(*_: object, **__: object) -> None:
    """Fail like a mistake in Lantern, with a person's words in the error."""
    raise ArithmeticError(PRIVATE)


async def page(_request: Request) -> Response:
    raise ArithmeticError(PRIVATE)


@pytest.fixture(autouse=True)
def handler() -> Iterator[None]:
    root, made = logging.getLogger(), LibraryHandler()
    root.addHandler(made)
    yield
    root.removeHandler(made)


def serving_a_page() -> None:
    server = Server(Config(Starlette(routes=[Route("/", page)]), log_config=None, port=free_port()))
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        while not server.started:
            assert thread.is_alive()
        url = f"http://127.0.0.1:{server.config.port}/"
        asyncio.run(_ask(url))
    finally:
        server.should_exit = True
        thread.join(30)


async def _ask(url: str) -> None:
    async with httpx.AsyncClient() as client:
        assert (await client.get(url)).status_code == 500


def a_job_of_the_clock() -> None:
    scheduler, failed = BackgroundScheduler(), threading.Event()
    scheduler.add_listener(lambda _event: failed.set(), EVENT_JOB_ERROR)
    scheduler.add_job(fails)
    scheduler.start()
    try:
        assert failed.wait(30)
    finally:
        scheduler.shutdown()


def a_task_that_nobody_waits_for() -> None:
    async def main() -> None:
        loop = asyncio.get_running_loop()
        try:
            fails()
        except ArithmeticError as error:
            loop.call_exception_handler({"message": f"Task failed: {error}", "exception": error})

    asyncio.run(main())


def a_library_that_writes_it_into_its_line() -> None:
    try:
        fails()
    except ArithmeticError as error:
        logging.getLogger("slack_bolt").error(f"Failed to run a listener (error: {error})")  # noqa: G004


@pytest.mark.parametrize(
    "does",
    [
        serving_a_page,
        a_job_of_the_clock,
        a_task_that_nobody_waits_for,
        a_library_that_writes_it_into_its_line,
    ],
)
def test_a_library_logs_the_kind_and_place_alone(
    capfd: pytest.CaptureFixture[str], does: Callable[[], None]
) -> None:
    does()
    does()
    said = capfd.readouterr().err
    assert PRIVATE not in said
    assert "Traceback" not in said
    lines = [line for line in said.splitlines() if "ArithmeticError at" in line]
    assert len(lines) == 1, said


def a_row_twice(url: str) -> None:
    """Insert a row twice: PostgreSQL's error has the row in its DETAIL."""
    database = Database(url)
    try:
        with database.write() as connection:
            connection.execute(sa.text("CREATE TABLE people (name TEXT PRIMARY KEY)"))
            for _ in range(2):
                connection.execute(sa.text("INSERT INTO people VALUES (:it)"), {"it": PRIVATE})
    finally:
        database.close()


def asks_nobody() -> None:
    """Query a database that is unavailable."""
    Database("postgresql+psycopg://dana:hush@127.0.0.1:1/lantern").ping()


@pytest.mark.parametrize(
    ("does", "says"), [(fails, "ArithmeticError"), (asks_nobody, fault_sentences.AWAY)]
)
def test_rq_logs_and_keeps_no_words_of_a_job_that_failed(
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    clean_redis_url: str,
    does: Callable[[], None],
    says: str,
) -> None:
    monkeypatch.setattr(jobs, "JOBS", {"sweep": lambda _services: does()})
    monkeypatch.setattr(jobs, "_services", lambda: None)
    with Redis.from_url(clean_redis_url) as connection, capture_logs() as logged:
        queue = Queue("lantern", connection=connection, serializer=JSONSerializer)
        for _ in range(3):
            queue.enqueue("worker.jobs.run", args=("sweep",))
        worker = SimpleWorker([queue], connection=connection, serializer=JSONSerializer)
        worker.work(burst=True, logging_level="WARNING")
        kept = _kept_of_failed(queue)
    said = capfd.readouterr().err
    (line,) = logged
    assert says in (line.get("reason"), line["kind"])
    for text in (said, kept, repr(logged)):
        assert PRIVATE not in text
        assert "hush" not in text
    assert "Traceback" not in said


def _kept_of_failed(queue: Queue) -> str:
    """Return what Redis stores of the jobs that failed."""
    found = [queue.fetch_job(each) for each in queue.failed_job_registry.get_job_ids()]
    assert found
    return repr([each and (each.to_dict(), each.latest_result()) for each in found])


def test_a_row_that_a_database_quotes_is_in_no_log(
    capfd: pytest.CaptureFixture[str], fresh_database_url: str
) -> None:
    try:
        a_row_twice(fresh_database_url)
    except sa.exc.IntegrityError:
        logging.getLogger("any.library").exception("It did not work")
    said = capfd.readouterr().err
    assert PRIVATE not in said
    assert "any.library" in said
    assert "IntegrityError at" in said


def test_what_nothing_caught_is_logged_without_its_words(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)
    monkeypatch.setattr(sys, "unraisablehook", sys.unraisablehook)
    catch_what_nothing_caught()
    with capture_logs() as logged:
        thread = threading.Thread(target=fails)
        thread.start()
        thread.join()
    assert [(each["event"], each["kind"]) for each in logged] == [
        ("thread ended", "ArithmeticError")
    ]
    assert PRIVATE not in f"{logged}{capfd.readouterr().err}"


def test_a_plain_line_stays_as_it_is(capfd: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    with suppress(FileNotFoundError):
        (tmp_path / "nowhere").read_text()
    logging.getLogger("any.library").warning("The mail %s is left alone", "large.eml")
    assert capfd.readouterr().err == "any.library The mail large.eml is left alone\n"


def test_a_line_that_cannot_be_made_ends_nothing(capfd: pytest.CaptureFixture[str]) -> None:
    record = logging.LogRecord("any.library", 40, __file__, 1, "%d of %d", ("x",), None, "does")
    LibraryHandler().handle(record)
    assert capfd.readouterr().err == "any.library does: a line that cannot be shown\n"
