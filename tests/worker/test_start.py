"""A refused credential ends a start with one sentence and 2; a service away stops nothing."""

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
from functools import partial
from pathlib import Path

import httpx
import pytest
import structlog
from redis import exceptions as redis

from integrations.chat.slack.errors import SlackError
from integrations.chat.slack.refusals import OF_CREDENTIALS, REFUSALS
from integrations.chat.teams.workspace import TeamsWorkspace
from integrations.mail.graph.tokens import refusal
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
from tests.policy.doors import Printed, command_line
from tests.servers import free_port, redis_server
from worker.processes.credentials import LONGEST, PAUSES, Check, check_credentials, tried

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


def start(home: Path, process: str, **settings: str) -> Printed:
    """Begin what has to end by itself, in this process: starting another takes two seconds."""
    late = threading.Timer(PATIENCE, os.kill, (os.getpid(), signal.SIGINT))
    late.start()
    try:
        return command_line(_environment(home, settings), process)
    finally:
        late.cancel()


def _says(done: Printed, *words: str) -> None:
    assert done.code == 2, done.err
    (sentence,) = done.err.splitlines()
    for word in words:
        assert word in sentence
    assert sentence.endswith(".")
    for secret in ("hush-hush", TOKEN, APP_TOKEN, CLIENT_SECRET, "xoxb-w", "xapp-w"):
        assert secret not in done.err
    assert "Traceback" not in done.err


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


def test_a_refusal_ends_a_process_of_its_own_with_the_same_words(tmp_path: Path) -> None:
    with slack() as (_, url):
        settings = BY_SOCKET | {"SLACK_APP_TOKEN": "xapp-wrong", "SLACK_API_URL": url}
        done = subprocess.run(
            [*LANTERN, "web"],
            env=_environment(tmp_path, settings),
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
        here = start(tmp_path, "web", **settings)
    assert Printed(done.stdout, done.stderr, done.returncode) == here
    _says(here, "SLACK_APP_TOKEN", "api.slack.com/apps")


def test_a_database_out_of_reach_ends_the_start(tmp_path: Path) -> None:
    url = "postgresql://lantern:hush-hush@127.0.0.1:1/x"
    _says(start(tmp_path, "web", DATABASE_URL=url), "DATABASE_URL", "check")


def test_with_every_service_away_the_pages_are_served_all_the_same(tmp_path: Path) -> None:
    """And each is named in the log with the setting that says where it is."""
    port = free_port()
    entra = GRAPH | TEAMS | {"GRAPH_AUTHORITY": NOWHERE}
    slack_away = BY_SOCKET | {"SLACK_API_URL": "http://127.0.0.1:1/api/"}
    settings = slack_away | entra | {"REDIS_URL": "redis://127.0.0.1:1/0", "PORT": str(port)}
    with subprocess.Popen(
        [*LANTERN, "web"], env=_environment(tmp_path, settings), stderr=subprocess.PIPE, text=True
    ) as web:
        stop = threading.Timer(PATIENCE, web.kill)
        stop.start()
        try:
            _wait_for(port, web)
            assert httpx.get(f"http://127.0.0.1:{port}/student/stale").status_code < 500
            web.send_signal(signal.SIGTERM)
            said = web.stderr.read() if web.stderr else ""
        finally:
            stop.cancel()
            web.kill()
    named = ("REDIS_URL", "SLACK_APP_TOKEN", "GRAPH_CLIENT_SECRET", "TEAMS_CLIENT_SECRET")
    for name in (*named, "SLACK_API_URL", "GRAPH_AUTHORITY"):
        assert name in said
    assert said.count("started without a service") == 5
    assert "hush-hush" not in said
    assert "Traceback" not in said


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


def test_entra_out_of_reach_is_tried_a_few_times_and_then_waited_for(campus: Campus) -> None:
    _with_settings(campus, teams_client_secret="hush-hush", teams_client_id="c", teams_tenants="t")
    campus.teams.entra.is_away = True
    slept: list[float] = []

    with structlog.testing.capture_logs() as logged:
        check_credentials(campus.office.services, sleep=slept.append)

    assert slept == list(PAUSES)
    (line,) = logged
    assert (line["setting"], line["address"]) == ("TEAMS_CLIENT_SECRET", "GRAPH_AUTHORITY")
    assert "goes on by itself" in line["reason"]


def test_what_answers_slowly_does_not_keep_the_pages_waiting(campus: Campus) -> None:
    _with_settings(campus, teams_client_secret="hush-hush")
    campus.teams.entra.is_away = True
    slept: list[float] = []
    clock = iter((0.0, LONGEST + 1)).__next__

    check_credentials(campus.office.services, sleep=slept.append, clock=clock)

    assert slept == []


class _Says:
    """A client of Redis that only answers with one error."""

    def __init__(self, error: Exception) -> None:
        self._error = error

    def ping(self) -> None:
        raise self._error


@pytest.mark.parametrize(
    ("error", "is_wrong"),
    [
        (redis.AuthenticationError("WRONGPASS invalid username-password pair"), True),
        (redis.ResponseError("NOAUTH Authentication required."), True),
        (redis.NoPermissionError("this user has no permissions to run 'ping'"), True),
        (redis.ResponseError("DB index is out of range"), True),
        (redis.ConnectionError("Connection refused"), False),
        (redis.TimeoutError("Timeout reading from socket"), False),
        (redis.BusyLoadingError("Redis is loading the dataset in memory"), False),
        (redis.ReadOnlyError("You can't write against a read only replica."), False),
        (redis.OutOfMemoryError("command not allowed when used memory > 'maxmemory'"), False),
        (redis.ResponseError("MISCONF Redis is configured to save RDB snapshots"), False),
        (redis.ResponseError("MASTERDOWN Link with MASTER is down"), False),
        (redis.ResponseError("BUSY Redis is busy running a script"), False),
        (redis.ConnectionError("max number of clients reached"), False),
    ],
    ids=lambda each: str(each)[:12],
)
def test_a_redis_that_is_not_ready_stops_no_start_and_a_wrong_password_does(
    error: Exception, is_wrong: bool
) -> None:
    check = Check(_Says(error).ping, {"secret": "REDIS_URL"}, "", "REDIS_URL")
    if is_wrong:
        with pytest.raises(WrongSetting, match="REDIS_URL"):
            tried(check)
    else:
        assert tried(check) is error


def _refuses(error: Exception) -> None:
    raise error


@pytest.mark.parametrize("code", sorted({*REFUSALS, "made_up_tomorrow"}))
def test_slack_stops_the_start_for_its_credentials_alone(code: str) -> None:
    """An archived workspace, a suspension or a code of tomorrow is waited for."""
    error = SlackError(code)
    check = Check(partial(_refuses, error), {"secret": "SLACK_BOT_TOKEN"}, "x", "SLACK_API_URL")
    if code in OF_CREDENTIALS:
        with pytest.raises(WrongSetting, match="SLACK_BOT_TOKEN"):
            tried(check)
    else:
        assert tried(check) is error


@pytest.mark.parametrize(
    ("name", "number", "passes"),
    [
        ("temporarily_unavailable", "", True),
        ("server_error", "", True),
        ("temporarily_unavailable", "AADSTS90033", True),
        ("invalid_request", "AADSTS90055", True),
        ("invalid_grant", "AADSTS50196", True),
        ("invalid_client", "AADSTS7000215", False),
        ("unauthorized_client", "AADSTS700016", False),
        ("invalid_request", "AADSTS900023", False),
        ("something_new", "", False),
    ],
)
def test_a_passing_fault_of_the_sign_in_service_is_no_refusal(
    name: str, number: str, passes: bool
) -> None:
    error = refusal({"error": name, "error_description": f"{number}: Words of theirs."})
    assert error.waits is not passes
    assert error.away
    assert "Words of theirs" not in str(error)


def test_who_is_accepted_begins(campus: Campus) -> None:
    _with_settings(campus, teams_client_secret="hush-hush")
    assert isinstance(campus.workspace, TeamsWorkspace)
    check_credentials(campus.office.services, sleep=lambda _: None)
