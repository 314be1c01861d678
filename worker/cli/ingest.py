"""``lantern ingest …``: rosters and activity, from files."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from store.rules.errors import InvalidInput
from worker.cli.common import open_services, schools_of
from worker.cli.formats import FILE_COMMAND, FileOrCommand, ingest_any

if TYPE_CHECKING:
    from integrations.bootstrap import Services
    from integrations.feeds.loading import LoadReport

ingest = typer.Typer(
    cls=FileOrCommand,
    no_args_is_help=True,
    help="Load rosters and activity. `lantern ingest FILE` says what a file is, and loads it.",
)
ingest.command(FILE_COMMAND, hidden=True)(ingest_any)


@ingest.command("roster")
def ingest_roster(
    folder: Path,
    complete: Annotated[
        bool,
        typer.Option(
            "--complete", help="The folder holds everyone: students who are not in it have left."
        ),
    ] = False,
    confirm: Annotated[
        int | None,
        typer.Option(help="How many enrolments a complete roster may end, where it ends many."),
    ] = None,
) -> None:
    """Load students, staff, modules and enrolments from a folder of CSV files."""
    from worker.jobs.schools import ingest as files
    from worker.jobs.schools.tell_of_feeds import tell_of_deliveries

    with open_services() as services:
        report = files.ingest_roster(services, folder, complete=complete, confirmed=confirm)
        tell_of_deliveries(services)
        report_loads([report])


@ingest.command("events")
def ingest_events(
    file: Path,
    source: Annotated[str, typer.Option(help="The source's name in the schools' policies.")],
    first: Annotated[
        dt.datetime | None,
        typer.Option("--from", formats=["%Y-%m-%d"], help="First day the file speaks for."),
    ] = None,
    last: Annotated[
        dt.datetime | None,
        typer.Option("--to", formats=["%Y-%m-%d"], help="Last day the file speaks for."),
    ] = None,
    complete: Annotated[
        bool,
        typer.Option("--complete", help="The file is all there is of its days, however little."),
    ] = False,
    school: Annotated[
        list[str] | None,
        typer.Option(help="A school that the file speaks for; else the modules it has rows of."),
    ] = None,
) -> None:
    """Activity from a CSV or Parquet file."""
    from integrations.feeds.manifest import Declared
    from worker.cli.progress import loading
    from worker.jobs.schools import ingest as files
    from worker.jobs.schools.tell_of_feeds import tell_of_deliveries

    covers = covered_days(first, last)
    with open_services() as services, loading(file.name) as progress:
        schools = known_schools(services, school) if school else ()
        said = Declared(covers, complete, tuple(sorted(schools)))
        report = files.ingest_events(services, file, source, covers, progress, said=said)
        tell_of_deliveries(services)
    report_loads([report])


@ingest.command("oulad")
def ingest_oulad(
    folder: Path,
    start: Annotated[dt.datetime, typer.Option(formats=["%Y-%m-%d"], help="The date of day 0.")],
) -> None:
    """The Open University Learning Analytics Dataset, as a school of its own."""
    from worker.cli.progress import loading
    from worker.jobs.schools import ingest as files

    with open_services() as services, loading("activity") as progress:
        reports = files.ingest_oulad(services, folder, start.date(), progress)
    report_loads(reports)


def covered_days(
    first: dt.datetime | None, last: dt.datetime | None
) -> tuple[dt.date, dt.date] | None:
    """Give the days that a file is said to speak for; None where nothing is said."""
    if (first is None) != (last is None):
        raise typer.BadParameter("give both --from and --to, or neither")
    if first and last and first > last:
        raise typer.BadParameter("--from is after --to")
    return (first.date(), last.date()) if first and last else None


def known_schools(services: Services, codes: Sequence[str]) -> list[str]:
    """The codes again. Raises ``InvalidInput`` where one is no school's."""
    known = sorted(school.code for school in schools_of(services))
    if unknown := sorted(set(codes) - set(known)):
        raise InvalidInput(f"There is no school {unknown[0]}. Known: {', '.join(known)}.")
    return list(codes)


def report_loads(reports: Sequence[LoadReport]) -> None:
    """Print what was loaded and what was not.

    Raises:
        InvalidInput: nothing was, so that a timetable that runs this notices.
    """
    for report in reports:
        _print(report)
    if waiting := [each.waiting for each in reports if each.waiting]:
        raise InvalidInput(waiting[0])
    if not any(each.accepted or each.days for each in reports):
        raise InvalidInput(
            "Nothing was loaded. Correct the rows and load them again. If nothing happened in "
            "those days, say which they are, with --from and --to."
        )


def _print(report: LoadReport) -> None:
    days = f", {len(report.days)} days" if report.days else ""
    typer.echo(
        f"{report.source}: {report.accepted} rows in{days}, {report.rejected_total} left out"
    )
    for note in report.notes:
        typer.echo(f"  {note}")
    for row in report.rejected[:20]:
        typer.echo(f"  {row.file}, line {row.line}: {row.reason}")
    if report.rejected_total > 20:
        typer.echo(f"  and {report.rejected_total - 20} more; all are in the quarantine table")
