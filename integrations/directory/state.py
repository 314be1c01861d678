"""What has been read of the directory so far, and the links from which the next look continues."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass, field

from store.rules.access.directory import Account, DirectoryAnswer
from store.rules.model import Role


@dataclass(slots=True)
class Watch:
    """Up to 50 groups or users whose changes are read together. ``link`` is Graph's delta link."""

    kind: str
    ids: list[str]
    link: str = ""


@dataclass(slots=True)
class DirectoryState:
    """Groups with their direct members, and accounts. ``begun`` is when it was read anew (ISO)."""

    begun: str = ""
    watches: list[Watch] = field(default_factory=list)
    members: dict[str, dict[str, bool]] = field(default_factory=dict)
    """Group → member → whether the member is a group itself. A deleted group is missing."""
    accounts: dict[str, Account] = field(default_factory=dict)
    """Those that exist, by id."""
    groups: dict[str, list[str]] = field(default_factory=dict)
    """``LANG:adviser`` → ids of its groups, as the settings had them at the look."""

    def watched(self, kind: str) -> set[str]:
        """Return the ids of everything of this kind that is watched."""
        return {each for watch in self.watches if watch.kind == kind for each in watch.ids}

    def forget(self, watch: Watch) -> None:
        """Forget what was read of a watch, since it is about to be read anew."""
        known: dict[str, dict[str, bool]] | dict[str, Account] = (
            self.members if watch.kind == "groups" else self.accounts
        )
        for each in watch.ids:
            known.pop(each, None)
        watch.link = ""

    def within(self, roots: Iterable[str]) -> set[str]:
        """Return these groups and all groups in them, however deep; they may be in circles."""
        found: set[str] = set()
        waiting = list(roots)
        while waiting:
            group = waiting.pop()
            if group not in found:
                found.add(group)
                waiting += [
                    each for each, is_group in self.members.get(group, {}).items() if is_group
                ]
        return found

    def people_in(self, roots: Collection[str]) -> frozenset[str]:
        """Return the accounts in these groups and in the groups within them."""
        return frozenset(
            each
            for group in self.within(roots)
            for each, is_group in self.members.get(group, {}).items()
            if not is_group
        )

    def answer(self) -> DirectoryAnswer:
        """Return what this says of each role. A role whose groups are all gone is left out."""
        members = {}
        for place, groups in self.groups.items():
            school, _, role = place.rpartition(":")
            if any(each in self.members for each in groups):
                members[school, Role(role)] = self.people_in(groups)
        return DirectoryAnswer(members, self.accounts)

    def as_text(self) -> str:
        """Return the state as JSON, to be sealed."""
        return json.dumps(asdict(self))

    @classmethod
    def of_text(cls, text: str) -> DirectoryState:
        """Read a state that ``as_text`` wrote."""
        found = json.loads(text)
        return cls(
            found["begun"],
            [Watch(**each) for each in found["watches"]],
            found["members"],
            {
                key: Account(
                    each["id"], tuple(each["addresses"]), each["is_guest"], each["is_enabled"]
                )
                for key, each in found["accounts"].items()
            },
            found["groups"],
        )
