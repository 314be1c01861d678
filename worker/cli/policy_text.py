"""A policy document as it will be published, with the days of the calendar files that it names."""

from __future__ import annotations

from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import typer

from store.rules.calendar import INSTITUTION
from store.rules.text.formatting import counted, long_date
from worker.cli.common import text_of


def policy_text(file: Path) -> str:
    """Return the document with the days of its calendar files, and a note on each file.

    Raises ``CaseworkError`` where a file cannot be read, or contains something a policy cannot
    hold.
    """
    from store.policies.calendar_files import named_files, with_periods, zone_of

    text = text_of(file)
    for named in list(named_files(text)):
        from integrations.calendar_file import file_content, read_calendar_file

        path = file.parent / named.name
        content = file_content(path)
        found = read_calendar_file(content, path.name, _zone(zone_of(text)))
        text = with_periods(text, named, content, found.periods, file.name)
        singular = named.key.removesuffix("s")
        said = f"{path.name}: {counted(len(found.periods), singular)}, "
        said += f"{long_date(found.periods[0].first)} to {long_date(found.periods[-1].last)}"
        left = f"; {counted(found.cancelled, 'cancelled event')} left out" * bool(found.cancelled)
        # Beside what a command prints, which may go into a file.
        typer.echo(f"{said}{left}.", err=True)
    return text


def _zone(name: str) -> ZoneInfo:
    """Return the time zone that a document names. The policy's checks refuse an unknown one."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return INSTITUTION
