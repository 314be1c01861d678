"""Keep all processes of one machine running: start them, restart what ended, stop them together.

Written here and not taken from a library: honcho stops everything when one process ends, and
circus brings sockets, a controller and five packages for what is a hundred lines.
"""

from __future__ import annotations

import fcntl
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from integrations.settings import WrongSetting
from store.rules.text.formatting import counted
from worker.processes.hang_up import hear_hang_up

FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0
"""Seconds before a process that ended starts again: twice as long each time, up to the longest."""
STEADY = 60.0
"""Seconds after which a process counts as running well, and its next pause is the first again."""
GRACE = 55.0
"""Seconds to finish work in flight; the service files give the whole machine 60."""
LOOK_EVERY = 0.1

Say = Callable[[str], None]


@dataclass(slots=True)
class Child:
    """One process: its name, its command, when it started, and its next pause in seconds."""

    name: str
    command: Sequence[str]
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    starts_at: float = 0.0
    pause: float = FIRST_PAUSE


def lantern(*words: str) -> Sequence[str]:
    """Return the command line of one of Lantern's own processes, in this very installation."""
    return (sys.executable, "-m", "worker.cli.main", *words)


def commands(workers: int) -> Mapping[str, Sequence[str]]:
    """Return the commands of one machine's processes, by name, as in the Procfile."""
    names = [f"worker {number}" for number in range(1, workers + 1)]
    return {
        "web": lantern("web"),
        # A worker screens, and web answers people: web goes first.
        **dict.fromkeys(names, ("nice", "-n", "10", *lantern("worker"))),
        "clock": lantern("clock"),
    }


@contextmanager
def alone_in(home: Path) -> Iterator[None]:
    """Hold LANTERN_HOME, so that no second ``lantern up`` runs the same processes again.

    The system lets go of it however this process ends.

    Raises:
        WrongSetting: another one holds it.
    """
    try:
        home.mkdir(parents=True, exist_ok=True, mode=0o700)
        file = (home / "up.lock").open("a+", encoding="ascii")
    except OSError:  # opening the database says what to do
        yield
        return
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            number = file.read(20).strip() or "unknown"
            raise WrongSetting(
                f"Lantern runs already in {home}: another `lantern up`, process {number}. Stop "
                "that one first, or give this one a LANTERN_HOME of its own."
            ) from None
        except OSError:  # a network disk may not support locks
            yield
            return
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield


def supervise(
    processes: Mapping[str, Sequence[str]], say: Say, *, first_pause: float = FIRST_PAUSE
) -> None:
    """Run the processes until SIGTERM or SIGINT, then stop them and wait for work in flight.

    A second signal, or ``GRACE`` seconds, ends the wait: what is still running is killed then.
    """
    children = [Child(name, command, pause=first_pause) for name, command in processes.items()]
    with _signals() as asked:
        hear_hang_up()
        try:
            while not asked.wait(LOOK_EVERY):
                for child in children:
                    _look_at(child, say, first_pause)
        finally:
            _stop(children, say, asked)


class _Asked(threading.Event):
    """Remembers whether a stop was requested, and whether it was requested twice."""

    again = False

    def note(self, _signal: int, _frame: FrameType | None) -> None:
        self.again = self.is_set()
        self.set()


@contextmanager
def _signals() -> Iterator[_Asked]:
    asked = _Asked()
    numbers = (signal.SIGTERM, signal.SIGINT)
    before = {number: signal.signal(number, asked.note) for number in numbers}
    before[signal.SIGHUP] = signal.getsignal(signal.SIGHUP)
    try:
        yield asked
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _look_at(child: Child, say: Say, first_pause: float) -> None:
    """Start processes that are not running and whose pause is over; report how a process ended."""
    now = time.monotonic()
    if child.process is None:
        if now >= child.starts_at:
            _start(child, say, now)
        return
    code = child.process.poll()
    if code is None:
        return
    if now - child.started_at >= STEADY:
        child.pause = first_pause
    child.process, child.starts_at = None, now + child.pause
    say(f"{child.name} ended ({_ending(code)}). It restarts in {_seconds(child.pause)}.")
    child.pause = min(child.pause * 2, LONGEST_PAUSE)


def _start(child: Child, say: Say, now: float) -> None:
    again = "restarted" if child.started_at else "started"
    # A session of its own: Ctrl+C reaches this process alone, which asks each child just once. A
    # worker that is asked twice drops its work.
    child.process = subprocess.Popen(child.command, start_new_session=True)
    child.started_at = now
    say(f"{child.name} {again} (process {child.process.pid}).")


def _stop(children: Sequence[Child], say: Say, asked: _Asked) -> None:
    """Ask all to stop at once, wait, and kill what does not."""
    running = [(each.name, each.process) for each in children if each.process]
    say("Stopping, after the work in flight is finished.")
    for _, process in running:
        process.terminate()
    until = time.monotonic() + GRACE
    while running and time.monotonic() < until and not asked.again:
        for each in [each for each in running if each[1].poll() is not None]:
            say(f"{each[0]} stopped ({_ending(each[1].returncode)}).")
            running.remove(each)
        time.sleep(LOOK_EVERY)
    for name, process in running:
        process.kill()
        process.wait()
        say(f"{name} was killed: it did not stop in time. Its unfinished work is done again.")


def _ending(code: int) -> str:
    if code < 0:
        return signal.Signals(-code).name
    return f"exit code {code}"


def _seconds(pause: float) -> str:
    return counted(round(pause), "second") if pause >= 1 else f"{pause:g} seconds"
