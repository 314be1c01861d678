"""The part of the fake Graph that tells of groups and accounts by delta queries.

As Graph does: direct members alone; a large group comes on several pages; a page may be empty;
devices are members too; a deleted account is told by its own delta and not by its groups'; a link
that Graph has forgotten is refused. Sources: the reference of ``group: delta`` and ``user: delta``,
and issue 5855 of microsoft-graph-docs-contrib for what the groups' delta leaves out.
"""

from __future__ import annotations

import re
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

import httpx

from tests.fakes.graph.routes import Refused

ON_A_PAGE = 2
MOST_FILTERED = 50
NEEDS = {"groups": "GroupMember.Read.All", "users": "User.Read.All"}
PATH = re.compile(r"/v1\.0/(groups|users)/delta")
_FILTER = re.compile(r"id eq '([0-9a-f-]{36})'(?: or id eq '([0-9a-f-]{36})')*")
_SELECTABLE = {
    "groups": {"id", "displayName", "members"},
    "users": {"id", "mail", "userPrincipalName", "userType", "accountEnabled", "displayName"},
}


def directory_id(number: int) -> str:
    """Return an invented object id."""
    return f"00000000-0000-0000-0000-{number:012}"


@dataclass
class Round:
    """A state token: what was asked, what was told before, and the pages that are left."""

    kind: str
    ids: tuple[str, ...]
    names: frozenset[str]
    told: dict[str, Any]
    pages: list[list[dict[str, Any]]] = field(default_factory=list)


@dataclass
class FakeDirectory:
    """Groups and accounts. A test changes ``groups`` and ``users``."""

    groups: dict[str, set[str]] = field(default_factory=dict)
    """Group → its direct members: ids of users, groups or devices."""
    users: dict[str, dict[str, Any]] = field(default_factory=dict)
    permissions: set[str] = field(default_factory=lambda: set(NEEDS.values()))
    forgets_with: tuple[int, str] = (410, "syncStateNotFound")
    _rounds: dict[str, Round] = field(default_factory=dict)

    def adds(self, address: str, number: int, *groups: str, **properties: Any) -> str:
        """Add an account to groups, and return its id."""
        user = directory_id(number)
        self.users[user] = {
            "mail": address,
            "userPrincipalName": address,
            "userType": "Member",
            "accountEnabled": True,
            **properties,
        }
        for each in groups:
            self.groups.setdefault(each, set()).add(user)
        return user

    def forgets(self) -> None:
        """Forget every link that was given out."""
        self._rounds.clear()

    def answer(self, kind: str, request: httpx.Request) -> dict[str, Any]:
        """Return a page of a round. Raises ``Refused`` as Graph refuses."""
        if NEEDS[kind] not in self.permissions:
            raise Refused(403, "Authorization_RequestDenied")
        query = dict(request.url.params)
        token = query.get("$deltatoken") or query.get("$skiptoken")
        if token is None:
            now = self._begin(kind, query)
        elif token not in self._rounds:
            status, code = self.forgets_with
            raise Refused(status, code, {"Location": f"{_here(request)}?$deltatoken="})
        else:
            now = self._continue(self._rounds[token], is_new="$deltatoken" in query)
        page = now.pages.pop(0)
        link, mark = ("nextLink", "$skiptoken") if now.pages else ("deltaLink", "$deltatoken")
        name = f"{kind}-{len(self._rounds)}"
        self._rounds[name] = now
        return {"value": page, f"@odata.{link}": f"{_here(request)}?{mark}={name}"}

    def _begin(self, kind: str, query: dict[str, str]) -> Round:
        if set(query) - {"$select", "$filter"}:
            raise Refused(400, "Request_UnsupportedQuery")
        names = set(query.get("$select", "id").split(","))
        listed = query.get("$filter", "")
        ids = re.findall("'([^']+)'", listed)
        if names - _SELECTABLE[kind] or not _FILTER.fullmatch(listed) or len(ids) > MOST_FILTERED:
            raise Refused(400, "Request_UnsupportedQuery")
        return self._continue(Round(kind, tuple(ids), frozenset(names), {}), is_new=True)

    def _continue(self, last: Round, *, is_new: bool) -> Round:
        if not is_new:
            return deepcopy(last)
        told = {each: self._of(last, each) for each in last.ids if self._of(last, each) is not None}
        told_of = self._changed_groups if last.kind == "groups" else self._changed_users
        entries = told_of(last, told)
        pages = [[each] for each in entries]
        # An empty page in the middle, and the deltaLink on a last page that may be empty too.
        return Round(last.kind, last.ids, last.names, told, [*pages[:1], [], *pages[1:], []])

    def _of(self, last: Round, each: str) -> Any:
        known: dict[str, Any] = self.groups if last.kind == "groups" else self.users
        return deepcopy(known.get(each))

    def _changed_groups(self, last: Round, now: dict[str, set[str]]) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        for group in last.ids:
            before, after = last.told.get(group), now.get(group)
            if after is None:
                if before is not None:
                    found.append({"id": group, "@removed": {"reason": "deleted"}})
                continue
            new = [self._member(each) for each in sorted(after - (before or set()))]
            gone = [
                {**self._member(each), "@removed": {"reason": "deleted"}}
                for each in sorted((before or set()) - after)
                # Who was deleted themselves is left out.
                if each in self.users or each in self.groups
            ]
            members = [*new, *gone]
            parts = [members[i : i + ON_A_PAGE] for i in range(0, len(members), ON_A_PAGE)]
            if before is None and not parts:
                parts = [[]]
            found += [{"id": group, "members@delta": part} for part in parts]
        return found

    def _member(self, each: str) -> dict[str, Any]:
        kind = "user" if each in self.users else "group" if each in self.groups else "device"
        return {"@odata.type": f"#microsoft.graph.{kind}", "id": each}

    def _changed_users(self, last: Round, now: dict[str, Any]) -> list[dict[str, Any]]:
        found = []
        for user in last.ids:
            before, after = last.told.get(user), now.get(user)
            if after is None and before is not None:
                found.append({"id": user, "@removed": {"reason": "changed"}})
            elif after is not None and after != before:
                shown = {name: value for name, value in after.items() if name in last.names}
                found.append({"id": user, **shown})
        return found


def _here(request: httpx.Request) -> str:
    return str(request.url.copy_with(query=None))
