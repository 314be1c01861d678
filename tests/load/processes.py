"""Runs web, workers and clock as processes, and measures them during a screening."""

from __future__ import annotations

import os
import resource
import signal
import statistics
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.worker.starting import wait_for
from worker.processes.supervisor import commands, lantern

LOWER = 10
"""The niceness of the screening process, which is that of a worker."""
_TICKS = os.sysconf("SC_CLK_TCK")
_MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Usage:
    """The resources that a process has used so far, or holds now."""

    seconds: float
    memory_mb: float
    files: int


def usage_of(pid: int) -> Usage:
    """Read a process's usage from /proc, so only on Linux."""
    place = Path("/proc") / str(pid)
    # The name in the second field may contain spaces; the fields after it count from the third.
    fields = (place / "stat").read_text().rpartition(")")[2].split()
    pages = int((place / "statm").read_text().split()[1])
    used = (int(fields[11]) + int(fields[12])) / _TICKS
    memory = pages * os.sysconf("SC_PAGE_SIZE") / _MEGABYTE
    return Usage(used, memory, sum(1 for _ in (place / "fd").iterdir()))


@contextmanager
def lantern_running(
    environment: Mapping[str, str], workers: int, port: int, log: Path
) -> Iterator[Mapping[str, int]]:
    """Run the processes of ``lantern up`` until the block ends, and give each one's number by its
    name."""
    running: dict[str, subprocess.Popen[str]] = {}
    with ExitStack() as stack:
        said = stack.enter_context(log.open("a"))
        try:
            for name, command in commands(workers).items():
                running[name] = subprocess.Popen(command, env=environment, stderr=said, text=True)
            wait_for(port, running["web"])
            yield {name: each.pid for name, each in running.items()}
            ended = [name for name, each in running.items() if each.poll() is not None]
            if ended:
                raise RuntimeError(f"ended under load: {', '.join(ended)}\n{log.read_text()}")
        finally:
            for each in running.values():
                each.send_signal(signal.SIGTERM)
            for each in running.values():
                try:
                    each.wait(timeout=60)
                except subprocess.TimeoutExpired:
                    each.kill()
                    each.wait()


def screen_once(environment: Mapping[str, str], day: str) -> None:
    """Run ``lantern screen`` for this day. Raises ``RuntimeError`` if it failed."""
    command = lantern("screen", "--day", day)
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"the first screening ended with {done.returncode}:\n{done.stderr}")


@dataclass
class Screening:
    """``lantern screen``, repeated at lower priority; counts runs and processor time."""

    environment: Mapping[str, str]
    day: str
    times: int = 0
    seconds: float = 0.0

    @contextmanager
    def running(self) -> Iterator[None]:
        """Screen until the block ends. Raises ``RuntimeError`` if a screening failed."""
        ended = threading.Event()
        failed: list[str] = []
        thread = threading.Thread(target=self._again_and_again, args=(ended, failed))
        before = _of_children()
        thread.start()
        try:
            yield
        finally:
            ended.set()
            thread.join()
            self.seconds += _of_children() - before
        if failed:
            raise RuntimeError(failed[0])

    def _again_and_again(self, ended: threading.Event, failed: list[str]) -> None:
        command = ["nice", "-n", str(LOWER), *lantern("screen", "--day", self.day)]
        while not ended.is_set() and not failed:
            with subprocess.Popen(
                command,
                env=self.environment,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                text=True,
            ) as process:
                while process.poll() is None and not ended.wait(0.2):
                    pass
                process.terminate()
                said = process.communicate()[1]
                if process.returncode == 0:
                    self.times += 1
                elif not ended.is_set():
                    failed.append(f"a screening ended with {process.returncode}:\n{said}")


def _of_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


class Watch:
    """Samples the memory and open files of some processes until the block ends."""

    def __init__(self, pids: Mapping[str, int], every: float) -> None:
        self._pids = pids
        self._every = every
        self.seen: dict[str, list[Usage]] = {name: [] for name in pids}

    @contextmanager
    def running(self) -> Iterator[None]:
        """Take samples regularly."""
        ended = threading.Event()

        def look() -> None:
            while True:
                for name, pid in self._pids.items():
                    self.seen[name].append(usage_of(pid))
                if ended.wait(self._every):
                    return

        thread = threading.Thread(target=look)
        thread.start()
        try:
            yield
        finally:
            ended.set()
            thread.join()

    def growth(self, name: str) -> tuple[float, float, float, float]:
        """Return memory in megabytes and open files: early (the second fifth) and late (the
        last)."""
        seen = self.seen[name]
        fifth = max(len(seen) // 5, 1)
        early, late = seen[fifth : 2 * fifth] or seen[:1], seen[-fifth:]
        return (
            statistics.median(each.memory_mb for each in early),
            statistics.median(each.memory_mb for each in late),
            statistics.median(each.files for each in early),
            statistics.median(each.files for each in late),
        )


def busy_seconds() -> float:
    """Return the processor time that all programs of this machine have used since it started."""
    user, nice, system, *_ = Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:]
    return (int(user) + int(nice) + int(system)) / _TICKS


def own_seconds() -> float:
    """Return the processor time of this process, which clicks and is the local Slack."""
    return time.process_time()
