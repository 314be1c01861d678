"""A nightly run that is killed: a process that loads new files and screens the day.

``python -m tests.worker.night``, then a line ``<step> <home>`` for each run. The run is killed by
SIGKILL before its step of that number: an SQL statement, a commit or a change of a file; 0 means
never. Each run is a fork, so that the libraries are loaded once. Its exit status is printed, after
the number of its steps if it ended by itself.
"""

import os
import sys
from pathlib import Path

from integrations import bootstrap
from tests.people import MORNING
from tests.worker.kill_at_step import kill_before
from tests.worker.office import settings_for
from worker import jobs

FILE_STEPS = {"os.rename", "os.remove", "os.link", "os.mkdir"}


def main() -> None:
    for line in sys.stdin:
        step, _, home = line.strip().partition(" ")
        child = os.fork()
        if child == 0:
            _work(Path(home), int(step))
            os._exit(0)
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


def _work(home: Path, step: int) -> None:
    services = bootstrap.build(settings_for(home), now=lambda: MORNING, migrate=False)
    steps = kill_before(step, services.store.database.engine, FILE_STEPS)
    jobs.run_with(services)("screen", day=MORNING.date().isoformat())
    print(steps(), end=" ", flush=True)
    services.close()


if __name__ == "__main__":
    main()
