"""Each fault for an operator is one sentence: at the command line, on pages, in chat, in the log.

The faults are caused on real servers and disks. Each sentence says what happened and what to do.
None contains a query's values, an address, or the driver's own words.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, NoReturn

import pytest
from structlog.testing import capture_logs

from bot.app import create_app
from bot.commands.dispatcher import Dispatcher
from bot.commands.table import COMMANDS
from bot.interaction import Interaction, Person
from bot.sandbox.page_frame import Pages
from bot.student import pages as student_pages
from integrations import fault_log
from integrations.chat.slack.errors import SlackError
from integrations.chat.slack.refusals import REFUSALS as SLACK
from integrations.chat.teams import refusals as teams
from integrations.chat.teams.errors import TeamsError
from integrations.fault_sentences import fault_sentence, sentence
from integrations.job_queue import InProcessQueue
from integrations.mail.graph import refusals as graph
from integrations.mail.graph.errors import GraphError
from store.actions.schools.channels import SANDBOX_TENANT
from store.rules.model import Platform
from tests.bot.visitor import Visitor
from tests.database_faults import PRIVATE, Fault, Servers
from tests.faults import FAULTS
from tests.servers import postgresql_server, redis_server
from tests.worker.office import Office, office_in
from worker.cli import main as cli

DOES = re.compile(
    r"; \w|\. [A-Z]|: stop |\b(check|correct|give|make room|restore|try again|restart|name)\b"
)
"""A second clause or an imperative: the next step."""


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    with office_in(tmp_path_factory.mktemp("told")) as made:
        yield made


@pytest.fixture(scope="module")
def own() -> Iterator[tuple[str, str]]:
    """Give servers for this module alone, whose settings may be changed."""
    with postgresql_server() as postgres, redis_server() as redis:
        yield postgres, redis


@pytest.fixture
def servers(tmp_path: Path, own: tuple[str, str]) -> Servers:
    return Servers(tmp_path, *own)


def raised_by(fault: Fault, servers: Servers) -> Exception:
    """Return the exception that this fault raises, of any type."""
    with pytest.raises(Exception) as caught:  # noqa: PT011
        fault(servers)
    return caught.value


def raising(error: Exception) -> Callable[..., NoReturn]:
    """Return a function that raises the error, each time as if it were new."""

    def fail(*_: Any, **__: Any) -> NoReturn:
        if hasattr(error, fault_log.LOGGED):
            delattr(error, fault_log.LOGGED)
        raise error

    return fail


def is_clean(text: str, error: Exception) -> bool:
    """Return whether a text has no value of a query, and no word of the error's own."""
    words = (PRIVATE, "Traceback", "dvorak", "hush", type(error).__name__, "127.0.0.1")
    return not any(each in text for each in words)


every_fault = pytest.mark.parametrize("fault", FAULTS, ids=lambda each: each.__name__)


@every_fault
def test_it_is_the_same_sentence_everywhere_and_once_in_the_log(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    office: Office,
    servers: Servers,
    fault: Fault,
) -> None:
    error = raised_by(fault, servers)
    wanted = FAULTS[fault]
    assert fault_sentence(error) == wanted, repr(error)

    typed = _typed(monkeypatch, capsys, error)
    assert typed == f"{wanted}\n"

    with capture_logs() as logged:
        for path, page in _pages(monkeypatch, office, error).items():
            assert page.status_code == 503, path
            assert is_clean(page.text, error), path
            if "student" not in path:
                assert _as_html(wanted) in page.text, path
        for _ in range(20):
            assert wanted in _answered(monkeypatch, office, error)
            _job(error)
    (line,) = [each for each in logged if each["log_level"] == "error"]
    assert line["reason"] == wanted
    assert PRIVATE not in repr(line)


def _typed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], error: Exception
) -> str:
    monkeypatch.setattr(cli, "app", raising(error))
    monkeypatch.setattr(cli, "catch_what_nothing_caught", lambda: None)
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == 2
    return capsys.readouterr().err


def _pages(monkeypatch: pytest.MonkeyPatch, office: Office, error: Exception) -> dict[str, Any]:
    visitor = Visitor(create_app(office.services))
    with monkeypatch.context() as patched:

        async def fail(*_: Any, **__: Any) -> NoReturn:
            raising(error)()

        patched.setattr(Pages, "person", fail)
        patched.setattr(Pages, "show", fail)
        patched.setattr(student_pages, "visit_link", raising(error))
        return {path: visitor.get(path) for path in ("/sandbox/outbox", "/student/a-link")}


def _answered(monkeypatch: pytest.MonkeyPatch, office: Office, error: Exception) -> str:
    row = COMMANDS.find("me")
    assert row
    monkeypatch.setitem(COMMANDS._rows, row.name, replace(row, run=raising(error)))
    who = Person(Platform.SANDBOX, SANDBOX_TENANT, "alice")
    card = (
        Dispatcher(office.services.store)
        .handle(Interaction(who, "me", "lang", "key", {}, None, ""))
        .card
    )
    assert card
    return " ".join(str(each) for each in card.blocks)


def _job(error: Exception) -> None:
    queue = InProcessQueue()
    queue.enqueue("sweep")
    queue.enqueue("deliver")
    queue.start(raising(error))
    queue.stop()


def _as_html(text: str) -> str:
    return text.replace("&", "&amp;").replace("'", "&#39;")


@every_fault
def test_each_sentence_says_what_to_do(fault: Fault) -> None:
    wanted = FAULTS[fault]
    assert DOES.search(wanted), wanted
    assert "\n" not in wanted
    assert wanted.endswith(".")


REFUSED = [
    *(SlackError(code) for code in (*SLACK, "a_code_of_tomorrow")),
    *(TeamsError(403, code) for code in (*teams.BY_CODE, "Tomorrow")),
    *(TeamsError(status, "") for status in (*teams.BY_STATUS, 418)),
    *(GraphError(403, code) for code in (*graph.BY_CODE, "ErrorOfTomorrow")),
    *(GraphError(status, "") for status in (*graph.BY_STATUS, 418)),
]


@pytest.mark.parametrize("error", REFUSED, ids=str)
def test_each_refusal_of_a_service_says_what_to_do(error: Exception) -> None:
    said = sentence(error)
    assert said[0].isupper()
    assert said.endswith(".")
    assert "; " in said, said


def test_an_error_that_no_table_knows_says_its_kind_and_place_alone(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    typed = _typed(monkeypatch, capsys, ArithmeticError(PRIVATE))
    assert re.search(r"Unexpected error: ArithmeticError in fail:\d+\. Check what was saved", typed)
    assert PRIVATE not in typed


def test_the_same_is_logged_again_after_a_while_with_how_often_it_came() -> None:
    now = 0.0
    repeats = fault_log.Repeats(lambda: now)
    assert [repeats.times("away") for _ in range(3)] == [1, 0, 0]
    assert repeats.times("another") == 1
    now = fault_log.QUIET
    assert repeats.times("away") == 3
