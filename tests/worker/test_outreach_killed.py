"""A worker that writes real files into a real folder is killed again and again."""

import random
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path

from store.tables import outbox, outreach
from tests.worker.office import Office, office_in

ROOT = Path(__file__).parents[2]
MAILS = 8
KILLS = 4


def test_mails_leave_once_each_though_the_worker_is_killed_again_and_again(
    tmp_path: Path,
) -> None:
    with office_in(tmp_path) as office:
        office.has_approved_mails(MAILS)

        statuses = runs_of_a_worker(tmp_path, KILLS)

        assert statuses == [-signal.SIGKILL] * KILLS + [0]
        assert_each_left_once(office)


def runs_of_a_worker(home: Path, kills: int) -> list[int]:
    """Return the exit statuses of runs killed at each step, and of a last, complete one."""
    chance = random.Random(20)
    command = [sys.executable, "-m", "tests.worker.sender", str(home)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT
    ) as worker:
        assert worker.stdin
        assert worker.stdout
        statuses = []
        for run in range(kills + 1):
            # A lease is two minutes, so a worker that starts three minutes later takes over.
            steps = chance.randint(3, 40) if run < kills else 0
            worker.stdin.write(f"{3 * run} {steps}\n")
            worker.stdin.flush()
            statuses.append(int(worker.stdout.readline()))
        worker.stdin.close()
    return statuses


def assert_each_left_once(office: Office) -> None:
    left = Counter(mail.recipient for mail in office.left())
    assert left == dict.fromkeys((row["recipient"] for row in office.world.rows(outreach)), 1)
    assert len(left) == MAILS
    assert {row["status"] for row in office.world.rows(outreach)} == {"sent"}
    assert {row["state"] for row in office.world.rows(outbox, kind="mail")} == {"sent"}
    drafts = list((office.services.settings.home / "mail").glob("*/drafts/*.eml"))
    assert drafts == [], "and nothing half done lies about"
