"""A worker that is killed: a process that sends the due emails of a home folder.

``python -m tests.worker.sender HOME``, then a line ``<minutes> <steps>`` for each run: the clock's
time after ``MORNING``, and the step before which the run is killed by SIGKILL; 0 means never. Each
run is a fork, so that the libraries are loaded once; its exit status is printed.
"""

import os
import sys
from datetime import timedelta
from pathlib import Path

from integrations import bootstrap
from tests.people import MORNING
from tests.worker.kill_at_step import kill_before
from tests.worker.office import settings_for
from worker.jobs.outreach.send import send_due

FILE_STEPS = {"os.link", "os.rename", "os.remove", "os.utime", "open"}


def main(home: Path) -> None:
    for line in sys.stdin:
        minutes, steps = map(int, line.split())
        child = os.fork()
        if child == 0:
            _send(home, minutes, steps)
            os._exit(0)
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


def _send(home: Path, minutes: int, step: int) -> None:
    now = MORNING + timedelta(minutes=minutes)
    services = bootstrap.build(settings_for(home), now=lambda: now)
    kill_before(step, services.store.database.engine, FILE_STEPS)
    send_due(services)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
