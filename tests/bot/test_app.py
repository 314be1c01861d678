"""The web process: its health pages, its start and its shutdown."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import make_url
from structlog.testing import capture_logs

from bot.app import create_app
from integrations.chat.interface import Address, MessageRef, Payload
from integrations.job_queue import InProcessQueue
from integrations.settings import WrongSetting
from store.db.fault_sentences import NO_DATABASE
from store.rules.model import Platform
from store.tables import outbox
from tests.bot.visitor import Visitor
from tests.servers import new_postgresql_database
from tests.worker.office import Office, office_in
from worker import jobs
from worker.processes import serve as serving


class Telling:
    """A workspace that signals when a case's card was posted; digests may come before it."""

    remembers = False

    def __init__(self, posted: threading.Event) -> None:
        self._posted = posted

    def post(
        self, address: Address, payload: Payload, *, key: str, thread: str | None = None
    ) -> MessageRef:
        if key.startswith("case:"):
            self._posted.set()
        return MessageRef(address, "1")

    def direct(self, tenant: str, user: str) -> Address:
        return Address(Platform.SANDBOX, tenant, f"direct:{user}")

    def mention(self, address: Address, user: str) -> str | None:
        """Mention no one."""
        return None

    def update(self, message: MessageRef, payload: Payload) -> None:
        """Do nothing."""

    def delete(self, message: MessageRef) -> None:
        """Do nothing."""

    def below(self, message: MessageRef) -> list[str]:
        return []


@contextmanager
def gone(server_url: str, url: str) -> Iterator[None]:
    """Rename the database for a while, after all its connections have been closed."""
    server = make_url(server_url).set(drivername="postgresql")
    name = sql.Identifier(str(make_url(url).database))
    away = sql.Identifier(f"away_{make_url(url).database}")
    ended = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s"
    change = sql.SQL("ALTER DATABASE {} RENAME TO {}")
    with psycopg.connect(server.render_as_string(hide_password=False), autocommit=True) as admin:
        admin.execute(ended, [make_url(url).database])
        admin.execute(change.format(name, away))
        try:
            yield
        finally:
            admin.execute(change.format(away, name))


def test_health_is_ok_while_the_database_answers(office: Office) -> None:
    answer = Visitor(create_app(office.services)).get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


def test_health_is_503_while_the_database_is_gone(tmp_path: Path, postgres_url: str) -> None:
    with new_postgresql_database(postgres_url) as url, office_in(tmp_path, url) as office:
        visitor = Visitor(create_app(office.services))
        assert visitor.get("/healthz").status_code == 200
        with gone(postgres_url, url):
            answer = visitor.get("/healthz")
        assert (answer.status_code, answer.json()) == (503, {"status": "database unavailable"})
        assert visitor.get("/healthz").status_code == 200


def test_while_the_database_is_gone_pages_say_so_and_the_log_once(
    tmp_path: Path, postgres_url: str
) -> None:
    """A page that says so needs no query."""
    pages = ("/sandbox/outbox", "/sandbox/c/lang", "/sandbox/audit", "/sandbox/student")
    with new_postgresql_database(postgres_url) as url, office_in(tmp_path, url) as office:
        visitor = Visitor(create_app(office.services))
        assert {visitor.get(path).status_code for path in pages} == {200}
        with gone(postgres_url, url), capture_logs() as logged:
            for path in pages * 10:
                answer = visitor.get(path)
                assert (answer.status_code, NO_DATABASE in answer.text) == (503, True), path
            assert visitor.get("/student/a-link").status_code in (404, 503)
            office.services.queue.enqueue("sweep")
            office.services.queue.enqueue("screen", day="2025-10-22")
            assert isinstance(office.services.queue, InProcessQueue)
            office.services.queue.start(jobs.run_with(office.services))
            office.services.queue.stop()
        assert [line["reason"] for line in logged] == [NO_DATABASE]
        assert {visitor.get(path).status_code for path in pages} == {200}


def test_the_sandbox_stands_on_the_real_services(office: Office) -> None:
    office.world.open_case()
    office.works()
    visitor = Visitor(create_app(office.services))
    assert visitor.post("/sandbox/person", {"user": "alice"}).status_code == 303
    page = visitor.get("/sandbox/c/lang")
    assert page.status_code == 200
    assert "LANG-1" in page.text
    assert "Dvorak" not in page.text


def test_the_embedded_work_does_what_people_ask_and_leaves_no_thread(office: Office) -> None:
    before = set(threading.enumerate())
    shown = threading.Event()
    office.services = replace(office.services, workspaces={Platform.SANDBOX: Telling(shown)})

    with serving.embedded_work(office.services):
        case = office.world.open_case()
        assert shown.wait(timeout=60)

    assert set(threading.enumerate()) == before
    # The night's screening starts as well, and may show more than the test waited for.
    (first,) = office.world.rows(outbox, idem_key=f"card:{case}:1")
    assert first["state"] == "sent"


def test_a_worker_or_a_clock_of_its_own_needs_redis(office: Office) -> None:
    for process in (serving.work, serving.run_clock):
        with pytest.raises(WrongSetting, match=r"^The setting REDIS_URL is missing: .*\.$"):
            process(office.services)


def test_the_sandbox_is_never_served_to_other_machines(office: Office) -> None:
    everywhere = office.services.settings.model_copy(update={"host": "192.0.2.1"})
    services = replace(office.services, settings=everywhere)
    with pytest.raises(WrongSetting, match=r"^The setting HOST cannot be used: .*\.$"):
        serving.serve(services, 0)
