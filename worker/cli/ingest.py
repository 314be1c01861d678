"""``lantern ingest …``: rosters and activity, from files."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from worker.cli.common import open_services
from worker.cli.formats import FILE_COMMAND, FileOrCommand, ingest_any
from worker.cli.groups import load_groups_file
from worker.cli.loads import (
    IsComplete,
    SchoolCodes,
    SourceFirstDay,
    SourceLastDay,
    covered_days,
    declared_feed,
    report_loads,
)

ingest = typer.Typer(
    cls=FileOrCommand,
    no_args_is_help=True,
    help="Load rosters and activity. `lantern ingest FILE` recognises the format of any file.",
)
ingest.command(FILE_COMMAND, hidden=True)(ingest_any)


@ingest.command("roster")
def ingest_roster(
    folder: Path,
    complete: Annotated[
        bool,
        typer.Option(
            "--complete",
            help="The roster is complete: students and staff who are not in its files have left.",
        ),
    ] = False,
    confirm: Annotated[
        int | None,
        typer.Option(
            help="Confirm the number of enrolments that a complete roster ends, where it ends many."
        ),
    ] = None,
) -> None:
    """Load students, staff, modules and enrolments from a folder of CSV files.

    `lantern formats roster` says what each column holds. Exit code 3: rows were left out.
    """
    from worker.jobs.schools import ingest as files
    from worker.jobs.schools.tell_of_feeds import tell_of_deliveries

    with open_services() as services:
        report = files.ingest_roster(services, folder, complete=complete, confirmed=confirm)
        tell_of_deliveries(services)
        report_loads([report])


@ingest.command("groups")
def ingest_groups(
    file: Path,
    complete: Annotated[
        bool,
        typer.Option("--complete", help="Delete the groups of students who are not in the file."),
    ] = False,
    dry_run: Annotated[
        bool, typer.Option(help="Show what would be read, and load nothing.")
    ] = False,
) -> None:
    """Load the groups of students that fairness reports compare, from a CSV file.

    `lantern formats groups` says what each column holds. Exit code 3: rows were left out.
    """
    load_groups_file(file, complete=complete, dry_run=dry_run)


@ingest.command("events")
def ingest_events(
    file: Path,
    source: Annotated[str, typer.Option(help="The source's name in the schools' policies.")],
    first: SourceFirstDay = None,
    last: SourceLastDay = None,
    complete: IsComplete = False,
    school: SchoolCodes = None,
) -> None:
    """Load activity from a CSV or Parquet file.

    `lantern formats events` says what each column holds.
    """
    from integrations.feeds.formats.files.opening import Opened
    from worker.cli.progress import loading
    from worker.jobs.schools import ingest as files
    from worker.jobs.schools.feed_problems import source_of_no_policy
    from worker.jobs.schools.tell_of_feeds import tell_of_deliveries

    covers = covered_days(first, last)
    if file.is_file():
        typer.echo(f"{file.name}: {Opened(file, file.name).described}")
    with open_services() as services, loading(file.name) as progress:
        said = declared_feed(services, covers, school, complete=complete)
        report = files.ingest_events(services, file, source, covers, progress, said=said)
        tell_of_deliveries(services)
        unused = source_of_no_policy(services, source)
    if unused:
        report = replace(report, notes=(*report.notes, unused))
    report_loads([report])


@ingest.command("oulad")
def ingest_oulad(
    folder: Path,
    start: Annotated[dt.datetime, typer.Option(formats=["%Y-%m-%d"], help="The date of day 0.")],
) -> None:
    """Load the Open University Learning Analytics Dataset as a school of its own."""
    from worker.cli.progress import loading
    from worker.jobs.schools import ingest_oulad as oulad

    with open_services() as services, loading("activity") as progress:
        reports = oulad.ingest_oulad(services, folder, start.date(), progress)
    report_loads(reports)
