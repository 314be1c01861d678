"""Microsoft Teams as a ``Workspace``: posts, threads, updates, members."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from integrations.chat.interface import Address, DeliveryError, MessageRef, Payload
from integrations.chat.teams.allowed_hosts import service_url_of
from integrations.chat.teams.connector import Connector
from integrations.chat.teams.credentials import PLAYGROUND_URL, TeamsAccount
from integrations.chat.teams.errors import TeamsError
from integrations.chat.teams.members import Member, member_from
from integrations.records import Store, TeamsRecords
from store.rules.model import Platform

PAGE = 500
MOST_PAGES = 50
ROSTER = "29:"
"""The prefix of people's ids in a roster; ids in the directory differ."""
TARGETED = "targeted:"
"""The prefix of the id of a message that only one person sees."""
_ASIDE = "?isTargetedActivity=true"


class TeamsWorkspace:
    """Teams, for any number of threads and processes.

    Teams cannot be queried for a posted message, so ``key`` has no effect: after a lost response
    the error is ``unknown``, and a second card is harmless, since every action names the case and
    its version.
    """

    remembers = False

    def __init__(self, account: TeamsAccount, connector: Connector, store: Store) -> None:
        self.account = account
        self.connector = connector
        self._records = TeamsRecords(store)
        self._direct: dict[tuple[str, str], str] = {}
        self._roster: dict[tuple[str, str], str] = {}

    def post(
        self, address: Address, payload: Payload, *, key: str, thread: str | None = None
    ) -> MessageRef:
        """Post a message, in a thread where ``thread`` names its first message."""
        del key
        try:
            return self._post(address, payload, thread)
        except TeamsError as error:
            user = self._forget(address) if error.status == 404 else None
            if user is None:
                raise
        # Deleting a chat's history also ends the chat; on the next request Teams begins another.
        return self._post(self.direct(address.tenant, user), payload, None)

    def _post(self, address: Address, payload: Payload, thread: str | None) -> MessageRef:
        conversation = in_thread(address.channel, thread)
        answer = self._ask("POST", address, f"{_path(conversation)}/activities", payload)
        if not isinstance(answer.get("id"), str):
            raise DeliveryError(
                "Microsoft Teams named no message; Lantern tries again by itself", unknown=True
            )
        return MessageRef(address, answer["id"])

    def direct(self, tenant: str, user: str) -> Address:
        """Return the chat with one person. Teams gives the same one each time it is asked for.

        ``user`` is the directory's id, which Teams accepts only for people who installed the app.
        So the person's id in a team's roster is used if known: it works for every member of a team
        that has Lantern.

        Raises ``DeliveryError`` where Teams returns no conversation. If a roster could not be read
        just now, that is the error, since the person may be in it.
        """
        self._check(tenant)
        known = self._direct.get((tenant, user))
        if known is None:
            roster_id, passing = self._roster_id(tenant, user)
            asked = {
                "bot": {"id": self.bot_id},
                "members": [{"id": roster_id or user}],
                "tenantId": tenant,
                "channelData": {"tenant": {"id": tenant}},
                "isGroup": False,
            }
            url = self.service_url(tenant)
            try:
                answer = self.connector.ask("POST", url, "v3/conversations", json=asked)
            except TeamsError as error:
                if passing and error.waits:
                    raise passing from None
                raise
            known = answer.get("id")
            if not isinstance(known, str):
                raise DeliveryError(
                    "Microsoft Teams named no conversation; Lantern tries again by itself",
                    unknown=True,
                )
            self._direct[tenant, user] = known
        return Address(Platform.TEAMS, tenant, known)

    def know(self, tenant: str, user: str, roster_id: object) -> None:
        """Record a person's id in a team's roster, from an activity of theirs."""
        if isinstance(roster_id, str) and roster_id.startswith(ROSTER):
            self._roster[tenant, user] = roster_id

    def _roster_id(self, tenant: str, user: str) -> tuple[str | None, DeliveryError | None]:
        """Return the roster's id of a person, if known or found in a school's channel, or else the
        error of a channel that cannot be read just now."""
        known, passing = self._roster.get((tenant, user)), None
        for channel in () if known else self._records.school_conversations(tenant):
            try:
                found = self.member(Address(Platform.TEAMS, tenant, channel), user)
            except DeliveryError as error:  # of this channel; they may be in another one
                if not (error.waits or error.permanent):
                    passing = error
                continue
            if found:
                self.know(tenant, user, found.mention)
                return self._roster.get((tenant, user)), None
        return known, passing

    def post_aside(
        self, address: Address, user: str, payload: Payload, *, thread: str | None = None
    ) -> MessageRef:
        """Show a message in a conversation to one person only; Teams removes it within a day.

        ``user`` is the roster's id. Such targeted messages (``create_targeted`` in
        ``microsoft_teams.api``) are a preview feature, which a tenant may not have.

        Raises ``DeliveryError`` where Teams returns no message.
        """
        said = {**payload, "recipient": {"id": user, "isTargeted": True}}
        path = f"{_path(in_thread(address.channel, thread))}/activities{_ASIDE}"
        answer = self._ask("POST", address, path, said)
        if not isinstance(answer.get("id"), str):
            raise DeliveryError("Microsoft Teams named no message", unknown=True)
        return MessageRef(address, f"{TARGETED}{answer['id']}")

    def mention(self, address: Address, user: str) -> str | None:
        """Return Teams' id of a person; None if they are not in the channel, or a guest."""
        found = self.member(address, user)
        return None if found is None or found.is_outsider(address.tenant) else found.mention or None

    def update(self, message: MessageRef, payload: Payload) -> None:
        """Replace a posted message in place."""
        said = {**payload, "id": message.message.removeprefix(TARGETED)}
        self._ask("PUT", message.address, _message(message), said)

    def delete(self, message: MessageRef) -> None:
        """Delete a posted message; one that is gone already is no error."""
        try:
            self._ask("DELETE", message.address, _message(message))
        except TeamsError as error:
            if error.status != 404:
                raise

    def below(self, message: MessageRef) -> tuple[str, ...]:
        """Return nothing: a bot cannot list the replies in a thread."""
        del message
        return ()

    def member(self, address: Address, user: str) -> Member | None:
        """Return one person of a conversation; None where they are not in it."""
        path = f"{_path(address.channel)}/members/{quote(user, safe=':')}"
        try:
            return member_from(self._ask("GET", address, path))
        except TeamsError as error:
            if error.status == 404:
                return None
            raise

    def members(self, address: Address) -> Iterator[Member]:
        """Return every member of a conversation, as Teams lists them.

        Raises ``DeliveryError`` where there are too many.
        """
        token = ""
        for _ in range(MOST_PAGES):
            more = f"&continuationToken={quote(token, safe='')}" if token else ""
            path = f"{_path(address.channel)}/pagedmembers?pageSize={PAGE}{more}"
            answer = self._ask("GET", address, path)
            yield from (member_from(each) for each in answer.get("members", ()))
            token = str(answer.get("continuationToken") or "")
            if not token:
                return
        raise DeliveryError(
            "this channel has too many members to check; use one for the school's staff only",
            waits=True,
        )

    def is_private(self, address: Address) -> bool:
        """Return whether a conversation holds only people of the institution."""
        if self.account.is_playground:
            return True  # whose people are invented, of no tenant
        return not any(member.is_outsider(address.tenant) for member in self.members(address))

    @property
    def bot_id(self) -> str:
        """Teams' own id of the bot."""
        return f"28:{self.account.client_id}"

    def service_url(self, tenant: str) -> str:
        """Return the tenant's service URL; the worldwide one before its first activity."""
        known = self._records.service_url(tenant)
        insecure = self.account.is_playground
        # The list of members may have become shorter since.
        if known and service_url_of(known, self.account.hosts, insecure=insecure):
            return known
        return PLAYGROUND_URL if insecure else f"https://{self.account.hosts[0]}/teams"

    def close(self) -> None:
        """Close all connections to Microsoft Teams."""
        self.connector.close()

    def _ask(
        self, method: str, address: Address, path: str, json: Payload | None = None
    ) -> dict[str, Any]:
        self._check(address.tenant)
        return self.connector.ask(
            method,
            self.service_url(address.tenant),
            path,
            conversation=address.channel,
            json=json,
        )

    def _forget(self, address: Address) -> str | None:
        """Forget a chat; return its person, or None where it was not begun here."""
        for (tenant, user), conversation in list(self._direct.items()):
            if (tenant, conversation) == (address.tenant, address.channel):
                self._direct.pop((tenant, user), None)
                return user
        return None

    def _check(self, tenant: str) -> None:
        if tenant not in self.account.tenants:
            raise DeliveryError("the tenant is not on the list", waits=True)


def in_thread(conversation: str, root: str | None) -> str:
    """Return the conversation id of a thread: the channel's, and the message that began it.

    Raises ``DeliveryError`` where that message begins no thread.
    """
    if root is None:
        return conversation
    if not root.isascii() or not root.isdigit():
        raise DeliveryError("this is not a message that begins a thread", permanent=True)
    return f"{conversation.partition(';')[0]};messageid={root}"


def _path(conversation: str) -> str:
    return f"v3/conversations/{quote(conversation, safe=':@;=')}"


def _message(message: MessageRef) -> str:
    name = message.message.removeprefix(TARGETED)
    aside = "" if name == message.message else _ASIDE
    return f"{_path(message.address.channel)}/activities/{quote(name, safe=':')}{aside}"
