"""``lantern outreach`` and ``lantern doctor graph``: whether mail leaves, and whether it may."""

from __future__ import annotations

from typing import Annotated

import typer

from worker.command_line import open_services as _services

outreach = typer.Typer(no_args_is_help=True, help="Stop mail, and let it go on.")
doctor = typer.Typer(no_args_is_help=True, help="Try out what Lantern may and may not do.")

SchoolCode = Annotated[str | None, typer.Option(help="One school's code; else all schools.")]


@outreach.command("stop")
def outreach_stop(
    why: Annotated[str, typer.Option(help="In a few words, for the colleagues who will ask.")],
    school: SchoolCode = None,
) -> None:
    """Let no mail leave from now on. What was approved waits."""
    from store.casework.stops import stop_from_outside

    with _services() as services:
        stop_from_outside(services.store, why, school)
    typer.echo(f"Stopped: {school or 'all schools'}. lantern outreach start lets it go on.")


@outreach.command("start")
def outreach_start(school: SchoolCode = None) -> None:
    """Let mail go on that was stopped here."""
    from store.casework.stops import start_from_outside

    with _services() as services:
        ended = start_from_outside(services.store, school)
    typer.echo("Mail goes on." if ended else "Nothing was stopped here.")


@doctor.command("graph")
def doctor_graph(
    stranger: Annotated[
        str | None, typer.Option(help="A mailbox that is no school's and has to be refused.")
    ] = None,
    to: Annotated[str | None, typer.Option(help="Send one test mail to this address.")] = None,
    school: Annotated[str, typer.Option(help="The code of the school it is sent from.")] = "",
) -> None:
    """Prove what Lantern may do with mail through Microsoft Graph, and what it may not."""
    from worker.doctor import examine_graph
    from worker.findings import report

    with _services() as services:
        report(examine_graph(services, stranger=stranger, to=to, school=school))
