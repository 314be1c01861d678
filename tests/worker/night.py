"""A night that is killed: a process of its own, which loads new files and screens the day.

``python -m tests.worker.night``, then a line ``<step> <home>`` for each run: before its step of
that number, an SQL statement, a commit or a change of a file, the run is killed by SIGKILL; 0 for
never. Each run is a fork, so that the libraries are loaded once. Its exit status is printed, after
the number of its steps where it came to its end.
"""

import itertools
import os
import signal
import sys
from pathlib import Path

import sqlalchemy as sa

from integrations import bootstrap
from tests.people import MORNING
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


def _work(home: Path, kill_before: int) -> None:
    services = bootstrap.build(settings_for(home), now=lambda: MORNING, migrate=False)
    steps = itertools.count(1)

    def step(*_args: object) -> None:
        if next(steps) == kill_before:
            os.kill(os.getpid(), signal.SIGKILL)

    def file_step(event: str, _args: object) -> None:
        if event in FILE_STEPS:
            step()

    sys.addaudithook(file_step)
    sa.event.listen(services.store.database.engine, "before_cursor_execute", step)
    sa.event.listen(services.store.database.engine, "commit", step)
    jobs.run_with(services)("screen", day=MORNING.date().isoformat())
    print(next(steps) - 1, end=" ", flush=True)
    services.close()


if __name__ == "__main__":
    main()
