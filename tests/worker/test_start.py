"""A refused credential ends a start with one sentence and 2; an unavailable service does not."""

from __future__ import annotations

import signal
import socket
import subprocess
import threading
import time
from pathlib import Path

import httpx
import pytest

from tests.fakes.slack.records import (
    CLIENT_ID,
    CLIENT_SECRET,
    OTHER_TEAM,
    SIGNING_SECRET,
    TEAM,
    TOKEN,
)
from tests.policy.doors import Printed
from tests.servers import free_port, redis_server
from tests.worker.starting import (
    BY_SOCKET,
    GRAPH,
    LANTERN,
    NOWHERE,
    PATIENCE,
    TEAMS,
    environment,
    says,
    slack,
    start,
    wait_for,
)

BY_HTTP = {"SLACK_TEAMS": TEAM, "SLACK_BOT_TOKEN": TOKEN, "SLACK_SIGNING_SECRET": SIGNING_SECRET}
BY_OAUTH = {
    "SLACK_TEAMS": TEAM,
    "SLACK_CLIENT_ID": CLIENT_ID,
    "SLACK_CLIENT_SECRET": CLIENT_SECRET,
    "SLACK_SIGNING_SECRET": SIGNING_SECRET,
}


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
    says(done, named, "api.slack.com/apps")


def test_a_refusal_ends_a_process_of_its_own_with_the_same_words(tmp_path: Path) -> None:
    with slack() as (_, url):
        settings = BY_SOCKET | {"SLACK_APP_TOKEN": "xapp-wrong", "SLACK_API_URL": url}
        done = subprocess.run(
            [*LANTERN, "web"],
            env=environment(tmp_path, settings),
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
        here = start(tmp_path, "web", **settings)
    assert Printed(done.stdout, done.stderr, done.returncode) == here
    says(here, "SLACK_APP_TOKEN", "api.slack.com/apps")
    assert "install Lantern again" not in here.err


def test_a_database_out_of_reach_ends_the_start(tmp_path: Path) -> None:
    url = "postgresql://lantern:hush-hush@127.0.0.1:1/x"
    says(start(tmp_path, "web", DATABASE_URL=url), "DATABASE_URL", "check")


def test_with_every_service_away_the_pages_are_served_all_the_same(tmp_path: Path) -> None:
    """The log names each service, with the setting that holds its address."""
    port = free_port()
    entra = GRAPH | TEAMS | {"GRAPH_AUTHORITY": NOWHERE}
    slack_away = BY_SOCKET | {"SLACK_API_URL": "http://127.0.0.1:1/api/"}
    settings = slack_away | entra | {"REDIS_URL": "redis://127.0.0.1:1/0", "PORT": str(port)}
    with subprocess.Popen(
        [*LANTERN, "web"], env=environment(tmp_path, settings), stderr=subprocess.PIPE, text=True
    ) as web:
        stop = threading.Timer(PATIENCE, web.kill)
        stop.start()
        try:
            wait_for(port, web)
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
    says(done, "REDIS_URL", "password")


def test_a_database_that_says_nothing_is_not_waited_for_for_ever(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"postgresql://lantern:hush-hush@127.0.0.1:{silent.getsockname()[1]}/lantern"
        done = start(tmp_path, "release", DATABASE_URL=url)
    says(done, "DATABASE_URL", "cannot be reached")


def test_a_slack_that_answers_in_the_end_is_not_given_up(tmp_path: Path) -> None:
    """Until the socket opens, Lantern serves requests, and it ends at a signal."""
    port = free_port()
    with slack() as (fake, url):
        fake.faults = [("apps.connections.open", "500"), ("auth.test", "500")]
        fake.socket = "ws://127.0.0.1:1/"
        settings = BY_SOCKET | {"SLACK_API_URL": url, "PORT": str(port)}
        with subprocess.Popen(
            [*LANTERN, "web"],
            env=environment(tmp_path, settings),
            stderr=subprocess.PIPE,
            text=True,
        ) as web:
            stop = threading.Timer(PATIENCE, web.kill)
            stop.start()
            try:
                wait_for(port, web)
                web.send_signal(signal.SIGTERM)
                began = time.monotonic()
                web.wait()
                assert time.monotonic() - began < 30
                assert web.returncode != -signal.SIGKILL
            finally:
                stop.cancel()
                web.kill()
