"""The members of a conversation in Teams, as its directory has them now."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

_OUTSIDERS = frozenset({"guest", "anonymous"})


@dataclass(frozen=True, slots=True)
class Member:
    """A person in a conversation, as the directory has them now.

    ``user`` is Entra's immutable object id, ``mention`` Teams' own id, ``address`` the sign-in
    name, ``mail`` the email address, which may differ. Personal data: none of it is logged or
    stored in a card.
    """

    user: str
    tenant: str
    address: str
    name: str
    role: str
    mention: str
    mail: str = ""

    @property
    def addresses(self) -> tuple[str, ...]:
        """The addresses that may be theirs in the roster, the sign-in name first."""
        return tuple(dict.fromkeys(each for each in (self.address, self.mail) if each))

    def is_outsider(self, tenant: str) -> bool:
        """Return whether this is a guest, a person without an account, or one of another tenant."""
        is_guest = self.role in _OUTSIDERS or "#ext#" in self.address.lower()
        return is_guest or not self.user or self.tenant != tenant


def member_from(found: dict[str, Any]) -> Member:
    """Read a member from Teams' response; '' for missing fields."""
    return Member(
        user=str(found.get("aadObjectId") or found.get("objectId") or "").lower(),
        tenant=str(found.get("tenantId") or "").lower(),
        address=str(found.get("userPrincipalName") or found.get("email") or ""),
        name=str(found.get("name") or ""),
        role=str(found.get("userRole") or "").lower(),
        mention=str(found.get("id") or ""),
        mail=str(found.get("email") or ""),
    )
