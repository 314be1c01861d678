"""``lantern teams …`` and ``lantern doctor teams``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from store.rules.model import Platform
from worker.cli.channels import Replace, School, add_to, enrol_from_channels
from worker.cli.common import open_services, write

if TYPE_CHECKING:
    from integrations.bootstrap import Services
    from integrations.chat.teams.workspace import TeamsWorkspace

teams = typer.Typer(no_args_is_help=True, help="Set Lantern up in Microsoft Teams.")


@teams.command("package")
def package(
    publisher: Annotated[str, typer.Option(help="Your institution, as Teams shows it.")],
    url: Annotated[
        str, typer.Option(help="The https address of your pages, with /privacy and /terms.")
    ],
    out: Annotated[Path, typer.Option(help="The file to write.")] = Path("lantern-teams.zip"),
    threads: Annotated[
        bool, typer.Option(help="Ask for all messages in channels, to save threads.")
    ] = False,
) -> None:
    """Write the app package to upload in the Teams admin centre."""
    from bot.teams import manifest
    from integrations.chat.teams.credentials import account_of
    from integrations.settings import WrongSetting, load_settings

    account = account_of(load_settings())
    if account is None or account.is_playground:
        raise WrongSetting("The setting TEAMS_CLIENT_ID is missing: the package names the bot.")
    who = manifest.Publisher(publisher, url)
    write(out, manifest.package(account.client_id, who, threads=threads))
    asked = {**manifest.PERMISSIONS, **(manifest.THREADS if threads else {})}
    typer.echo(
        f"Wrote {out}. A team's owner has to agree to these permissions, for that team alone:"
    )
    for name, why in asked.items():
        typer.echo(f"  {name}: {why}")


@teams.command("channel")
def channel(
    school: School,
    link: Annotated[str, typer.Option(help="The channel's link, as Teams copies it.")],
    replace: Replace = False,
) -> None:
    """Set the channel that a school's cards are posted to."""
    from worker.setup.teams import add_channel

    with open_services() as services:
        typer.echo(add_channel(services, _workspace(services), school, link, replaces=replace))


@teams.command("enrol")
def enrol(school: School) -> None:
    """Enrol the staff of a school who are in its channel, by sign-in name or email address."""
    enrol_from_channels(school, Platform.TEAMS, _workspace)


@teams.command("identify")
def identify(
    email: Annotated[str, typer.Option(help="The colleague's address in the roster.")],
    user: Annotated[str, typer.Option(help="Their object id in Entra.")],
) -> None:
    """Enrol one colleague whose sign-in name is not their email address."""
    from integrations.microsoft.credentials import is_entra_id
    from store.platforms import accounts
    from store.rules.errors import InvalidInput
    from worker.setup.teams import tenant_of

    with open_services() as services:
        workspace = _workspace(services)
        account, doubt = workspace.account, ""
        tenant = account.tenants[0]
        if not account.is_playground and not is_entra_id(user):
            raise InvalidInput("That is not an object ID. In Entra: Users, their page, Object ID.")
        if not account.is_playground:
            tenant, doubt = tenant_of(services, workspace, user.lower())
        accounts.identify(services.store, Platform.TEAMS, tenant, email, user.lower())
    typer.echo(f"Enrolled. {doubt}".strip())


def doctor_teams() -> None:
    """Check Lantern's permissions and channels in Teams, and say how to correct them."""
    from worker.doctor.findings import print_findings
    from worker.doctor.teams import examine_teams

    with open_services(looks=True) as services:
        print_findings(examine_teams(services))


def _workspace(services: Services) -> TeamsWorkspace:
    from integrations.chat.teams.workspace import TeamsWorkspace
    from integrations.settings import WrongSetting

    found = services.workspaces.get(Platform.TEAMS)
    if not isinstance(found, TeamsWorkspace):
        raise WrongSetting("The setting TEAMS_CLIENT_ID is missing: Lantern is not in Teams.")
    return found


add_to(teams, Platform.TEAMS, _workspace)
