"""Credentials refused by Entra, Redis and Slack: which refusals end a start, and which do not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
import structlog
from redis import exceptions as redis

from integrations.chat.slack.errors import SlackError
from integrations.chat.slack.refusals import OF_CREDENTIALS, REFUSALS
from integrations.chat.teams.workspace import TeamsWorkspace
from integrations.mail.graph.tokens import refusal
from integrations.settings import WrongSetting
from tests.bot.teams.campus import Campus, campus_in
from worker.processes.credentials import LONGEST, PAUSES, Check, check_credentials, tried

# -- Entra, which the real msal calls by https: in this process, over the fake's sockets ----------


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
    assert "continues by itself" in line["reason"]


def test_what_answers_slowly_does_not_keep_the_pages_waiting(campus: Campus) -> None:
    _with_settings(campus, teams_client_secret="hush-hush")
    campus.teams.entra.is_away = True
    slept: list[float] = []
    clock = iter((0.0, LONGEST + 1)).__next__

    check_credentials(campus.office.services, sleep=slept.append, clock=clock)

    assert slept == []


class _Says:
    """A client of Redis that answers every ping with one error."""

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
    """An archived workspace, a suspension or an unknown code is waited for."""
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
