"""Set up a school on a platform: its channels, and the accounts of its staff."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

from bot.posting.channel_privacy import Watch, Watched
from integrations.bootstrap import Services
from integrations.chat.interface import Address, DeliveryError
from integrations.fault_sentences import sentence
from store.actions.schools.channels import add_channel as keep_channel
from store.delivery.closed_channels import closed_channels
from store.platforms import accounts
from store.queries.schools.staff import Channel, on_platform, school_channels, school_named
from store.rules.errors import InvalidInput
from store.rules.model import Platform
from store.rules.text.formatting import counted


class ChannelMember(Protocol):
    """A person in a channel, as the platform has them now."""

    @property
    def user(self) -> str:
        """Return the platform's id of the member."""
        ...

    @property
    def addresses(self) -> tuple[str, ...]:
        """Return the addresses that the roster may have for them: sign-in name and email
        address."""
        ...

    def is_outsider(self, tenant: str) -> bool:
        """Return whether a member is from outside the institution."""
        ...


class HasMembers(Protocol):
    """A workspace that says who is in a channel."""

    def members(self, address: Address) -> Iterable[ChannelMember]:
        """Return the members of a channel. Raises ``DeliveryError`` where the platform does not
        say."""
        ...


def connect_channel(
    services: Services,
    school: str,
    address: Address,
    members: Collection[ChannelMember],
    *,
    replaces: bool = False,
) -> str:
    """Post a school's cards to a channel, if no one from outside is in it. Returns a confirmation.

    ``replaces``: it replaces the school's other channels.

    Raises:
        InvalidInput: people from outside are in it, it is a school's already, or there is no such
            school.
    """
    if any(member.is_outsider(address.tenant) for member in members):
        raise InvalidInput(
            "People from outside the institution are in that channel. Remove them from it, or make "
            "another channel, and try again."
        )
    place = (address.platform, address.tenant, address.channel)
    keep_channel(services.store, school, *place, replaces=replaces)
    return f"The cards of {school} go to that channel, which has {counted(len(members), 'member')}."


def enrol_members(services: Services, channel: Channel, members: Collection[ChannelMember]) -> int:
    """Enrol the staff of the channel's school who are in it; return how many are new.

    Where one member's email address is another's sign-in name, the sign-in name decides.
    """
    ours = [each for each in members if not each.is_outsider(channel.tenant)]
    found: dict[str, str] = {}
    for nth in range(max((len(each.addresses) for each in ours), default=0)):
        for member in ours:
            for address in member.addresses[nth : nth + 1]:
                found.setdefault(address.strip().lower(), member.user)
    return accounts.enrol(services.store, channel.platform, channel.tenant, channel.school, found)


def not_enrolled(services: Services, channel: Channel) -> Iterator[str]:
    """Name each of the school's staff who is not enrolled, with the command that enrols them."""
    where = (channel.platform, channel.tenant, channel.school)
    for each in accounts.staff_without_account(services.store, *where):
        account = _ACCOUNT[channel.platform]
        yield (
            f"Not found: {each.name} ({each.email}). Add them to the channel and enrol again; or, "
            f"where their account has another address: lantern {channel.platform} identify "
            f"--email {each.email} --user {account}"
        )


@dataclass(frozen=True, slots=True)
class Enrolment:
    """The result of enrolling a school's staff from its channels."""

    added: int
    ours: int
    """Members of the channels who are enrolled now."""
    members: int
    missing: tuple[str, ...]
    """A line for each member of staff who was not found, with the command to enrol them."""
    refused: tuple[str, ...] = ()
    """Why a channel could not be read, a sentence for each reason."""

    def __str__(self) -> str:
        members = counted(self.members, "member")
        said = f"{self.added} newly enrolled, {self.ours} of {members} enrolled."
        return "\n".join((said, *self.missing))


def enrol_school(
    services: Services, workspace: HasMembers, platform: Platform, school: str
) -> Enrolment:
    """Enrol the staff of a school who are in its channels.

    Raises:
        InvalidInput: the school has no channel there.
    """
    channels = _existing_channels(services, platform, school)
    added, ours, members, refused = 0, 0, 0, dict[str, None]()
    for channel in channels:
        try:
            found = list(workspace.members(channel_address(channel)))
        except DeliveryError as error:  # the others are read all the same
            refused[sentence(error)] = None
            continue
        added += enrol_members(services, channel, found)
        with services.store.database.read() as connection:
            people = on_platform(connection, platform, channel.tenant).people
        ours += len({each.user for each in people} & {each.user for each in found})
        members += len(found)
    missing = tuple(not_enrolled(services, channels[0]))
    return Enrolment(added, ours, members, missing, tuple(refused))


_ACCOUNT = {
    Platform.SLACK: "MEMBER-ID (their profile, …, Copy member ID)",
    Platform.TEAMS: "OBJECT-ID (Entra, Users, their page)",
}


def channels_of(services: Services, platform: Platform, school: str) -> list[Channel]:
    """Return a school's channels on a platform. ``InvalidInput`` where there is no such school."""
    with services.store.database.read() as connection:
        found = school_channels(connection, school_named(connection, school).id)
    return [each for each in found if each.platform is platform]


def _existing_channels(services: Services, platform: Platform, school: str) -> list[Channel]:
    found = channels_of(services, platform, school)
    if not found:
        raise InvalidInput(
            f"{school} has no channel there yet. Set it first: lantern {platform} channel"
        )
    return found


def reopen_channels(
    services: Services, workspace: Watched, platform: Platform, school: str
) -> None:
    """Open a school's channels again.

    Raises:
        InvalidInput: people from outside are in one, or none of them is closed.
    """
    watch = Watch(services.store, workspace, platform)
    channels = _existing_channels(services, platform, school)
    with services.store.database.read() as connection:
        closed = closed_channels(connection)
    if not any(each.id in closed for each in channels):
        raise InvalidInput(f"No channel of {school} is closed.")
    still = [each for each in channels if not watch.reopen(each, "system:cli")]
    if still:
        raise InvalidInput(
            "People from outside can still read it, so it stays closed. Remove them from it, make "
            "it private, or stop sharing it, and try again."
        )


def channel_address(channel: Channel) -> Address:
    """Return a school's channel as the address that a workspace posts to."""
    return Address(channel.platform, channel.tenant, channel.channel)
