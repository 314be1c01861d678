"""``lantern slack …`` and ``lantern doctor slack``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from store.rules.model import Platform
from worker.cli.channels import Replace, School, add_to, enrol_from_channels
from worker.cli.common import open_services, write

if TYPE_CHECKING:
    from integrations.bootstrap import Services
    from integrations.chat.slack.workspace import SlackWorkspace

slack = typer.Typer(no_args_is_help=True, help="Set Lantern up in Slack.")


@slack.command("manifest")
def manifest(
    url: Annotated[
        str, typer.Option(help="Lantern's public https address; without it, Socket Mode.")
    ] = "",
    out: Annotated[Path, typer.Option(help="The file to write.")] = Path("lantern-slack.json"),
    threads: Annotated[
        bool, typer.Option(help="Ask for all messages in the channels, to save threads.")
    ] = False,
    oauth: Annotated[
        bool, typer.Option(help="Let several workspaces add Lantern themselves.")
    ] = False,
    org: Annotated[
        bool, typer.Option(help="Install in a whole Enterprise Grid organisation.")
    ] = False,
) -> None:
    """Write the app manifest to paste at api.slack.com/apps."""
    from bot.slack import manifest as made

    whole = made.manifest(url, threads=threads, oauth=oauth, org=org)
    write(out, json.dumps(whole, indent=2) + "\n")
    typer.echo(f"Wrote {out}. The person who installs the app has to agree to these scopes:")
    for name, why in made.SCOPES.items():
        typer.echo(f"  {name}: {why}")


@slack.command("channel")
def channel(
    school: School,
    link: Annotated[str, typer.Option(help="The channel's link, as Slack copies it.")],
    replace: Replace = False,
) -> None:
    """Set the private channel that a school's cards are posted to."""
    from worker.setup.slack import add_channel

    with open_services() as services:
        typer.echo(add_channel(services, _workspace(services), school, link, replaces=replace))


@slack.command("enrol")
def enrol(school: School) -> None:
    """Enrol the staff of a school who are in its channel, by their addresses."""
    enrol_from_channels(school, Platform.SLACK, _workspace)


@slack.command("identify")
def identify(
    email: Annotated[str, typer.Option(help="The colleague's address in the roster.")],
    user: Annotated[str, typer.Option(help="Their member id: Profile, …, Copy member ID.")],
    team: Annotated[str, typer.Option(help="The workspace's id, where there are several.")] = "",
) -> None:
    """Enrol one colleague whose address in Slack is not the one in the roster."""
    from integrations.settings import WrongSetting
    from store.platforms import accounts
    from worker.setup.slack import check_account

    with open_services() as services:
        workspace = _workspace(services)
        teams = workspace.account.teams
        if (team or teams[0]) not in teams:
            raise WrongSetting("That workspace is not in SLACK_TEAMS; name one that is.")
        check_account(workspace, team or teams[0], user)
        accounts.identify(services.store, Platform.SLACK, team or teams[0], email, user)
    typer.echo("Enrolled.")


def doctor_slack() -> None:
    """Check Lantern's permissions and channels in Slack, and say how to correct them."""
    from worker.doctor.findings import print_findings
    from worker.doctor.slack import examine_slack

    with open_services(looks=True) as services:
        print_findings(examine_slack(services))


def _workspace(services: Services) -> SlackWorkspace:
    from integrations.chat.slack.workspace import SlackWorkspace
    from integrations.settings import WrongSetting

    found = services.workspaces.get(Platform.SLACK)
    if not isinstance(found, SlackWorkspace):
        raise WrongSetting("The setting SLACK_BOT_TOKEN is missing: Lantern is not in Slack.")
    return found


add_to(slack, Platform.SLACK, _workspace)
