"""Read groups and accounts from Microsoft Graph by delta queries.

Graph has no delta of one group's members: ``/groups/delta`` reports them as ``members@delta``,
direct members alone, for up to 50 groups; ``/users/delta`` reports accounts that were disabled or
deleted, which the groups' delta does not. Sources: learn.microsoft.com/graph/api/group-delta,
user-delta, delta-query-overview. One object may come several times in a round, and on any page.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping
from copy import deepcopy
from typing import Any

from integrations.directory.errors import ENDLESS, NO_SENSE, DirectoryError, error_of
from integrations.directory.state import DirectoryState, Watch
from integrations.mail.graph.client import GraphClient
from integrations.mail.graph.errors import GraphError
from integrations.mail.interface import MailError
from store.rules.access.directory import Account, Place

AT_ONCE = 50
"""The most objects that one delta query may be filtered by."""
ANEW_AFTER = dt.timedelta(days=1)
"""Everything is read anew once a day, in case a change was never reported; a link lives seven."""
MOST_IDLE = 20
"""How many pages in a row may be empty, as some are, before Graph goes in circles."""
FIELDS = {
    "groups": "id,members",
    "users": "id,mail,userPrincipalName,userType,accountEnabled",
}
_TURN = "directory"
"""The name under which the client keeps to Graph's pauses, as for a mailbox."""
_FORGOTTEN = frozenset({400, 404, 410})
"""Graph's answers to a link that it has forgotten (syncStateNotFound)."""


class GraphDirectory:
    """The groups of a tenant. ``groups``: role in a school → ids of its groups."""

    def __init__(self, client: GraphClient, groups: Mapping[Place, frozenset[str]]) -> None:
        self.groups = groups
        self._client = client

    def look(
        self, before: DirectoryState, linked: Collection[str], now: dt.datetime
    ) -> DirectoryState:
        """Return the state of now, from the one of the last look, which stays as it is.

        ``linked`` are the accounts of colleagues who may be in no group any more.

        Raises ``DirectoryError`` where Graph does not answer fully.
        """
        state = deepcopy(before)
        if not before.begun or now - dt.datetime.fromisoformat(before.begun) >= ANEW_AFTER:
            state = DirectoryState(begun=now.isoformat())
        try:
            for watch in state.watches:
                self._follow(state, watch)
            roots = {each for groups in self.groups.values() for each in groups}
            while new := state.within(roots) - state.watched("groups"):
                self._watch(state, "groups", new)
            people = state.people_in(roots) | {*linked}
            self._watch(state, "users", people - state.watched("users"))
        except MailError as error:
            raise error_of(error) from None
        state.groups = {
            f"{school}:{role}": sorted(groups) for (school, role), groups in self.groups.items()
        }
        return state

    def missing(self, state: DirectoryState) -> list[Place]:
        """Return the roles with a group that does not exist."""
        return sorted(
            place
            for place, groups in self.groups.items()
            if any(each not in state.members for each in groups)
        )

    def sign_in(self) -> None:
        """Get a token, if there is none yet. Raises ``MailError`` where Entra gives none."""
        self._client.sign_in()

    def close(self) -> None:
        """Close the connections to Microsoft Graph."""
        self._client.close()

    def _watch(self, state: DirectoryState, kind: str, ids: Iterable[str]) -> None:
        new = sorted(ids)
        for first in range(0, len(new), AT_ONCE):
            watch = Watch(kind, new[first : first + AT_ONCE])
            state.watches.append(watch)
            self._follow(state, watch)

    def _follow(self, state: DirectoryState, watch: Watch) -> None:
        """Read a watch's changes; all of it where it is new, or Graph has forgotten its link."""
        enter = _enter_group if watch.kind == "groups" else _enter_account
        try:
            for found in self._changes(watch):
                enter(state, watch, found)
        except GraphError as error:
            if not watch.link or error.status not in _FORGOTTEN:
                raise
            state.forget(watch)
            self._follow(state, watch)
        except (LookupError, TypeError, ValueError, AttributeError):
            raise DirectoryError(NO_SENSE) from None

    def _changes(self, watch: Watch) -> Iterator[dict[str, Any]]:
        """Yield everything on the pages of a round, and note the link for the next one."""
        path = watch.link or f"/{watch.kind}/delta"
        query = None
        if not watch.link:
            query = {
                "$select": FIELDS[watch.kind],
                "$filter": " or ".join(f"id eq '{each}'" for each in watch.ids),
            }
        idle = 0
        while True:
            page = self._client.get(_TURN, path, query)
            yield from page["value"]
            if "@odata.deltaLink" in page:
                watch.link = self._own(page["@odata.deltaLink"])
                return
            idle = 0 if page["value"] else idle + 1
            if idle > MOST_IDLE:
                raise DirectoryError(ENDLESS)
            path, query = self._own(page["@odata.nextLink"]), None

    def _own(self, link: object) -> str:
        # It is followed with our token, so it has to lead to Graph.
        if not isinstance(link, str) or not link.startswith(f"{self._client.url}/"):
            raise DirectoryError(NO_SENSE)
        return link


def _enter_group(state: DirectoryState, watch: Watch, found: dict[str, Any]) -> None:
    group = _known(watch, found)
    if "@removed" in found:
        state.members.pop(group, None)
        return
    members = state.members.setdefault(group, {})
    for each in found.get("members@delta", ()):
        member, kind = str(each["id"]).lower(), str(each.get("@odata.type", ""))
        if "@removed" in each:
            members.pop(member, None)
        elif kind.endswith((".user", ".group")):  # devices and applications are no colleagues
            members[member] = kind.endswith(".group")


def _enter_account(state: DirectoryState, watch: Watch, found: dict[str, Any]) -> None:
    account = _known(watch, found)
    if "@removed" in found:
        state.accounts.pop(account, None)
        return
    before = state.accounts.get(account)
    named = [found.get("mail"), found.get("userPrincipalName")]
    addresses = tuple(dict.fromkeys(str(each).casefold() for each in named if each))
    # Without the permission Graph answers with null, which must not look like a disabled account.
    is_enabled = found.get("accountEnabled", before.is_enabled if before else None)
    if not isinstance(is_enabled, bool):
        raise TypeError
    is_guest = str(found.get("userType") or "").casefold() == "guest"
    if before and "userType" not in found:
        is_guest = before.is_guest
    state.accounts[account] = Account(
        account, addresses or (before.addresses if before else ()), is_guest, is_enabled
    )


def _known(watch: Watch, found: dict[str, Any]) -> str:
    """Return the object's id. ``LookupError`` where it was not asked for."""
    known = str(found["id"]).lower()
    if known not in watch.ids:
        raise LookupError
    return known
