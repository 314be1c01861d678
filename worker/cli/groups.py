"""What loading a file of groups prints: counts alone, never a student or a group."""

from __future__ import annotations

from pathlib import Path

import typer

from store.rules.errors import InvalidInput
from store.rules.text.formatting import counted
from worker.cli.common import open_services
from worker.cli.loads import end_as_partly_loaded

_SHOWN = 20


def load_groups_file(file: Path, *, complete: bool, dry_run: bool) -> None:
    """Load a file of groups and print what was loaded.

    Raises ``InvalidInput`` where nothing could be read, and ``typer.Exit`` where rows were left
    out.
    """
    from worker.jobs.schools.ingest_groups import ingest_groups

    with open_services() as services:
        report = ingest_groups(services, file, complete=complete, dry_run=dry_run)
    read = report.read
    typer.echo(f"{file.name}: groups of {counted(len(read.named), 'student')}")
    for name, size in sorted(read.sizes.items()):
        small = read.small.get(name, 0)
        few = f", {small} of few students" if small else ""
        typer.echo(f"  {name}: {counted(size, 'group')}{few}")
    if read.small:
        typer.echo(
            "  A group of few students gets no figures, and one other group is hidden with it. "
            "Put it into a wider group, or leave its fields empty, before the first report."
        )
    typer.echo(f"  {counted(read.rejections.total, 'row')} left out")
    for row in read.rejections.rows[:_SHOWN]:
        typer.echo(f"  {row.file}, line {row.line}: {row.reason}")
    if not read.named:
        raise InvalidInput("Nothing was loaded. Correct the rows and load them again.")
    if report.loaded is None:
        typer.echo("Nothing was loaded.")
        return
    if report.loaded.objected:
        typer.echo(f"  {counted(report.loaded.objected, 'student')} left out, since they objected")
    if report.loaded.removed:
        typer.echo(f"  Groups of {counted(report.loaded.removed, 'student')} were deleted.")
    typer.echo("Only fairness reports read them: lantern report fairness")
    if read.rejections.total:
        end_as_partly_loaded()
