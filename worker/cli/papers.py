"""``lantern papers``: the facts that a data protection officer needs, as documents (§28)."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from worker.cli.common import open_services


def write_papers(
    folder: Annotated[Path, typer.Argument(help="The folder to write to. It is made if missing.")],
    replace: Annotated[
        bool, typer.Option("--replace", help="Write over the papers of an earlier day.")
    ] = False,
) -> None:
    """Write the record of processing, retention, access, recipients and assessment facts."""
    from integrations.recipients import recipients
    from store.queries.privacy.retention import schedules
    from store.rules.calendar import institution_day
    from store.rules.errors import InvalidInput
    from store.rules.papers.writing import SchoolPeriods, papers
    from store.rules.text.formatting import long_date

    with open_services() as services:
        today = institution_day(services.now())
        with services.store.database.read() as connection:
            known = schedules(connection, today)
        schools = [
            SchoolPeriods(
                each.school.name,
                each.retention,
                f"{each.approved.by}, {long_date(institution_day(each.approved.at))}"
                if each.approved
                else "",
            )
            for each in known
        ]
        written = papers(
            schools,
            recipients(services.settings),
            today,
            is_anchored=services.settings.audit_anchor is not None,
        )
    there = sorted(name for name in written if (folder / name).exists())
    if there and not replace:
        raise InvalidInput(
            f"{folder} holds {there[0]} already. Choose another folder, or add --replace."
        )
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in written.items():
            (folder / name).write_text(text, encoding="utf-8")
            typer.echo(folder / name)
    except OSError as error:
        raise InvalidInput(f"{folder} cannot be written to: {error.strerror}.") from None
    typer.echo("What is marked “To confirm” is for the university to decide.")
