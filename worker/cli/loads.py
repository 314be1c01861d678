"""What the commands that load files share: the options that describe a file, and the report."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from store.rules.errors import InvalidInput
from store.rules.text.formatting import counted, listed, on_day
from worker.cli.common import schools_of

if TYPE_CHECKING:
    from integrations.bootstrap import Services
    from integrations.feeds.loading import LoadReport
    from integrations.feeds.manifest import DeliveryDeclaration

SourceFirstDay = Annotated[
    dt.datetime | None,
    typer.Option("--from", formats=["%Y-%m-%d"], help="First day that the file covers."),
]
SourceLastDay = Annotated[
    dt.datetime | None,
    typer.Option("--to", formats=["%Y-%m-%d"], help="Last day that the file covers."),
]
IsComplete = Annotated[
    bool,
    typer.Option("--complete", help="The file holds everything for its days."),
]
SchoolCodes = Annotated[
    list[str] | None,
    typer.Option(
        "--school", help="A school that the file covers; without it, the modules in its rows."
    ),
]
PARTLY_LOADED = 3
"""The exit code where rows were left out that a person has to correct."""
ROSTER = "roster"
"""The source of a roster in a report."""
_SHOWN = 20


def covered_days(
    first: dt.datetime | None, last: dt.datetime | None
) -> tuple[dt.date, dt.date] | None:
    """Return the days that the options say a file covers; None without these options.

    Raises ``BadParameter`` where one is missing, or they are out of order or too far apart.
    """
    from integrations.feeds.manifest import MOST_DAYS

    if (first is None) != (last is None):
        raise typer.BadParameter("give both --from and --to, or neither")
    if first is None or last is None:
        return None
    if first > last:
        raise typer.BadParameter("--from is after --to")
    if (last - first).days >= MOST_DAYS:
        raise typer.BadParameter(f"--from and --to cover {MOST_DAYS} days at most")
    return first.date(), last.date()


def declared_feed(
    services: Services,
    covers: tuple[dt.date, dt.date] | None,
    codes: Sequence[str] | None,
    *,
    complete: bool,
) -> DeliveryDeclaration:
    """Build a declaration of a file from the options. Raises ``InvalidInput`` for an unknown
    school."""
    from integrations.feeds.manifest import DeliveryDeclaration

    wanted = tuple(sorted(set(codes or ())))
    if wanted:
        known = sorted(school.code for school in schools_of(services))
        if unknown := sorted(set(wanted) - set(known)):
            raise InvalidInput(f"There is no school {unknown[0]}. Known: {', '.join(known)}.")
    return DeliveryDeclaration(covers, complete, wanted)


def describe_declared(declared: DeliveryDeclaration) -> str:
    """Describe a declaration in a sentence; '' for an empty one."""
    return " ".join(_declarations(declared))


def _declarations(declared: DeliveryDeclaration) -> Iterator[str]:
    if declared.covers:
        first, last = declared.covers
        yield f"The file would cover {on_day(first)} to {on_day(last)}."
    if declared.complete:
        yield "It would replace everything recorded for its days."
    if declared.schools:
        yield f"It would cover {listed(declared.schools)}."


def report_loads(reports: Sequence[LoadReport]) -> None:
    """Print what was loaded and what was not.

    Raises:
        InvalidInput: nothing was loaded, so that a script that runs this fails.
        typer.Exit: rows of a roster were left out. They wait for a person, while those of activity
            whose student or module is unknown are read again.
    """
    for report in reports:
        print_report(report)
    if waiting := [each.waiting for each in reports if each.waiting]:
        raise InvalidInput(waiting[0])
    if not any(each.accepted or each.days for each in reports):
        said = "Nothing was loaded. Correct the rows and load them again."
        if any(each.source != ROSTER for each in reports):
            said += " If nothing happened in those days, say which they are, with --from and --to."
        raise InvalidInput(said)
    of_activity = [each.rejected_total for each in reports if each.source != ROSTER]
    if any(of_activity):
        typer.echo(
            "Rows whose student or module is not on the roster yet are read again once it is. "
            "Correct the others and load the file again."
        )
    if sum(each.rejected_total for each in reports) > sum(of_activity):
        end_as_partly_loaded()


def end_as_partly_loaded() -> NoReturn:
    """End a command that has left out rows for a person to correct, with an exit code of its own.

    Raises ``typer.Exit``, always.
    """
    typer.echo("The other rows were loaded. Correct these and load them again.", err=True)
    raise typer.Exit(PARTLY_LOADED)


def print_report(report: LoadReport) -> None:
    """Print what a load did: the rows, the remarks and the first rows left out."""
    days = f", {counted(len(report.days), 'day')}" if report.days else ""
    typer.echo(
        f"{report.source}: {counted(report.accepted, 'row')} in{days}, "
        f"{report.rejected_total} left out"
    )
    for note in report.notes:
        typer.echo(f"  {note}")
    for row in report.rejected[:_SHOWN]:
        typer.echo(f"  {row.file}, line {row.line}: {row.reason}")
    if report.rejected_total > _SHOWN:
        more = report.rejected_total - _SHOWN
        typer.echo(f"  and {more} more; to list all: lantern feeds refused {report.source}")
