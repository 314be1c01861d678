"""Bringing a school onto a platform: its channel, and who of it is who there."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Protocol

from bot.posting.channel_privacy import Watch, Watched
from integrations.bootstrap import Services
from integrations.chat.interface import Address
from store.actions.schools.channels import add_channel as keep_channel
from store.platforms import accounts
from store.queries.schools.staff import (
    Channel,
    all_schools,
    enrolled_people,
    school_channels,
)
from store.rules.errors import InvalidInput
from store.rules.model import Platform


class Member(Protocol):
    """Somebody in a channel, as the platform has them now."""

    @property
    def user(self) -> str:
        """The platform's id of them."""
        ...

    @property
    def addresses(self) -> tuple[str, ...]:
        """By which they may stand in the roster: the sign-in name, the mail address."""
        ...

    def is_outsider(self, tenant: str) -> bool:
        """Whether they are none of the institution's own people."""
        ...


def add_channel(
    services: Services, school: str, address: Address, members: Collection[Member]
) -> str:
    """Have a school's cards go to a channel; only to one without people from outside.

    Raises:
        InvalidInput: there are such people, there is no such school, or it is a school's already.
    """
    if any(member.is_outsider(address.tenant) for member in members):
        raise InvalidInput("People from outside the institution are in that channel.")
    keep_channel(services.store, school, address.platform, address.tenant, address.channel)
    return f"The cards of {school} go to that channel, which has {len(members)} members."


def enrol(services: Services, channel: Channel, members: Collection[Member]) -> int:
    """Enrol the staff of the channel's school who are in it; gives how many are new.

    A sign-in name counts more than a mail address that is another person's sign-in name.
    """
    ours = [each for each in members if not each.is_outsider(channel.tenant)]
    found: dict[str, str] = {}
    for nth in range(max((len(each.addresses) for each in ours), default=0)):
        for member in ours:
            for address in member.addresses[nth : nth + 1]:
                found.setdefault(address.strip().lower(), member.user)
    return accounts.enrol(services.store, channel.platform, channel.tenant, channel.school, found)


def not_enrolled(services: Services, channel: Channel) -> Iterator[str]:
    """For each of the school's staff who is not enrolled, who it is and the line that helps."""
    where = (channel.platform, channel.tenant, channel.school)
    for each in accounts.staff_without_account(services.store, *where):
        account = _ACCOUNT[channel.platform]
        yield (
            f"Not found: {each.name} ({each.email}). Add them to the channel and enrol again; or, "
            f"where their account has another address: lantern {channel.platform} identify "
            f"--email {each.email} --user {account}"
        )


def is_anybody_enrolled(services: Services, channel: Channel) -> bool:
    """Whether any of the school's staff has an account there."""
    with services.store.database.read() as connection:
        people = enrolled_people(connection, channel.platform, channel.tenant)
    return any(school.id == channel.school for each in people for school, _ in each.roles)


_ACCOUNT = {
    Platform.SLACK: "MEMBER-ID (their profile, …, Copy member ID)",
    Platform.TEAMS: "OBJECT-ID (Entra, Users, their page)",
}


def channels_of(services: Services, platform: Platform, school: str) -> list[Channel]:
    """A school's channels on a platform. ``InvalidInput`` where there is no such school."""
    with services.store.database.read() as connection:
        known = {each.code: each.id for each in all_schools(connection)}
        if school not in known:
            raise InvalidInput("There is no school of that code.")
        found = school_channels(connection, known[school])
    return [each for each in found if each.platform is platform]


def reopen(services: Services, workspace: Watched, platform: Platform, school: str) -> None:
    """Open a school's channels again. ``InvalidInput`` where people from outside are in one."""
    watch = Watch(services.store, workspace, platform)
    channels = channels_of(services, platform, school)
    still = [each for each in channels if not watch.reopen(each, "system:cli")]
    if still:
        raise InvalidInput("People from outside are still in it, so it stays closed.")


def address_of(channel: Channel) -> Address:
    """Where a school's channel is."""
    return Address(channel.platform, channel.tenant, channel.channel)
