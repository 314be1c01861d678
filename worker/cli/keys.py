"""``lantern keys …``: students' own keys, and a new ``ENCRYPTION_KEY`` (§28)."""

from __future__ import annotations

from typing import Annotated

import typer

from store.rules.text.formatting import counted
from worker.cli.common import open_services

keys = typer.Typer(no_args_is_help=True, help="Seal students' words, and replace keys.")


@keys.command("seal")
def seal() -> None:
    """Seal all stored words with students' own keys. Run it once every process is upgraded."""
    from store.actions.privacy.seal_words import seal_words

    with open_services() as services:
        done = seal_words(services.store)
    typer.echo(f"Sealed {counted(done, 'text')} with students' own keys.")


@keys.command("rotate")
def rotate(
    students: Annotated[
        bool,
        typer.Option("--students", help="Give every student a new key as well, as after a leak."),
    ] = False,
) -> None:
    """Seal what ENCRYPTION_KEY seals with its newest key; renew students' keys where asked."""
    from store.actions.privacy.seal_words import renew_keys, seal_with_newest

    with open_services() as services:
        renewed = renew_keys(services.store) if students else None
        done = seal_with_newest(services.store)
        has_older = len(services.settings.encryption_keys) > 1
    if renewed is not None:
        typer.echo(
            f"{counted(renewed, 'student')} given a new key. In an hour, destroy the earlier ones: "
            "lantern keys seal. Backups that leave the keys out need the newest list until then."
        )
    typer.echo(
        f"Sealed {counted(done, 'key')} and tokens with the newest key. Make a backup and a list "
        "of protections now."
    )
    if has_older:
        typer.echo(
            "Deliveries and links under emails need the older keys for 60 days: take them out of "
            "ENCRYPTION_KEY after that."
        )
    else:
        typer.echo(
            "There is only one key, so none was replaced. To replace it, set ENCRYPTION_KEY to a "
            "new key, a comma and the present one, restart, and run this again. Without that "
            "setting, the present one is in LANTERN_HOME/keys/encryption.key."
        )
