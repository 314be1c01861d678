"""Each kind of failure of a database, Redis, a disk or the network has its own sentence."""

from __future__ import annotations

import datetime as dt
import errno
import socket
import sqlite3

import httpx
import pytest
import sqlalchemy as sa
from redis import exceptions as redis
from slack_sdk.errors import SlackApiError

from integrations import fault_sentences as said
from integrations.chat.slack.errors import error_of
from integrations.retries import retry_after
from store.db import fault_sentences as database
from store.encryption import SealBroken
from store.rules.calendar import LONGEST_PAUSE


class _Server(Exception):
    """A database driver's error, with its state where the server gave one."""

    def __init__(self, text: str = "", state: str | None = None) -> None:
        super().__init__(text)
        self.sqlstate = state


def _of_server(cause: Exception) -> Exception:
    return sa.exc.OperationalError("SELECT 1", {}, cause)


def _of_file(name: str, text: str = "x") -> Exception:
    cause = sqlite3.OperationalError(text)
    cause.sqlite_errorname = name
    return sa.exc.OperationalError("SELECT 1", {}, cause)


STATES = {
    database.STARTING: ("57P03",),
    database.AWAY: ("57P01", "57P02", "57P05", "08006", "08P01"),
    database.AT_ONCE: ("40001", "40P01", "72000"),
    database.BUSY: ("53300", "53400", "53000"),
    database.TOO_LONG: ("57014", "25P03", "25P04"),
    database.LOCKED: ("55P03", "55006"),
    database.POOLED: ("26000", "42P05"),
    database.NOT_MIGRATED: ("42P01",),
    database.SERVER_FAULT: ("XX000", "F0000"),
}
REFUSED = {
    database.BUSY: (
        "FATAL:  sorry, too many clients already",
        "FATAL:  no more connections allowed (max_client_conn)",
        "FATAL:  query_wait_timeout",
        'FATAL:  too many connections for role "invented"',
    ),
    database.STARTING: (
        "FATAL:  the database system is starting up",
        "FATAL:  the database system is in recovery mode",
        'FATAL:  database "invented" is not currently accepting connections',
        "FATAL:  terminating connection due to administrator command",
    ),
    database.NO_ACCOUNT: (
        'FATAL:  password authentication failed for user "starting up"',
        'FATAL:  role "too many" does not exist',
        'FATAL:  role "invented" is not permitted to log in',
        "fe_sendauth: no password supplied",
        "FATAL:  server login failed: wrong password type",
    ),
    database.NO_DATABASE: (
        'FATAL:  database "certificate" does not exist',
        "FATAL:  no such database: invented",
    ),
    database.ENCRYPTED: (
        "connection failed: SSL error: certificate verify failed",
        'root certificate file "/invented" does not exist',
        "server does not support SSL, but SSL was required",
    ),
    database.ADDRESS: ('invalid connection option "invented"',),
    database.AWAY: (
        "server closed the connection unexpectedly",
        'could not translate host name "too many" to address',
    ),
}
FILES = {
    database.LOCKED: ("SQLITE_PROTOCOL", "SQLITE_BUSY_SNAPSHOT"),
    database.AT_ONCE: ("SQLITE_SCHEMA",),
    database.TOO_LONG: ("SQLITE_INTERRUPT",),
    database.DAMAGED: ("SQLITE_FORMAT",),
}
REDIS: dict[str, tuple[Exception, ...]] = {
    said.REDIS_REFUSES: (
        redis.ResponseError("WRONGPASS invalid username-password pair"),
        redis.ResponseError("NOAUTH Authentication required."),
    ),
    said.REDIS_NOT_READY: (
        redis.BusyLoadingError("Redis is loading the dataset in memory"),
        redis.MasterDownError("Link with MASTER is down"),
        redis.ResponseError("NOREPLICAS Not enough good replicas to write."),
        redis.ResponseError("BUSY Redis is busy running a script."),
        redis.TryAgainError("Multiple keys request during rehashing of slot"),
    ),
    said.REDIS_CLUSTER: (
        redis.MovedError("1 127.0.0.1:1"),
        redis.ClusterDownError("The cluster is down"),
    ),
    said.REDIS_PROTECTED: (
        redis.ConnectionError("DENIED Redis is running in protected mode because"),
    ),
    said.REDIS_READ_ONLY: (redis.ResponseError("MISCONF Redis is configured to save"),),
    said.REDIS_WRONG: (redis.InvalidResponse("Protocol Error: b'HTTP'"),),
}
SYSTEM = {
    said.NETWORK: (errno.EHOSTUNREACH, errno.ENETUNREACH, errno.EHOSTDOWN, errno.ENETDOWN),
    said.DISK_AWAY: (errno.ESTALE, errno.ENOTCONN, errno.ENODEV, errno.ENOLCK),
    said.DISK_FULL: (errno.ENOSPC, errno.EDQUOT, errno.EFBIG),
    said.IN_USE: (errno.EBUSY, errno.ETXTBSY, errno.EADDRINUSE),
    said.NAME_TOO_LONG: (errno.ENAMETOOLONG,),
    said.LINKS_IN_A_CIRCLE: (errno.ELOOP,),
    said.TOO_MANY_AT_ONCE: (errno.EAGAIN,),
    said.NO_MEMORY: (errno.ENOMEM,),
}
OTHERS: dict[str, tuple[Exception, ...]] = {
    said.NETWORK: (
        socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution"),
        httpx.ProxyError("407"),
        httpx.TooManyRedirects("x"),
        httpx.DecodingError("x"),
    ),
    said.SEALED_OTHERWISE: (SealBroken("x"),),
    said.TOO_MANY_AT_ONCE: (RuntimeError("can't start new thread"),),
}
ROWS = [
    *((row, _of_server(_Server(state=each))) for row, found in STATES.items() for each in found),
    *((row, _of_server(_Server(each))) for row, found in REFUSED.items() for each in found),
    *((row, _of_file(each)) for row, found in FILES.items() for each in found),
    (database.NOT_MIGRATED, _of_file("SQLITE_ERROR", "no such table: invented")),
    *((row, each) for row, found in REDIS.items() for each in found),
    *((row, OSError(each, "x")) for row, found in SYSTEM.items() for each in found),
    *((row, each) for row, found in OTHERS.items() for each in found),
]


def test_each_fault_has_its_sentence() -> None:
    wrong = [
        (error, said.fault_sentence(error))
        for row, error in ROWS
        if said.fault_sentence(error) != row
    ]
    assert wrong == []
    assert all(sentence.endswith(".") for sentence, _ in ROWS)
    assert not any("invented" in said.sentence(error) for _, error in ROWS)


def test_our_own_mistakes_stay_unforeseen() -> None:
    """An operator cannot correct a wrong statement."""
    for state in ("42601", "42703", "23505", "22P02"):
        assert said.fault_sentence(sa.exc.ProgrammingError("x", {}, _Server(state=state))) is None
    assert said.fault_sentence(RuntimeError("x")) is None


NOW = dt.datetime(2026, 11, 9, 12, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("header", "pause"),
    [
        ("30", dt.timedelta(seconds=30)),
        (" 7 ", dt.timedelta(seconds=7)),
        ("1.5", dt.timedelta(seconds=1.5)),
        ("0", dt.timedelta()),
        ("-5", dt.timedelta()),
        ("86400000", LONGEST_PAUSE),
        ("9" * 400, LONGEST_PAUSE),
        ("Mon, 09 Nov 2026 12:01:00 GMT", dt.timedelta(minutes=1)),
        ("Fri, 31 Dec 9999 23:59:59 GMT", LONGEST_PAUSE),
        ("Mon, 09 Nov 2020 12:01:00 GMT", dt.timedelta()),
        ("soon", None),
        ("30, 30", None),
        ("inf", None),
        ("²", None),
        ("", None),
    ],
)
def test_no_wish_for_a_pause_keeps_anything_back_for_days(
    header: str, pause: dt.timedelta | None
) -> None:
    assert retry_after(header, NOW) == pause


class _Throttled:
    """Slack's answer 429."""

    status_code = 429

    def __init__(self, header: str | None) -> None:
        self.headers = {} if header is None else {"Retry-After": header}


@pytest.mark.parametrize("header", [None, "", "soon", "30.5", "86400000", "9" * 400, "-1"])
def test_nor_does_slack_s(header: str | None) -> None:
    refused = SlackApiError("x", _Throttled(header))  # type: ignore[no-untyped-call]
    wait = error_of(refused, creates=True).retry_after
    assert wait is not None
    assert dt.timedelta() < wait <= LONGEST_PAUSE
