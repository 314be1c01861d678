"""``lantern audit …``: verify the audit, list who looked at a student, and export its rows."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from store.rules.calendar import INSTITUTION
from store.rules.errors import OUTSIDE, AuditDamaged, InvalidInput
from worker.cli.common import HIGHEST_NUMBER, open_services
from worker.cli.privacy import Officer, request_of

if TYPE_CHECKING:
    from store.db.unit_of_work import Store

audit = typer.Typer(
    no_args_is_help=True, help="Verify or export the audit, and list who looked at a student."
)


@audit.command("verify")
def verify(
    anchor: Annotated[
        Path | None,
        typer.Option(
            "--anchor",
            "--anchors",
            help="Compare with this file instead of AUDIT_ANCHOR: a copy, an mbox, copied text of "
            "messages, or a folder of emails.",
        ),
    ] = None,
) -> None:
    """Verify the audit's chain, compare it with its anchors, and report where it is broken."""
    from integrations.open_database import is_begun
    from integrations.settings import load_settings
    from worker.doctor.audit import ANCHOR, check_no_audit
    from worker.doctor.audit import check_audit as examine
    from worker.doctor.findings import CheckResult

    settings = load_settings()
    is_here = is_begun(settings)
    try:
        if is_here:
            with open_services(looks=True) as services:
                findings = list(examine(services, anchor))
        else:
            findings = list(check_no_audit(settings, anchor))
    except AuditDamaged as damaged:
        findings = [CheckResult(False, damaged.sentence)]
    wrong = [each for each in findings if each.is_fine is False]
    verdict = "The audit is intact." if is_here else "There is no audit here."
    if wrong and is_here:
        in_rows = any(each.about != ANCHOR for each in wrong)
        verdict = (
            "The audit is broken."
            if in_rows
            else "The chain is intact, but its anchors do not confirm its end."
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
    """List who looked at a student's data, when, at which data and why; newest first."""
    from bot.cards.privacy import look_line
    from store.actions.privacy.log_who_saw import ask_who_saw

    with open_services(looks=True) as services:
        looks = ask_who_saw(services.store, request_of(services.store, officer), number)
    for each in looks:
        typer.echo(look_line(each))
    if not looks:
        typer.echo("No one has opened this student's case or details.")


@audit.command("export")
def audit_export(
    since: Annotated[
        dt.datetime | None,
        typer.Option(
            formats=["%Y-%m-%d"], help="The first day, YYYY-MM-DD. Default: the first row."
        ),
    ] = None,
    after: Annotated[
        int,
        typer.Option(
            min=0,
            max=HIGHEST_NUMBER,
            help="Only rows after this number, such as your last one.",
        ),
    ] = 0,
) -> None:
    """Write the audit's rows as JSON lines, for a security information system (SIEM)."""
    from integrations.open_database import is_begun
    from integrations.settings import load_settings

    if not is_begun(load_settings()):
        raise InvalidInput(
            "Lantern was never used with this database, so there is no audit to write. Set "
            "LANTERN_HOME or DATABASE_URL to the place of the audit."
        )
    with open_services(looks=True) as services:
        for line in json_lines(services.store, since.date() if since else None, after):
            typer.echo(line)


def json_lines(store: Store, since: dt.date | None, after: int) -> Iterator[str]:
    """Yield each row of the audit as a JSON object, oldest first: ids and states, never a name.

    Only rows after the row number ``after``, and from the first of the institution's day ``since``.
    ``seq`` has no gaps, so a reader that continues after its last row misses none. Of a row that
    Lantern did not write, ``unreadable`` names the columns that cannot be read.

    Raises:
        AuditDamaged: after the last row, where there was such a row.
    """
    from store.queries.audit import stored_rows

    first = dt.datetime.combine(since, dt.time(), INSTITUTION) if since else None
    damaged = []
    with store.database.read() as connection:
        for row in stored_rows(connection, after=after, since=first):
            values = {"seq": row.seq, **row.values}
            if row.values["at"]:
                values["at"] = row.values["at"].astimezone(dt.UTC).isoformat()
            if row.unreadable:
                damaged.append(row.seq)
                values["unreadable"] = row.unreadable
            yield json.dumps(values, sort_keys=True)
    if damaged:
        raise AuditDamaged(
            f"Every row is written, but row {damaged[0]} is not one that Lantern wrote, and parts "
            f"of it cannot be read. To know more, type lantern audit verify. {OUTSIDE}"
        )
