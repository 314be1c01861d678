"""The commands ``lantern backup`` and ``lantern restore``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from store.rules.errors import InvalidInput
from store.rules.text.formatting import counted
from worker.cli.common import asking, open_services, text_of

if TYPE_CHECKING:
    from worker.backup.restore import Restored

Passphrase = Annotated[
    Path | None, typer.Option(help="A file with the passphrase of the keys, instead of asking.")
]


def backup(
    folder: Annotated[Path, typer.Argument(help="Where backups are kept.")],
    keys: Annotated[
        Path | None,
        typer.Option(help="Write the keys into this file, encrypted with a passphrase."),
    ] = None,
    passphrase_file: Passphrase = None,
    protections: Annotated[
        bool,
        typer.Option(
            "--protections",
            help="Only what protects students: erasures, opt-outs, complaints, holds, objections; "
            "and students' keys.",
        ),
    ] = False,
    keys_apart: Annotated[
        bool,
        typer.Option(
            "--keys-apart",
            help="Leave students' keys to the list of --protections, without which this backup "
            "cannot be restored.",
        ),
    ] = False,
) -> None:
    """Back Lantern up while it runs: the database and the lake; with --keys, the keys as well."""
    from store.queries import health
    from worker.backup.make import PROTECTIONS, WHOLE, make_backup, refuse_within_home
    from worker.backup.sealed_keys import write_keys

    with open_services(looks=True) as services:
        refuse_within_home(services, folder)
        if keys:
            refuse_within_home(services, keys)
            if keys.exists():
                raise InvalidInput(f"{keys} already exists. Name a new file.")
            write_keys(services.settings, _passphrase(passphrase_file, new=True), keys)
            with services.store.unit_of_work() as work:
                work.record("system:cli", health.KEY_BACKUP, "backup")
            typer.echo(f"The keys are in {keys}. Keep this file apart from the backups.")
        made = make_backup(
            services,
            folder,
            PROTECTIONS if protections else WHOLE,
            keys_apart=keys_apart and not protections,
        )
    typer.echo(f"Made {made}.")
    if not protections:
        typer.echo(
            "It holds the tables, sealed by ENCRYPTION_KEY, and the activity. It does not hold the "
            "settings, the keys, or the emails, which stay in the mailbox."
        )


def restore(
    folder: Annotated[Path | None, typer.Argument(help="The folder of one backup.")] = None,
    keys: Annotated[Path | None, typer.Option(help="Restore the keys from this file.")] = None,
    passphrase_file: Passphrase = None,
    protections: Annotated[
        Path | None, typer.Option(help="The newest folder of lantern backup --protections.")
    ] = None,
    replace: Annotated[
        bool, typer.Option("--replace", help="Replace what the database holds now.")
    ] = False,
    look_up: Annotated[
        bool,
        typer.Option(
            "--look-up", help="Only check the mailboxes for emails sent after the backup."
        ),
    ] = False,
) -> None:
    """Restore a backup. Stop web, worker and clock first. Nothing is sent twice."""
    from integrations.settings import load_settings
    from worker.backup import restore as restoring
    from worker.backup.sealed_keys import put_back_keys

    if (folder is None) is not look_up:
        raise InvalidInput("Name the folder of a backup, or give --look-up alone.")
    settings = load_settings()
    with restoring.nothing_of_a_refused(settings):
        if keys:
            put_back_keys(settings, _passphrase(passphrase_file), keys)
        if folder is not None:
            restoring.refuse_other_keys(settings, folder)
            with open_services(restores=True) as services:
                done = restoring.restore(services, folder, protections=protections, replace=replace)
            _say_restored(done)
    with open_services(restores=True) as services:
        for line in restoring.look_up(services):
            typer.echo(line)
    typer.echo("Emails that were approved before have to be approved again.")


def _say_restored(done: Restored) -> None:
    typer.echo(f"Restored {counted(done.rows, 'row')}.")
    typer.echo(
        f"Applied again: {counted(done.applied.erased, 'erasure')} and "
        f"{counted(done.applied.rows, 'row')} of opt-outs, complaints and holds."
    )
    if done.applied.left:
        typer.echo(
            f"{counted(done.applied.left, 'row')} could not be applied, since the case or "
            "student came after the backup. Enter them again by hand."
        )


def _passphrase(file: Path | None, *, new: bool = False) -> str:
    if file:
        return text_of(file).strip()
    with asking("Put the passphrase into a file, and name that: --passphrase-file FILE"):
        answer: str = typer.prompt("Passphrase", hide_input=True, confirmation_prompt=new)
    return answer
