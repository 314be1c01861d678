"""``lantern ingest FILE`` and ``lantern formats``: files of other systems."""

from __future__ import annotations

import datetime as dt
import textwrap
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from store.rules.errors import InvalidInput
from store.rules.text.formatting import counted, listed, on_day
from worker.cli.common import open_services
from worker.cli.loads import (
    IsComplete,
    SchoolCodes,
    SourceFirstDay,
    SourceLastDay,
    covered_days,
    declared_feed,
    describe_declared,
    report_loads,
)

if TYPE_CHECKING:
    from integrations.feeds.formats.model import Format
    from integrations.feeds.manifest import DeliveryDeclaration as Said
    from worker.jobs.schools.recognise_files import FilePreview

FILE_COMMAND = "file"
"""The hidden command that loads any file. Typed, it loads a file that is named like a command:
``lantern ingest file events``."""

_SHOWN = 20
_WIDTH = 100


class FileOrCommand(TyperGroup):
    """A group of commands that takes a first word that is not a command for a file to load."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Insert the command for files where the first word is not the name of a command."""
        if args and args[0] not in self.commands and args[0] not in ("--help", ""):
            args = [FILE_COMMAND, *args]
        return super().parse_args(ctx, args)


def ingest_any(  # noqa: PLR0913, PLR0917 -- each argument is an option of the command
    file: Path,
    source: Annotated[str, typer.Option(help="The source's name in the schools' policies.")] = "",
    dates: Annotated[
        str, typer.Option(help="How dates are written: day-first, month-first or a pattern.")
    ] = "",
    zone: Annotated[
        str, typer.Option(help="The time zone of times without one.")
    ] = "Europe/London",
    module: Annotated[str, typer.Option(help="The module of a file that does not name one.")] = "",
    sheet: Annotated[str, typer.Option(help="The sheet of a workbook. Default: the first.")] = "",
    level: Annotated[
        str, typer.Option(help="The level of study of new students of a OneRoster archive.")
    ] = "",
    first: SourceFirstDay = None,
    last: SourceLastDay = None,
    complete: IsComplete = False,
    school: SchoolCodes = None,
    people: Annotated[
        list[Path] | None, typer.Option(help="A map of identifiers, for this load only.")
    ] = None,
    draft: Annotated[
        bool, typer.Option("--map", help="Draft a mapping for a table in no known format.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option(help="Show what would be read, and load nothing.")
    ] = False,
) -> None:
    """Recognise the format of a file, and load it."""
    from integrations.feeds.formats.model import Declared
    from integrations.feeds.formats.times import declared_dates, declared_zone
    from integrations.feeds.groups import is_groups_file
    from worker.cli.groups import load_groups_file
    from worker.cli.progress import loading
    from worker.jobs.schools import ingest_formats, recognise_files
    from worker.jobs.schools.feed_problems import source_of_no_policy
    from worker.jobs.schools.tell_of_feeds import tell_of_deliveries

    if draft:
        with open_services() as services:
            target = recognise_files.write_mapping_draft(services, file, sheet)
        typer.echo(target.read_text(encoding="utf-8"))
        typer.echo(f"Drafted {target}. Check it, set confirmed = true, then load the file.")
        return
    declared = Declared(
        declared_dates(dates) if dates else None, declared_zone(zone), module, sheet, level
    )
    if is_groups_file(file):
        load_groups_file(file, complete=complete, dry_run=dry_run)
        return
    maps = tuple(people or ())
    covers = covered_days(first, last)
    with open_services() as services:
        said = declared_feed(services, covers, school, complete=complete)
        if dry_run:
            _show(file, recognise_files.preview_file(services, file, declared, maps), said)
            return
        name, has_source = recognise_files.recognise_file(services, file, sheet)
        typer.echo(f"{file.name}: {name}")
        if has_source and not source:
            raise InvalidInput(
                f"{file.name} needs a declaration: which source is it, in the schools' policies? "
                "Add --source NAME, or --dry-run to see what would be read."
            )
        with loading(file.name) as progress:
            report = ingest_formats.ingest_file(
                services, file, source, declared, maps, progress, said
            )
        tell_of_deliveries(services)
        unused = source_of_no_policy(services, source) if has_source else ""
    if unused:
        report = replace(report, notes=(*report.notes, unused))
    report_loads([report])


def list_formats(
    key: Annotated[
        str,
        typer.Argument(help="Show what each column of one format holds, and an example to copy."),
    ] = "",
) -> None:
    """List the formats that Lantern reads, or show the columns of one and an example."""
    from integrations.feeds.formats.registry import FORMATS, MAPPED, ROSTERS

    known = (*ROSTERS, *FORMATS)
    if not key:
        for each in known:
            _describe(each)
        typer.echo(
            f"{listed(MAPPED)}: neither a specification nor a sample could be had, so nothing "
            "reads their files by itself. lantern ingest FILE --map drafts how to read one, and a "
            "person confirms it. Tried on our own examples only: try --dry-run first."
        )
        typer.echo(
            "What each column of our own files holds, and an example to copy of every format: "
            "lantern formats KEY"
        )
        return
    found = next((each for each in known if key in _names(each)), None)
    if found is None:
        keys = ", ".join(each.key for each in known)
        raise InvalidInput(f"There is no format of this name. Known are: {keys}.")
    _describe(found)
    _explain(found)
    options = "".join(f" --{name} {value}" for name, value in found.example_options.items())
    line = found.command.format(file=f"{found.example_name}{options}")
    typer.echo(f"  to try it: {line}\n")
    typer.echo(found.example, nl=False)


def _names(each: Format) -> set[str]:
    """Return the words by which a format is asked for: its key, and its files."""
    files = {file.name for file in each.files}
    return {each.key} | files | {name.partition(".")[0] for name in files}


def _describe(each: Format) -> None:
    typer.echo(f"{each.key}: {each.name}")
    parts = each.columns or tuple(file.name for file in each.files)
    what = "files" if all(part.endswith(".csv") for part in parts) else "columns"
    typer.echo(f"  {what}: {', '.join(parts)}")
    if each.needs:
        typer.echo(f"  needs: {', '.join(f'--{need}' for need in sorted(each.needs))}")
    typer.echo(f"  tried on {each.tried}")


def _explain(each: Format) -> None:
    """Print what each column holds, and whether it has to be there."""
    for file in each.files:
        typer.echo(f"  {file.name}")
        for column in file.columns:
            need = "needed" if column.is_required else "optional"
            _wrap(f"{column.name} ({need}): {column.holds}.", "    ", "      ")
    if each.about:
        _wrap(each.about, "  ", "  ")


def _wrap(text: str, first: str, others: str) -> None:
    typer.echo(
        textwrap.fill(
            text,
            width=_WIDTH,
            initial_indent=first,
            subsequent_indent=others,
            break_on_hyphens=False,
            break_long_words=False,
        )
    )


def _show(file: Path, look: FilePreview, said: Said) -> None:
    """Print what would be read, refused and skipped, without names or student numbers."""
    summary = look.summary
    typer.echo(f"{file.name}: {look.name} ({look.described})")
    for note in look.notes:
        typer.echo(f"  {note}")
    typer.echo(
        f"Would be read: {counted(summary.events, 'event')} of "
        f"{counted(len(summary.people), 'person', 'people')}"
        f"{_days(list(summary.days))}"
    )
    for label, count in summary.by_label.most_common():
        typer.echo(f"  {label}: {count}")
    if summary.late:
        typer.echo(f"  of these, late: {summary.late}")
    if summary.minutes:
        typer.echo(f"  minutes: {summary.minutes:,.0f}")
    typer.echo(f"Would be refused: {counted(summary.rejections.total, 'row')}")
    for reason, count in summary.refused.most_common():
        typer.echo(f"  {reason}: {count}")
    for row in summary.rejections.rows[:_SHOWN]:
        typer.echo(f"  line {row.line}: {row.reason}")
    typer.echo(f"Would be skipped: {counted(summary.passed.total(), 'row')}")
    for why, count in summary.passed.most_common():
        typer.echo(f"  {why}: {count}")
    if declared := describe_declared(said):
        typer.echo(declared)
    typer.echo("Nothing was loaded.")


def _days(days: list[dt.date]) -> str:
    if not days:
        return ""
    return f" on {counted(len(days), 'day')}, {on_day(min(days))} to {on_day(max(days))}"
