"""``watch`` and ``reopen``: what an administrator does with channels, on every platform alike."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Annotated, Protocol

import typer

from store.rules.errors import InvalidInput
from store.rules.model import Platform
from worker.cli.common import open_services

if TYPE_CHECKING:
    from bot.posting.channel_privacy import Watched
    from integrations.bootstrap import Services
    from integrations.chat.interface import Address
    from worker.setup.channels import Member


class Roster(Protocol):
    """A platform that can be asked who is in a channel."""

    def members(self, address: Address) -> Iterable[Member]:
        """Everybody in it."""
        ...


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


def enrol_from_channels(
    school: str, platform: Platform, workspace_of: Callable[[Services], Roster]
) -> None:
    """Enrol a school's staff who are in its channels, and say who was not found.

    Fails where none of the school's staff are enrolled then, or the school has no channel.
    """
    from worker.setup import channels as setup_channels

    with open_services() as services:
        workspace, added, missing = workspace_of(services), 0, list[str]()
        found = setup_channels.channels_of(services, platform, school)
        for channel in found:
            members = list(workspace.members(setup_channels.address_of(channel)))
            added += setup_channels.enrol(services, channel, members)
        for channel in found[:1]:
            missing = list(setup_channels.not_enrolled(services, channel))
        is_empty = not any(setup_channels.is_anybody_enrolled(services, each) for each in found)
    typer.echo(f"{added} newly enrolled.")
    for line in missing:
        typer.echo(line)
    if not found:
        raise InvalidInput(f"{school} has no channel yet. Add it: lantern {platform} channel.")
    if is_empty:
        raise typer.Exit(1)
