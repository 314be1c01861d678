"""Somebody's account in a Slack workspace."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody's account, as Slack has it now. Personal data: nothing of it is logged or kept."""

    user: str
    team: str
    address: str
    is_active: bool
    is_guest: bool
    is_bot: bool

    def is_outsider(self, team: str) -> bool:
        """A guest, a bot, or somebody of another workspace (Slack Connect)."""
        return self.is_guest or self.is_bot or self.team != team


def person_of(found: dict[str, Any]) -> Account:
    """A ``user`` as Slack describes it."""
    guest = ("is_restricted", "is_ultra_restricted", "is_stranger")
    return Account(
        user=str(found.get("id")),
        team=str(found.get("team_id") or ""),
        address=str((found.get("profile") or {}).get("email") or ""),
        is_active=not found.get("deleted", False),
        is_guest=any(found.get(name) for name in guest),
        is_bot=bool(found.get("is_bot")),
    )
