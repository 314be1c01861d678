"""A few bad days in three schools: no work is lost, doubled or left unexplained.

This is the short run; ``make chaos`` does the whole. It runs in a process of its own, for its log.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
ASKED = "--only bad-day --database sqlite --schools 3 --days 2 --cases 1 --seeds 1"


def test_after_two_bad_days_everything_is_repaired_and_the_count_is_right() -> None:
    lived = subprocess.run(
        [sys.executable, "-m", "tests.chaos", *ASKED.split()],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert lived.returncode == 0, lived.stdout + lived.stderr
    assert lived.stdout.rstrip().endswith("right"), lived.stdout
