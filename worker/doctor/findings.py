"""The findings of ``lantern doctor …``, and the checks that every platform shares."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass

import typer

from integrations.bootstrap import Services
from store.delivery.closed_channels import closed_channels, refused_messages
from store.queries.schools.staff import Channel, on_platform, school_channels
from store.rules.model import Platform
from store.rules.text.formatting import counted
from worker.setup.channels import ChannelMember


@dataclass(frozen=True, slots=True)
class CheckResult:
    """The result of one check. ``is_fine`` is None where it is only a note, or could not be
    checked."""

    is_fine: bool | None
    sentence: str
    about: str = ""
    """The part of Lantern, in one word or two; '' where the sentence says it."""

    def __str__(self) -> str:
        about = f"{self.about}: " if self.about else ""
        return f"{ {True: 'ok', False: 'FAIL', None: '?'}[self.is_fine]:5}{about}{self.sentence}"


def print_findings_as_json(findings: Iterable[CheckResult]) -> None:
    """Print all findings as one JSON document.

    Raises ``typer.Exit`` (1) where one is not fine, so that the command fails.
    """
    found = [
        {"check": each.about, "ok": each.is_fine, "sentence": each.sentence.strip()}
        for each in findings
    ]
    is_broken = any(each["ok"] is False for each in found)
    typer.echo(json.dumps({"ok": not is_broken, "findings": found}, indent=2, ensure_ascii=False))
    if is_broken:
        raise typer.Exit(1)


def print_findings(findings: Iterable[CheckResult]) -> None:
    """Print each finding as soon as it is known.

    Raises ``typer.Exit`` (1) where one is not fine, so that the command fails.
    """
    is_broken = False
    for finding in findings:
        typer.echo(str(finding))
        is_broken |= finding.is_fine is False
    if is_broken:
        raise typer.Exit(1)


def try_to_do(what: str, attempt: Callable[[], object], error: type[Exception]) -> CheckResult:
    """Call ``attempt``. The check fails where it raises ``error``, whose text is the reason."""
    try:
        attempt()
    except error as refused:
        return CheckResult(False, f"{what}: {refused}")
    return CheckResult(True, what)


def examine_channels(
    services: Services, platform: Platform, examine: Callable[[Channel], Iterator[CheckResult]]
) -> Iterator[CheckResult]:
    """Run ``examine`` on each school's channel on a platform."""
    with services.store.database.read() as connection:
        found = school_channels(connection)
    channels = [each for each in found if each.platform is platform]
    if not channels:
        yield CheckResult(
            False, f"no school has a channel. Add one with lantern {platform} channel."
        )
    for channel in channels:
        yield from examine(channel)


def examine_members(
    services: Services, channel: Channel, members: Collection[ChannelMember]
) -> Iterator[CheckResult]:
    """Check a channel's members: no one from outside the institution, and all of them enrolled."""
    name = f"channel {channel.id}"
    outsiders = sum(member.is_outsider(channel.tenant) for member in members)
    members_outside = counted(outsiders, "member")
    yield CheckResult(not outsiders, f"{name}: {members_outside} from outside the institution")
    with services.store.database.read() as connection:
        is_closed = channel.id in closed_channels(connection)
        refused = refused_messages(connection, channel.id)
        people = on_platform(connection, channel.platform, channel.tenant).people
    if is_closed:
        again = f"lantern {channel.platform} reopen"
        yield CheckResult(False, f"{name}: closed. When it is private again: {again}.")
    if is_closed and refused:
        stays = f"{refused} of Lantern's messages can neither be changed nor deleted by it"
        yield CheckResult(False, f"{name}: {stays}. Delete them there by hand.")
    known = {each.user for each in people}
    missing = sum(member.user not in known for member in members)
    yield CheckResult(
        None if missing else True,
        f"{name}: {counted(missing, 'member is', 'members are')} not enrolled; lantern "
        f"{channel.platform} enrol does so for staff",
    )
