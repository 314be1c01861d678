"""The commands ``watch`` and ``reopen`` for channels, the same on every platform."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated

import typer

from store.rules.errors import InvalidInput
from store.rules.model import Platform
from worker.cli.common import open_services

if TYPE_CHECKING:
    from bot.posting.channel_privacy import Watched
    from integrations.bootstrap import Services
    from worker.setup.channels import HasMembers


School = Annotated[str, typer.Option(help="The school's code.")]
Replace = Annotated[
    bool,
    typer.Option(
        "--replace", help="Use it instead of the school's other channels on this platform."
    ),
]


def add_to(
    app: typer.Typer, platform: Platform, workspace_of: Callable[[Services], Watched]
) -> None:
    """Add ``watch`` and ``reopen`` to a platform's commands.

    ``workspace_of`` returns the platform's workspace; it raises where the platform is not set
    up.
    """

    @app.command("watch")
    def watch() -> None:
        """Check every channel now, and close those that people from outside can read."""
        from bot.posting.channel_privacy import Watch
        from integrations.chat.interface import DeliveryError
        from integrations.fault_sentences import sentence

        with open_services() as services:
            watch = Watch(services.store, workspace_of(services), platform)
            looked_at = watch.in_turn()
            if not looked_at:
                raise InvalidInput(
                    f"No school has a channel yet. Set one first: lantern {platform} channel"
                )
            closed, refused = 0, list[str]()
            for channel in looked_at:
                try:
                    closed += watch.check(channel)
                except DeliveryError as error:  # the others are checked all the same
                    refused.append(sentence(error))
        typer.echo(f"{len(looked_at) - len(refused)} checked, {closed} newly closed.")
        if refused:
            raise InvalidInput(" ".join(dict.fromkeys(refused)))

    @app.command("reopen")
    def reopen(school: School) -> None:
        """Open a school's channels again, if no one from outside can read them any more."""
        from worker.setup import channels as setup_channels

        with open_services() as services:
            setup_channels.reopen_channels(services, workspace_of(services), platform, school)
        typer.echo("Open.")


def enrol_from_channels(
    school: str, platform: Platform, workspace_of: Callable[[Services], HasMembers]
) -> None:
    """Enrol a school's staff who are in its channels, and print who was not found.

    Fails where no member is enrolled afterwards, where a channel could not be read, or where the
    school has no channel.
    """
    from worker.setup import channels as setup_channels

    with open_services() as services:
        done = setup_channels.enrol_school(services, workspace_of(services), platform, school)
    typer.echo(str(done))
    if done.refused:
        raise InvalidInput(" ".join(done.refused))
    if not done.ours:
        raise InvalidInput(
            f"No one was enrolled: no member of the channel ({done.members} in all) has an "
            f"address that is in the roster of {school}. Correct staff.csv and load it again, or "
            f"enrol each colleague by hand: lantern {platform} identify"
        )
