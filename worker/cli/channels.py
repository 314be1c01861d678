"""``watch`` and ``reopen``: what an administrator does with channels, on every platform alike."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated

import typer

from store.rules.model import Platform
from worker.cli.common import open_services

if TYPE_CHECKING:
    from bot.posting.channel_privacy import Watched
    from integrations.bootstrap import Services

School = Annotated[str, typer.Option(help="The school's code.")]


def add_to(
    app: typer.Typer, platform: Platform, workspace_of: Callable[[Services], Watched]
) -> None:
    """Give a platform's commands these two. ``workspace_of`` raises where Lantern is not there."""

    @app.command("watch")
    def watch() -> None:
        """Look at every channel now, and close those that people from outside can read."""
        from bot.posting.channel_privacy import Watch

        with open_services() as services:
            closed = Watch(services.store, workspace_of(services), platform).check_all()
        typer.echo(f"{closed} newly closed.")

    @app.command("reopen")
    def reopen(school: School) -> None:
        """Open a school's channels again, if nobody from outside can read them any more."""
        from worker.setup import channels as setup_channels

        with open_services() as services:
            setup_channels.reopen(services, workspace_of(services), platform, school)
        typer.echo("Open.")
