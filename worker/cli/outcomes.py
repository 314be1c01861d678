"""``lantern report outcomes``: what followed where there was room for a case, and where not."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from worker.cli.common import open_services, schools_of, write

LOOKS_BACK = dt.timedelta(days=365)


def outcomes(
    school: Annotated[str, typer.Option(help="The school's code; all without it.")] = "",
    first: Annotated[
        dt.datetime | None,
        typer.Option("--from", formats=["%Y-%m-%d"], help="First flagged in whole weeks from..."),
    ] = None,
    last: Annotated[
        dt.datetime | None, typer.Option("--to", formats=["%Y-%m-%d"], help="...to this day.")
    ] = None,
    json_file: Annotated[
        Path | None, typer.Option("--json", help="Write the figures here as well.")
    ] = None,
) -> None:
    """Compare return to activity where a case opened at once, and where there was no room."""
    from store.queries.flags.room_comparison import room_comparison
    from store.queries.schools.staff import school_named
    from store.rules.calendar import institution_day
    from store.rules.flags.room_comparison import (
        DIFFER,
        NEVER_WITHHELD,
        SETTLED,
        describe_room,
    )
    from store.rules.small_numbers import whole_weeks
    from store.rules.text.formatting import on_day

    with open_services() as services:
        today = institution_day(services.now())
        end = min(last.date() if last else today, today)
        start = first.date() if first else end - LOOKS_BACK
        if start > end - SETTLED:
            raise typer.BadParameter(
                f"--to has to be {SETTLED.days} days after --from at least, and not later than "
                "today: until then it is not known who returned"
            )
        period = whole_weeks(start, end)
        with services.store.database.read() as connection:
            named = [school_named(connection, school)] if school else schools_of(services)
            found = {
                each.code: room_comparison(connection, each.id, period, today) for each in named
            }
    until = period.until or today
    for code, made in found.items():
        typer.echo(
            f"{code}: students first flagged since {on_day(period.since)}, as known before "
            f"{on_day(until)}"
        )
        for line in describe_room(made):
            typer.echo(f"  {line}")
    if json_file is not None:
        write(
            json_file,
            json.dumps(
                {
                    "notes": [DIFFER, NEVER_WITHHELD],
                    "from": period.since.isoformat(),
                    "before": until.isoformat(),
                    "schools": {
                        code: {
                            "at_once": asdict(made.at_once),
                            "waited": asdict(made.waited),
                            "between": made.between,
                        }
                        for code, made in found.items()
                    },
                },
                indent=2,
                ensure_ascii=False,
            )
            + "\n",
        )
