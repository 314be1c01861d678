"""``lantern audit …``: whether the audit is whole, and who looked at a student."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from worker.cli.common import open_services
from worker.cli.privacy import Officer, request_of

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
    from worker.doctor.audit import audit as examine

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
