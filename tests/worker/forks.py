"""Runs several processes that do the same at the same moment.

``run_at_once(code, number, *arguments)`` loads the libraries once, in a process of its own, and
forks it; every fork runs ``code``, in which ``arguments`` is a list of strings.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]

FORKS = """
import os
import sys
number, arguments = int(sys.argv[1]), sys.argv[2:]
{imports}
gate, key = os.pipe()
children = []
for _ in range(number):
    child = os.fork()
    if child == 0:
        os.close(key)
        os.read(gate, 1)
        try:
            run(arguments)
        except BaseException:
            import traceback
            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    children.append(child)
os.close(key)
sys.exit(sum(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) != 0 for child in children))
"""


def run_at_once(code: str, number: int, *arguments: str) -> None:
    """Run ``code``, which defines ``run(arguments)``, in several forks at once.

    Fails with the processes' output unless all succeed. The code is loaded before the first fork,
    and no fork starts before the last one is made.
    """
    done = subprocess.run(
        [sys.executable, "-c", FORKS.format(imports=code), str(number), *arguments],
        capture_output=True,
        text=True,
        cwd=ROOT,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
