"""``python -m tests.load [--seconds N] [--minutes N] [--json FILE] …``: see ``make load``."""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from collections import Counter
from dataclasses import asdict, fields
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tests.load.clicks import NotThisMachine
from tests.load.run import Plan, Report, Times, run

ACK_P99, ACK_MOST, ANSWER_P99 = 250.0, 3_000.0, 1_000.0
"""The milliseconds allowed during the screening; the last one at the usual pace."""
GROWTH, FILES = 1.15, 10
"""The growth in memory and open files allowed between the second fifth of a soak and its last."""


def main() -> int:
    """Run it and print the figures; return 1 if a limit is exceeded, 2 if it is refused."""
    options = _options()
    plan = Plan(**{each.name: getattr(options, each.name) for each in fields(Plan)})
    console = Console()
    try:
        with (
            tempfile.TemporaryDirectory(prefix="lantern-load-") as folder,
            console.status("Starting") as status,
        ):
            report = run(plan, Path(folder), status.update)
    except NotThisMachine as refused:
        console.print(str(refused))
        return 2
    broken = broken_promises(report, is_soak=plan.soak_minutes >= 10)
    _print(console, plan, report)
    for each in broken:
        console.print(f"[red]{each}[/red]")
    if options.json:
        options.json.write_text(json.dumps(asdict(report), indent=2) + "\n", encoding="utf-8")
    return int(bool(broken))


def broken_promises(report: Report, *, is_soak: bool = False) -> list[str]:
    """Return a sentence for each limit that was exceeded."""
    usual, burst = report.usual_beside, report.burst_beside
    phases = (report.usual, report.burst, usual, burst)
    lost = sum(each.lost for each in phases)
    slowest = max(usual.ack_most, burst.ack_most)
    acked = max(usual.ack_p99, burst.ack_p99)
    broken = {
        f"{lost} clicks were not acknowledged or not answered.": lost > 0,
        f"{report.notes_lost} notes that were acknowledged are not stored.": report.notes_lost > 0,
        f"An acknowledgement took {slowest:.0f} ms.": slowest > ACK_MOST,
        f"p99 of the acknowledgement is {acked:.0f} ms, not below {ACK_P99:.0f}.": acked >= ACK_P99,
        f"p99 of an answer at the usual pace is {usual.answer_p99:.0f} ms, not below "
        f"{ANSWER_P99:.0f}.": usual.answer_p99 >= ANSWER_P99,
    }
    for name, (early, late, files, files_late) in report.growth.items():
        broken[f"The memory of {name} grew from {early:.0f} to {late:.0f} MB."] = (
            is_soak and late > GROWTH * early
        )
        broken[f"The open files of {name} grew from {files:.0f} to {files_late:.0f}."] = (
            is_soak and files_late > files + FILES
        )
    return [sentence for sentence, is_broken in broken.items() if is_broken]


def _options() -> argparse.Namespace:
    parser, usual = argparse.ArgumentParser(prog="make load", description=__doc__), Plan()
    parser.add_argument("--host", default=usual.host, help="of the loopback interface")
    parser.add_argument("--students", type=int, default=usual.students)
    parser.add_argument("--staff", type=int, default=usual.staff)
    parser.add_argument("--workers", type=int, default=usual.workers)
    parser.add_argument("--pace", type=float, default=usual.pace, help="clicks a second")
    parser.add_argument("--seconds", type=float, default=usual.seconds, help="at that pace")
    parser.add_argument("--burst-pace", type=float, default=usual.burst_pace)
    parser.add_argument("--burst-seconds", type=float, default=usual.burst_seconds)
    parser.add_argument(
        "--minutes",
        dest="soak_minutes",
        type=float,
        default=usual.soak_minutes,
        help="at that pace beside the screening: does memory grow, do files stay open?",
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there, too")
    return parser.parse_args()


def _print(console: Console, plan: Plan, report: Report) -> None:
    console.print(
        f"{plan.staff} colleagues, {plan.students:,} students screened {report.screenings} times "
        "meanwhile. Milliseconds from when a click was due; ratio: of the last figure "
        "to the one without screening."
    )
    table = Table("", "clicks", "lost", "ack p50", "p99", "most", "answer p50", "p99", "ratio")
    pairs = (
        (f"{plan.pace:g} a second", report.usual, report.usual_beside),
        (f"{plan.burst_pace:g} a second", report.burst, report.burst_beside),
    )
    for name, alone, beside in pairs:
        table.add_row(name, *_row(alone), "")
        ratio = beside.answer_p99 / alone.answer_p99
        table.add_row("  while screening", *_row(beside), f"{ratio:.1f}")
    console.print(table)
    phases = (report.usual, report.burst, report.usual_beside, report.burst_beside)
    why = sum((Counter(each.why_lost) for each in phases), Counter[str]())
    for reason, number in why.most_common():
        console.print(f"Lost: {number} × {reason}.")
    shares = ", ".join(f"{name} {share:.0%}" for name, share in report.shares.items())
    console.print(f"Share of all processors while screening: {shares}.")
    clicks = report.usual_beside.clicks + report.burst_beside.clicks
    web = 1000 * report.shares["web"] * report.seconds * (os.cpu_count() or 1) / clicks
    console.print(f"A click costs lantern web {web:.0f} ms of a processor.")
    for name, (early, late, files, files_late) in report.growth.items():
        console.print(
            f"{name}: {early:.0f} MB early, {late:.0f} MB late; open files {files:.0f}, then "
            f"{files_late:.0f}."
        )


def _row(times: Times) -> tuple[str, ...]:
    return (
        str(times.clicks),
        str(times.lost),
        f"{times.ack_p50:.0f}",
        f"{times.ack_p99:.0f}",
        f"{times.ack_most:.0f}",
        f"{times.answer_p50:.0f}",
        f"{times.answer_p99:.0f}",
    )


if __name__ == "__main__":
    sys.exit(main())
