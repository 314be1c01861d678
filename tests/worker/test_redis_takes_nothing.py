"""``lantern sweep`` and the doctor report a Redis that answers a ping but accepts no jobs."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
import redis

from tests.servers import redis_server
from tests.worker.test_operator_mistakes import LANTERN, TOP

TAKES_NOTHING = {
    "full": ("CONFIG SET maxmemory 1", "Redis has no memory left"),
    "a replica": ("REPLICAOF 127.0.0.1 1", "Redis is read-only"),
    "without rights": (
        "ACL SETUSER default resetkeys -@all +ping +select",
        "Redis does not let Lantern",
    ),
}


@pytest.mark.parametrize("kind", TAKES_NOTHING)
def test_what_redis_did_not_take_is_not_called_queued(tmp_path: Path, kind: str) -> None:
    """Such a Redis still answers a ping."""
    line, said = TAKES_NOTHING[kind]
    with redis_server() as url, redis.Redis.from_url(url) as client:
        client.execute_command(*line.split())
        swept, examined = (
            subprocess.run(
                [*LANTERN, command],
                cwd=tmp_path,
                env={
                    **os.environ,
                    "PYTHONPATH": str(TOP),
                    "LANTERN_HOME": str(tmp_path / "home"),
                    "REDIS_URL": url,
                },
                capture_output=True,
                text=True,
                check=False,
            )
            for command in ("sweep", "doctor")
        )
    assert swept.returncode == 2
    assert said in swept.stderr
    assert "queue" not in swept.stdout
    assert f"FAIL redis: {said}" in examined.stdout
