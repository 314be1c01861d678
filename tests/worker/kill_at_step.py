"""Kills the process before the n-th step: an SQL statement, a commit or a change of a file."""

from __future__ import annotations

import itertools
import os
import signal
import sys
from collections.abc import Callable, Collection

import sqlalchemy as sa


def kill_before(number: int, engine: sa.Engine, file_steps: Collection[str]) -> Callable[[], int]:
    """Send SIGKILL before this step from now on (0: never), and return the counter of steps.

    ``file_steps`` are audit events of Python, such as ``os.rename``.
    """
    steps = itertools.count(1)

    def step(*_args: object) -> None:
        if next(steps) == number:
            os.kill(os.getpid(), signal.SIGKILL)

    def file_step(event: str, _args: object) -> None:
        if event in file_steps:
            step()

    sys.addaudithook(file_step)
    sa.event.listen(engine, "before_cursor_execute", step)
    sa.event.listen(engine, "commit", step)
    return lambda: next(steps) - 1
