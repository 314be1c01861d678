"""A person's account in a Slack workspace."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Account:
    """A person's account, as Slack has it now. Personal data: none of it is logged or stored.

    ``team`` is their own workspace. In an organisation of Enterprise Grid that is one of
    ``workspaces``, and ``is_listed`` is whether the organisation itself is listed. ``is_stranger``:
    from another workspace, and in no channel that Lantern sees.
    """

    user: str
    team: str
    address: str
    is_active: bool
    is_guest: bool
    is_bot: bool
    is_stranger: bool = False
    organisation: str = ""
    workspaces: frozenset[str] = frozenset()
    is_listed: bool = False

    @property
    def addresses(self) -> tuple[str, ...]:
        """The addresses that may be theirs in the roster."""
        return (self.address,) if self.address else ()

    def is_of(self, place: str) -> bool:
        """Return whether the person belongs to this workspace or organisation."""
        return self.is_listed or place in (self.team, self.organisation, *self.workspaces)

    def is_outsider(self, team: str) -> bool:
        """Return whether this is a guest, a bot, or a person from elsewhere (Slack Connect).

        ``team`` is a workspace or organisation. Its full members are not outsiders, whichever of
        the organisation's workspaces they belong to; nor are members of a listed organisation.
        """
        is_member = team in self.workspaces or self.is_listed
        is_ours = is_member or (team in (self.team, self.organisation) and not self.is_stranger)
        return self.is_guest or self.is_bot or not is_ours


def person_of(found: dict[str, Any], organisations: Collection[str] = ()) -> Account:
    """Return the account in Slack's ``user`` object (docs.slack.dev/reference/objects/user-object).

    ``organisations`` are the listed ones.
    """
    whole = found.get("enterprise_user") or {}
    organisation = str(whole.get("enterprise_id") or "")
    return Account(
        user=str(found.get("id")),
        team=str(found.get("team_id") or ""),
        address=str((found.get("profile") or {}).get("email") or ""),
        is_active=not found.get("deleted", False),
        is_guest=any(found.get(name) for name in ("is_restricted", "is_ultra_restricted")),
        is_bot=bool(found.get("is_bot")),
        is_stranger=bool(found.get("is_stranger")),
        organisation=organisation,
        workspaces=frozenset(str(each) for each in whole.get("teams") or ()),
        is_listed=not {organisation, found.get("team_id")}.isdisjoint(organisations),
    )
