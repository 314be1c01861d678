"""Faults that an operator may have to repair, caused for real wherever possible."""

from __future__ import annotations

import errno
import os
from collections.abc import Mapping
from pathlib import Path

import duckdb
import httpx
import redis

from integrations import fault_sentences as said
from store.db import fault_sentences as database
from tests.database_faults import (
    PRIVATE,
    Fault,
    Servers,
    pool_used_up,
    postgres_away,
    postgres_damaged,
    postgres_denied,
    postgres_full,
    postgres_locked,
    postgres_no_memory,
    postgres_no_such_database,
    postgres_no_such_host,
    postgres_no_such_user,
    postgres_read_only,
    postgres_stopped,
    postgres_too_long,
    postgres_too_many,
    postgres_wrong_password,
    sqlite_a_letter,
    sqlite_full,
    sqlite_locked,
    sqlite_not_there,
    sqlite_read_only,
)


def redis_away(_servers: Servers) -> None:
    redis.Redis.from_url("redis://127.0.0.1:1/0").ping()


def redis_no_such_database(servers: Servers) -> None:
    _redis(servers.redis.rpartition("/")[0] + "/9999")


def redis_wrong_password(servers: Servers) -> None:
    with redis.Redis.from_url(servers.redis) as client:
        client.config_set("requirepass", "right")
        try:
            _redis(servers.redis.replace("//", "//:wrong@"))
        finally:
            client.execute_command("AUTH", "right")
            client.config_set("requirepass", "")


def redis_full(servers: Servers) -> None:
    with redis.Redis.from_url(servers.redis) as client:
        client.config_set("maxmemory", "1")
        try:
            client.set("name", PRIVATE)
        finally:
            client.config_set("maxmemory", "0")


def redis_read_only(servers: Servers) -> None:
    with redis.Redis.from_url(servers.redis) as client:
        client.execute_command("REPLICAOF", "127.0.0.1", "1")
        try:
            client.set("name", PRIVATE)
        finally:
            client.execute_command("REPLICAOF", "NO", "ONE")


def redis_no_right(servers: Servers) -> None:
    with redis.Redis.from_url(servers.redis) as client:
        client.execute_command("ACL", "SETUSER", "guest", "on", ">guest", "-@all", "+ping")
    with redis.Redis.from_url(servers.redis.replace("//", "//guest:guest@")) as client:
        client.set("name", PRIVATE)


def _redis(url: str) -> None:
    with redis.Redis.from_url(url) as client:
        client.set("name", PRIVATE)


def disk_full(_servers: Servers) -> None:
    with Path("/dev/full").open("w") as file:
        file.write(PRIVATE)


def disk_not_a_folder(servers: Servers) -> None:
    (servers.folder / PRIVATE).write_text("")
    (servers.folder / PRIVATE / "home").mkdir()


def disk_gone(servers: Servers) -> None:
    (servers.folder / f"of {PRIVATE}" / "file").read_text()


def disk_broken(number: int) -> Fault:
    def fails(_servers: Servers) -> None:
        raise OSError(number, os.strerror(number), f"/home/{PRIVATE}")

    return fails


def lake_full(_servers: Servers) -> None:
    raise duckdb.IOException(f"Could not write {PRIVATE}: No space left on device")


def network_away(_servers: Servers) -> None:
    with httpx.Client() as client:
        client.get("http://127.0.0.1:1/", params={"name": PRIVATE})


FAULTS: Mapping[Fault, str] = {
    sqlite_locked: database.LOCKED,
    sqlite_read_only: database.READ_ONLY,
    sqlite_full: database.FULL,
    sqlite_not_there: database.NOT_OPENED,
    sqlite_a_letter: database.NO_FILE,
    pool_used_up: database.BUSY,
    postgres_away: database.AWAY,
    postgres_no_such_host: database.AWAY,
    postgres_stopped: database.AWAY,
    postgres_no_such_database: database.NO_DATABASE,
    postgres_no_such_user: database.NO_ACCOUNT,
    postgres_wrong_password: database.NO_ACCOUNT,
    postgres_too_many: database.BUSY,
    postgres_denied: database.NO_RIGHT,
    postgres_read_only: database.READ_ONLY,
    postgres_locked: database.LOCKED,
    postgres_too_long: database.TOO_LONG,
    postgres_full: database.FULL,
    postgres_damaged: database.DAMAGED,
    postgres_no_memory: database.NO_MEMORY,
    redis_away: said.REDIS_AWAY,
    redis_no_such_database: said.REDIS_NO_DATABASE,
    redis_wrong_password: said.REDIS_REFUSES,
    redis_full: said.REDIS_FULL,
    redis_read_only: said.REDIS_READ_ONLY,
    redis_no_right: said.REDIS_NO_RIGHT,
    disk_full: said.DISK_FULL,
    disk_not_a_folder: said.DISK_NOT_A_FOLDER,
    disk_gone: said.DISK_GONE,
    disk_broken(errno.EACCES): said.DISK_CLOSED,
    disk_broken(errno.EROFS): said.DISK_READ_ONLY,
    disk_broken(errno.EMFILE): said.DISK_TOO_MANY,
    disk_broken(errno.EIO): said.DISK_BROKEN,
    lake_full: said.DISK_FULL,
    network_away: said.NETWORK,
}
"""Fault → the sentence that describes it."""
