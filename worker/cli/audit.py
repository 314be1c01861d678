"""``lantern audit …``: whether it is whole, who looked at a student, and its rows for others."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from store.rules.calendar import INSTITUTION
from worker.cli.common import HIGHEST_NUMBER, open_services
from worker.cli.privacy import Officer, request_of

if TYPE_CHECKING:
    from store.db.unit_of_work import Store

audit = typer.Typer(
    no_args_is_help=True, help="The audit: whether it is whole, and who looked at a student."
)


@audit.command("verify")
def verify(
    anchor: Annotated[
        Path | None, typer.Option(help="Compare with this file instead of AUDIT_ANCHOR.")
    ] = None,
) -> None:
    """Walk the audit's chain, compare it with its anchors, and say where it does not hold."""
    from worker.doctor.audit import ANCHOR
    from worker.doctor.audit import check_audit as examine

    with open_services() as services:
        findings = list(examine(services, anchor))
    wrong = [each for each in findings if each.is_fine is False]
    verdict = "The audit holds."
    if wrong:
        in_rows = any(each.about != ANCHOR for each in wrong)
        verdict = (
            "The audit does not hold."
            if in_rows
            else "The chain holds, but its anchors cannot vouch for its end."
        )
    typer.echo(verdict, err=bool(wrong))
    for each in findings:
        typer.echo(f"  {each.sentence}.".replace("..", "."), err=bool(wrong))
    if wrong:
        raise typer.Exit(1)


@audit.command("who-saw")
def who_saw(
    number: Annotated[str, typer.Argument(help="The student's number.")], officer: Officer
) -> None:
    """List everyone who looked at a student's data, when, what and what for; newest first."""
    from bot.cards.privacy import look_line
    from store.actions.privacy.log_who_saw import ask_who_saw

    with open_services() as services:
        looks = ask_who_saw(services.store, request_of(services.store, officer), number)
    for each in looks:
        typer.echo(look_line(each))
    if not looks:
        typer.echo("No one has opened this student's case or details.")


@audit.command("export")
def audit_export(
    since: Annotated[
        dt.datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="YYYY-MM-DD, the first day; else from the start."),
    ] = None,
    after: Annotated[
        int,
        typer.Option(
            min=0,
            max=HIGHEST_NUMBER,
            help="Only rows above this number, such as the last you have.",
        ),
    ] = 0,
) -> None:
    """Write the audit's rows as JSON lines, for a security information system (SIEM)."""
    with open_services() as services:
        for line in json_lines(services.store, since.date() if since else None, after):
            typer.echo(line)


def json_lines(store: Store, since: dt.date | None, after: int) -> Iterator[str]:
    """Give one JSON object a row, oldest first, as stored: ids and states, and no name.

    ``since`` is a day of the institution, ``after`` a row's number; both count. ``seq`` has no
    gaps, so a reader goes on after the last that it has and misses none.
    """
    from store.queries.audit import stored_rows

    first = dt.datetime.combine(since, dt.time(), INSTITUTION) if since else None
    with store.database.read() as connection:
        for row in stored_rows(connection, after=after, since=first):
            yield json.dumps(
                {
                    "seq": row.seq,
                    "at": row.at.astimezone(dt.UTC).isoformat(),
                    "actor": row.actor,
                    "action": row.action,
                    "subject": row.subject,
                    "details": dict(row.details),
                    "hash": row.hash,
                },
                sort_keys=True,
            )
