"""``python -m tests.bench [--json FILE] [--chart FILE] [--students N] [--runs N] [NAME …]``."""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from tests.bench.benchmarks import BENCHMARKS
from tests.bench.chart import Bar, draw
from tests.bench.runner import Figures, run
from tests.bench.world import DAYS, build

PEAK_MB = 1_000


def main() -> int:
    """Build the university, run the benchmarks and print a table; return 1 if one is too slow."""
    options = _options()
    console = Console()
    with tempfile.TemporaryDirectory(prefix="lantern-bench-") as folder:
        events = _build(Path(folder), options.students, console)
        console.print(
            f"{options.students:,} students, {6 * options.students:,} enrolments, "
            f"{events:,} events in {DAYS} days; medians of {options.runs} alternating runs."
        )
        figures = {}
        for name in options.names or BENCHMARKS:
            with console.status(f"Measuring {name}"):
                figures[name] = run(name, Path(folder), options.runs)
    console.print(_table(figures))
    console.print("What the machine takes to read the same files, and how far off both are.")
    console.print(_machine(figures))
    if options.json:
        options.json.write_text(_json(figures), encoding="utf-8")
    if options.chart:
        bars = {
            name: Bar(of_one.ratio, BENCHMARKS[name].at_most) for name, of_one in figures.items()
        }
        title = f"Times the hand-written floor, for {options.students:,} students"
        options.chart.write_text(draw(bars, title), encoding="utf-8")
    return int(any(not _kept(name, of_one) for name, of_one in figures.items()))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(BENCHMARKS)}")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there, too")
    parser.add_argument("--chart", type=Path, metavar="FILE", help="draw them there as SVG, too")
    parser.add_argument("--students", type=int, default=50_000)
    parser.add_argument("--runs", type=int, default=7)
    options = parser.parse_args()
    if unknown := set(options.names) - set(BENCHMARKS):
        parser.error(f"no such benchmark: {', '.join(sorted(unknown))}")
    return options


def _build(folder: Path, students: int, console: Console) -> int:
    with Progress(console=console, transient=True) as bar:
        task = bar.add_task("Inventing a university", total=DAYS)
        return build(folder, students, lambda done, _: bar.update(task, completed=done))


def _kept(name: str, figures: Figures) -> bool:
    return figures.ratio <= BENCHMARKS[name].at_most and figures.peak_mb < PEAK_MB


def _table(figures: dict[str, Figures]) -> Table:
    table = Table("", "seconds", "floor_seconds", "ratio", "at most", "peak_mb")
    for name, of_one in figures.items():
        table.add_row(
            name,
            f"{of_one.seconds:.3f}",
            f"{of_one.floor_seconds:.3f}",
            f"[{'green' if _kept(name, of_one) else 'red'}]{of_one.ratio:.2f}",
            f"{BENCHMARKS[name].at_most:.2f}",
            f"{of_one.peak_mb:.0f}",
        )
    return table


def _machine(figures: dict[str, Figures]) -> Table:
    table = Table("", "on disk", "seconds", "unpacked", "seconds", "Lantern", "floor")
    for name, of_one in figures.items():
        least = of_one.machine
        table.add_row(
            name,
            f"{least.disk_mb:.1f} MB",
            f"{least.disk_seconds:.4f}",
            f"{least.memory_mb:.0f} MB",
            f"{least.memory_seconds:.4f}",
            f"{of_one.seconds / least.seconds:.0f}x",
            f"{of_one.floor_seconds / least.seconds:.0f}x",
        )
    return table


def _json(figures: dict[str, Figures]) -> str:
    rounded = {
        name: _rounded({key: each for key, each in asdict(of_one).items() if key != "result"})
        for name, of_one in figures.items()
    }
    return json.dumps(rounded, indent=2) + "\n"


def _rounded(figures: dict[str, Any]) -> dict[str, Any]:
    return {
        key: _rounded(each) if isinstance(each, dict) else round(each, 4)
        for key, each in figures.items()
    }


if __name__ == "__main__":
    sys.exit(main())
