"""``python -m tests.bench [--json FILE] [--chart FILE] [--students N] [--runs N] [NAME …]``.

``--rows`` is how many events a delivered file has: 675,000 are a day of 50,000 students.
``--large`` loads a history too, of 60 million events or as many as it says.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from tests.bench.benchmarks import BENCHMARKS
from tests.bench.chart import Bar, draw
from tests.bench.feed_files import A_DAY, Deliveries
from tests.bench.feeds import FEEDS, LARGE, FeedFigures, measure
from tests.bench.runner import Figures, run
from tests.bench.world import DAYS, build

PEAK_MB = 1_000
FEED_PEAK_MB = 300
"""For a day's file; a history may take what a night may."""


def main() -> int:
    """Run the benchmarks and print their tables; return 1 if one is too slow."""
    options = _options()
    console = Console()
    with tempfile.TemporaryDirectory(prefix="lantern-bench-") as folder:
        feeds = _measure_feeds(Path(folder), options, console)
        figures = _measure_nights(Path(folder), options, console)
    if options.json:
        options.json.write_text(_json({**figures, **feeds}), encoding="utf-8")
    if options.chart and figures:
        bars = {
            name: Bar(of_one.ratio, BENCHMARKS[name].at_most) for name, of_one in figures.items()
        }
        title = f"Times the hand-written floor, for {options.students:,} students"
        options.chart.write_text(draw(bars, title), encoding="utf-8")
    kept = [_kept(name, of_one) for name, of_one in figures.items()]
    kept += [_feed_kept(name, of_one) for name, of_one in feeds.items()]
    return int(not all(kept))


def _options() -> argparse.Namespace:
    known = [*BENCHMARKS, *FEEDS, *LARGE]
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(known)}")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there, too")
    parser.add_argument("--chart", type=Path, metavar="FILE", help="draw them there as SVG, too")
    parser.add_argument("--students", type=int, default=50_000)
    parser.add_argument("--rows", type=int, default=100_000, help=f"of a file; a day: {A_DAY}")
    parser.add_argument("--large", type=int, nargs="?", const=60_000_000, default=0, metavar="ROWS")
    parser.add_argument("--runs", type=int, default=7)
    options = parser.parse_args()
    if unknown := set(options.names) - set(known):
        parser.error(f"no such benchmark: {', '.join(sorted(unknown))}")
    options.names = options.names or [*BENCHMARKS, *FEEDS]
    options.names += [name for name in LARGE if options.large and name not in options.names]
    if not options.large and set(options.names) & set(LARGE):
        parser.error("a history needs --large")
    return options


def _measure_feeds(
    folder: Path, options: argparse.Namespace, console: Console
) -> dict[str, FeedFigures]:
    """Measure the loading of files, in pairs, and print a table of processor seconds."""
    names = [name for name in options.names if name in FEEDS | LARGE]
    if not names:
        return {}
    files = Deliveries(folder / "feeds", options.rows)
    files.root.mkdir()
    with console.status("Writing files"):
        files.make()
        if options.large:
            files.make_csv("history.csv", options.large)
    figures = {}
    for name in names:
        with console.status(f"Measuring {name}"):
            figures[name] = measure(name, files, 1 if name in LARGE else options.runs)
    size = f"{options.rows:,} events in a file"
    size += f", {options.large:,} in a history" if options.large else ""
    console.print(f"{size}; processor seconds, medians of alternating pairs.")
    console.print(_feed_table(figures))
    return figures


def _measure_nights(
    folder: Path, options: argparse.Namespace, console: Console
) -> dict[str, Figures]:
    """Build the university, measure what is computed on it, and print two tables."""
    names = [name for name in options.names if name in BENCHMARKS]
    if not names:
        return {}
    events = _build(folder, options.students, console)
    figures = {}
    for name in names:
        with console.status(f"Measuring {name}"):
            figures[name] = run(name, folder, options.runs)
    console.print(
        f"{options.students:,} students, {6 * options.students:,} enrolments, "
        f"{events:,} events in {DAYS} days; medians of {options.runs} alternating runs."
    )
    console.print(_table(figures))
    console.print("What the machine takes to read the same files, and how far off both are.")
    console.print(_machine(figures))
    return figures


def _build(folder: Path, students: int, console: Console) -> int:
    with Progress(console=console, transient=True) as bar:
        task = bar.add_task("Inventing a university", total=DAYS)
        return build(folder, students, lambda done, _: bar.update(task, completed=done))


def _kept(name: str, figures: Figures) -> bool:
    return figures.ratio <= BENCHMARKS[name].at_most and figures.peak_mb < PEAK_MB


def _feed_kept(name: str, figures: FeedFigures) -> bool:
    most = PEAK_MB if name in LARGE else FEED_PEAK_MB
    return figures.ratio <= (FEEDS | LARGE)[name].at_most and figures.peak_mb < most


def _feed_table(figures: dict[str, FeedFigures]) -> Table:
    table = Table("", "seconds", "floor_seconds", "ratio", "range", "at most", "peak_mb")
    for name, of_one in figures.items():
        table.add_row(
            name,
            f"{of_one.seconds:.2f}",
            f"{of_one.floor_seconds:.2f}",
            f"[{'green' if _feed_kept(name, of_one) else 'red'}]{of_one.ratio:.2f}",
            f"{of_one.least:.2f} to {of_one.most:.2f}",
            f"{(FEEDS | LARGE)[name].at_most:.2f}",
            f"{of_one.peak_mb:.0f}",
        )
    return table


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


def _json(figures: Mapping[str, Figures | FeedFigures]) -> str:
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
