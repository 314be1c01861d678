"""Mail through Graph leaves exactly once: workers are killed, replies get lost, Graph throttles.

The short run; ``make chaos`` is the whole one.
"""

from pathlib import Path

from tests.chaos.run import Chaos, run

MAILS, KILLS, SEED = 16, 6, 1
SPEED = 60
"""Seconds in one. A lease is two of this machine's then: longer than a busy one holds a request
up, as two minutes are longer than the twenty seconds after which Lantern gives a request up."""


def test_mails_leave_once_each_as_approved_though_workers_die_and_graph_fails(
    tmp_path: Path, migrated_database_url: str
) -> None:
    outcome = run(Chaos(MAILS, KILLS, SEED, speed=SPEED), tmp_path, migrated_database_url)

    assert outcome.is_right, outcome
    assert outcome.killed == KILLS
    assert outcome.faults, "and something did go wrong"
