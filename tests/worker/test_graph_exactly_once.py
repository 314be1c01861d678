"""Emails are sent through Graph exactly once, despite killed workers, lost replies and throttling.

This is the short run; ``make chaos`` does the whole.
"""

from pathlib import Path

from tests.chaos.run import Chaos, run

MAILS, KILLS, SEED = 16, 6, 1
SPEED = 60
"""Simulated seconds in one real second. A lease is then 2 real seconds: longer than a busy machine
delays a request, as 2 minutes are longer than the 20 seconds after which Lantern gives up."""


def test_mails_leave_once_each_as_approved_though_workers_die_and_graph_fails(
    tmp_path: Path, migrated_database_url: str
) -> None:
    outcome = run(Chaos(MAILS, KILLS, SEED, speed=SPEED), tmp_path, migrated_database_url)

    assert outcome.is_right, outcome
    assert outcome.killed == KILLS
    assert outcome.faults, "and something did go wrong"
