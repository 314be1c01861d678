"""A process begins only where every credential is accepted; else a sentence, and it ends with 2."""

from __future__ import annotations

import datetime as dt
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from integrations.chat.teams.workspace import TeamsWorkspace
from integrations.settings import WrongSetting
from tests.bot.teams.campus import Campus, campus_in
from tests.fakes.slack.records import (
    APP_TOKEN,
    CLIENT_ID,
    CLIENT_SECRET,
    OTHER_TEAM,
    SIGNING_SECRET,
    TEAM,
    TOKEN,
)
from tests.fakes.slack.service import FakeSlack
from tests.fakes.slack.wire import serving
from tests.servers import free_port, redis_server
from worker.processes.credentials import PAUSES, check_credentials

LANTERN = [sys.executable, "-m", "worker.cli.main"]
PATIENCE = 300
"""Seconds in which a start has to end, tries and pauses included."""
BY_SOCKET = {"SLACK_TEAMS": TEAM, "SLACK_BOT_TOKEN": TOKEN, "SLACK_APP_TOKEN": APP_TOKEN}
BY_HTTP = {"SLACK_TEAMS": TEAM, "SLACK_BOT_TOKEN": TOKEN, "SLACK_SIGNING_SECRET": SIGNING_SECRET}
BY_OAUTH = {
    "SLACK_TEAMS": TEAM,
    "SLACK_CLIENT_ID": CLIENT_ID,
    "SLACK_CLIENT_SECRET": CLIENT_SECRET,
    "SLACK_SIGNING_SECRET": SIGNING_SECRET,
}
ENTRA = "11111111-2222-3333-4444-555555555555"
GRAPH = {"GRAPH_TENANT_ID": ENTRA, "GRAPH_CLIENT_ID": ENTRA, "GRAPH_CLIENT_SECRET": "hush-hush"}
TEAMS = {"TEAMS_TENANTS": ENTRA, "TEAMS_CLIENT_ID": ENTRA, "TEAMS_CLIENT_SECRET": "hush-hush"}
NOWHERE = "https://127.0.0.1:1"


def _environment(home: Path, settings: dict[str, str]) -> dict[str, str]:
    bare = {name: os.environ[name] for name in ("PATH", "LANG", "TMPDIR") if name in os.environ}
    return {**bare, "LANTERN_HOME": str(home), "PORT": str(free_port()), **settings}


def start(home: Path, process: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """Begin a process that has to end by itself."""
    return subprocess.run(
        [*LANTERN, process],
        env=_environment(home, settings),
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )


def _says(done: subprocess.CompletedProcess[str], *words: str) -> None:
    assert done.returncode == 2, done.stderr
    (sentence,) = done.stderr.splitlines()
    for word in words:
        assert word in sentence
    assert sentence.endswith(".")
    for secret in ("hush-hush", TOKEN, APP_TOKEN, CLIENT_SECRET, "xoxb-w", "xapp-w"):
        assert secret not in done.stderr
    assert "Traceback" not in done.stderr


@contextmanager
def slack() -> Iterator[tuple[FakeSlack, str]]:
    fake = FakeSlack(lambda: dt.datetime.now(dt.UTC))
    with serving(fake) as url:
        yield fake, url


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        (BY_SOCKET | {"SLACK_APP_TOKEN": "xapp-wrong"}, "SLACK_APP_TOKEN"),
        (BY_SOCKET | {"SLACK_BOT_TOKEN": "xoxb-wrong"}, "SLACK_BOT_TOKEN"),
        (BY_HTTP | {"SLACK_BOT_TOKEN": "xoxb-wrong"}, "SLACK_BOT_TOKEN"),
        (BY_HTTP | {"SLACK_TEAMS": OTHER_TEAM}, "SLACK_TEAMS"),
        (BY_OAUTH | {"SLACK_CLIENT_SECRET": "hush-hush"}, "SLACK_CLIENT_SECRET"),
        (BY_OAUTH | {"SLACK_CLIENT_ID": "9.9"}, "SLACK_CLIENT_ID"),
    ],
    ids=lambda each: each if isinstance(each, str) else "",
)
def test_what_slack_refuses_is_named(tmp_path: Path, settings: dict[str, str], named: str) -> None:
    with slack() as (_, url):
        done = start(tmp_path, "web", SLACK_API_URL=url, **settings)
    _says(done, named, "api.slack.com/apps")


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        (BY_SOCKET | {"SLACK_API_URL": "http://127.0.0.1:1/api/"}, "SLACK_API_URL"),
        (GRAPH | {"GRAPH_AUTHORITY": NOWHERE}, "GRAPH_CLIENT_SECRET"),
        (TEAMS | {"GRAPH_AUTHORITY": NOWHERE}, "TEAMS_CLIENT_SECRET"),
        ({"DATABASE_URL": "postgresql://lantern:hush-hush@127.0.0.1:1/x"}, "DATABASE_URL"),
        ({"REDIS_URL": "redis://127.0.0.1:1/0"}, "REDIS_URL"),
    ],
    ids=lambda each: each if isinstance(each, str) else "",
)
def test_what_is_out_of_reach_ends_the_start_after_some_tries(
    tmp_path: Path, settings: dict[str, str], named: str
) -> None:
    _says(start(tmp_path, "web", **settings), named, "check" if "_URL" in named else "Check")


@pytest.mark.parametrize("process", ["web", "worker", "clock"])
def test_a_redis_that_refuses_the_password_is_named(tmp_path: Path, process: str) -> None:
    with redis_server() as url:
        refused = url.replace("redis://", "redis://somebody:hush-hush@")
        done = start(tmp_path, process, REDIS_URL=refused)
    _says(done, "REDIS_URL", "password")


def test_a_database_that_says_nothing_is_not_waited_for_for_ever(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"postgresql://lantern:hush-hush@127.0.0.1:{silent.getsockname()[1]}/lantern"
        done = start(tmp_path, "release", DATABASE_URL=url)
    _says(done, "DATABASE_URL", "cannot be reached")


def test_a_slack_that_answers_in_the_end_is_not_given_up(tmp_path: Path) -> None:
    """And while the socket does not open, Lantern serves, and ends when it is told to."""
    port = free_port()
    with slack() as (fake, url):
        fake.faults = [("apps.connections.open", "500"), ("auth.test", "500")]
        fake.socket = "ws://127.0.0.1:1/"
        settings = BY_SOCKET | {"SLACK_API_URL": url, "PORT": str(port)}
        with subprocess.Popen(
            [*LANTERN, "web"],
            env=_environment(tmp_path, settings),
            stderr=subprocess.PIPE,
            text=True,
        ) as web:
            stop = threading.Timer(PATIENCE, web.kill)
            stop.start()
            try:
                _wait_for(port, web)
                web.send_signal(signal.SIGTERM)
                began = time.monotonic()
                web.wait()
                assert time.monotonic() - began < 30
                assert web.returncode != -signal.SIGKILL
            finally:
                stop.cancel()
                web.kill()


def _wait_for(port: int, process: subprocess.Popen[str]) -> None:
    while process.poll() is None:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1) as connection:
                connection.sendall(b"GET /healthz HTTP/1.0\r\n\r\n")
                if b"200" in connection.recv(100):
                    return
        except OSError:
            time.sleep(0.1)
    raise AssertionError(process.stderr.read() if process.stderr else "")


# -- Entra, which the real msal asks by https: in this process, over the fake's sockets -----------


@pytest.fixture
def campus(tmp_path: Path) -> Iterator[Campus]:
    with campus_in(tmp_path / "home") as made:
        yield made


def _with_settings(campus: Campus, **settings: str) -> None:
    old = campus.office.services.settings
    changed = old.model_copy(update=settings)
    campus.office.services = replace(campus.office.services, settings=changed)


@pytest.mark.parametrize(
    ("number", "named"),
    [
        ("AADSTS7000222", "TEAMS_CLIENT_SECRET"),
        ("AADSTS700016", "TEAMS_CLIENT_ID"),
        ("AADSTS90002", "TEAMS_TENANTS"),
        ("AADSTS1", "TEAMS_CLIENT_SECRET"),
    ],
)
def test_what_entra_refuses_is_named(campus: Campus, number: str, named: str) -> None:
    _with_settings(campus, teams_client_secret="hush-hush", teams_client_id="c", teams_tenants="t")
    campus.teams.entra.refusal = number
    slept: list[float] = []

    with pytest.raises(WrongSetting, match=f"The setting {named} cannot be used: ") as refused:
        check_credentials(campus.office.services, sleep=slept.append)

    assert number in str(refused.value) or number == "AADSTS90002"
    assert slept == []
    assert "hush-hush" not in str(refused.value)


def test_entra_out_of_reach_is_tried_a_few_times(campus: Campus) -> None:
    _with_settings(campus, teams_client_secret="hush-hush", teams_client_id="c", teams_tenants="t")
    campus.teams.entra.is_away = True
    slept: list[float] = []

    with pytest.raises(WrongSetting, match=r"TEAMS_CLIENT_SECRET could not be tried: .*GRAPH_AUTH"):
        check_credentials(campus.office.services, sleep=slept.append)

    assert slept == list(PAUSES)


def test_who_is_accepted_begins(campus: Campus) -> None:
    _with_settings(campus, teams_client_secret="hush-hush")
    assert isinstance(campus.workspace, TeamsWorkspace)
    check_credentials(campus.office.services, sleep=lambda _: None)
