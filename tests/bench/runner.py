"""Runs one side or both in a process of its own, to measure the peak memory of each."""

from __future__ import annotations

import json
import resource
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

from tests.bench.benchmarks import BENCHMARKS
from tests.bench.physical import Physical, physical
from tests.bench.world import World


class BenchError(Exception):
    """Raised if the two sides differ in their result, or one of them failed."""


@dataclass(frozen=True, slots=True)
class Figures:
    """Medians. ``peak_mb`` is the resident memory of Lantern's side alone, in megabytes.
    ``machine`` is the time that disk and memory would need."""

    seconds: float
    floor_seconds: float
    ratio: float
    peak_mb: float
    result: str
    machine: Physical


def run(name: str, root: Path, runs: int) -> Figures:
    """Measure one benchmark: both sides in turn, ``runs`` times, then Lantern's alone for
    memory."""
    times: Times = json.loads(_in_process(name, root, runs))
    peak_mb = float(_in_process(name, root, 0))
    ours, floor = statistics.median(times["ours"]), statistics.median(times["floor"])
    machine = physical(BENCHMARKS[name].reads(World(root)))
    return Figures(ours, floor, ours / floor, peak_mb, times["result"], machine)


class Times(TypedDict):
    """The seconds that the process for both sides prints."""

    ours: list[float]
    floor: list[float]
    result: str


def main(name: str, root: str, runs: str) -> None:
    """Print ``Times`` as JSON. With no runs: run Lantern's side once and print its peak memory."""
    benchmark, world = BENCHMARKS[name], World(Path(root))
    if not int(runs):
        benchmark.ours(world)()
        print(peak_mb())
        return
    _ = world.numbers, world.modules
    results: set[str] = set()
    ours: list[float] = []
    floor: list[float] = []
    for at in range(int(runs) + 1):
        for times, side in ((floor, benchmark.floor), (ours, benchmark.ours)):
            work = side(world)
            started = time.perf_counter()
            result = work()
            if at:  # The first round only fills the disk's cache.
                times.append(time.perf_counter() - started)
            else:
                results.add(result())
    if benchmark.same_result and len(results) > 1:
        raise BenchError(f"{name}: the sides differ: {sorted(results)}")
    print(json.dumps(Times(ours=ours, floor=floor, result="; ".join(sorted(results)))))


def _in_process(name: str, root: Path, runs: int) -> str:
    command = [sys.executable, "-m", __name__, name, str(root), str(runs)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise BenchError(f"{name} failed:\n{done.stderr}")
    return done.stdout


def peak_mb() -> float:
    """Return this process's peak resident memory, on Linux without its parent's."""
    status = Path("/proc/self/status")
    if status.exists():
        line = next(x for x in status.read_text().splitlines() if x.startswith("VmHWM"))
        return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main(*sys.argv[1:])
