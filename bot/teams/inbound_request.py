"""One verified activity from Teams, with the fields that all modules need."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

REFRESH = "refresh"
"""The verb by which Teams refreshes a card for one person."""

PAGE = "page"
"""The id of a refresh for a page that is not a case's card."""

_ACCOUNT = re.compile(r"[0-9a-f-]{1,64}")
_READS = frozenset({"task/fetch", "composeExtension/fetchTask", "composeExtension/query"})


@dataclass(frozen=True, slots=True)
class InboundRequest:
    """One authentic activity. ``conversation`` is without its thread; ``thread`` is its root.

    ``user`` is Entra's immutable object id, '' where Teams named none. ``key`` is derived from the
    activity, so that one delivered twice has the same key.
    """

    tenant: str
    user: str
    conversation: str
    thread: str | None
    is_personal: bool
    is_group: bool
    kind: str
    key: str
    body: Mapping[str, Any]

    @property
    def acts(self) -> bool:
        """Return whether a repeated request could act twice: any request except a refresh."""
        return self.kind not in _READS and not self.is_refresh

    @property
    def is_refresh(self) -> bool:
        """Return whether Teams itself asks, because a person looks at a card."""
        action = part(part(self.body, "value"), "action")
        return self.kind == "adaptiveCard/action" and action.get("verb") == REFRESH


ARRIVED: ContextVar[InboundRequest] = ContextVar("teams arrival")
"""The current activity: the SDK hands its listeners a copy that has lost some of it."""


def inbound_request(body: Mapping[str, Any], tenant: str) -> InboundRequest:
    """Read an activity whose shape has been checked."""
    whole = str(part(body, "conversation")["id"])
    conversation, _, rest = whole.partition(";")
    root = rest.removeprefix("messageid=") if rest.startswith("messageid=") else None
    kind = str(body.get("name") or body["type"])
    named = (tenant, whole, str(body["id"]), kind, str(body.get("timestamp") or ""))
    # A digest, since the ids of chats contain people's ids.
    digest = hashlib.sha256("\n".join(named).encode("utf-8", "replace")).hexdigest()
    return InboundRequest(
        tenant=tenant,
        user=_account(part(body, "from").get("aadObjectId")),
        conversation=conversation,
        thread=root,
        is_personal=part(body, "conversation").get("conversationType") == "personal",
        is_group=part(body, "conversation").get("conversationType") == "groupChat",
        kind=kind,
        key=f"teams:{digest}",
        body=body,
    )


def _account(given: object) -> str:
    """Read an object id of Entra's; '' for anything else, which authentication refuses."""
    found = given.lower() if isinstance(given, str) else ""
    return found if _ACCOUNT.fullmatch(found) else ""


def part(body: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """Read an object within an object; empty where there is none."""
    found = body.get(name)
    return found if isinstance(found, Mapping) else {}
