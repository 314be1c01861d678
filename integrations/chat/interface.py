"""What Lantern asks of a chat platform, whichever it is.

An adapter posts payloads that the bot has rendered already. It translates every vendor error
into ``DeliveryError``, so that the worker knows one thing only: is it worth trying again?
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from integrations.service_error import ServiceError
from store.rules.model import Platform

Payload = Mapping[str, Any]
"""A rendered message, JSON-serialisable, exactly as the platform takes it."""


@dataclass(frozen=True, slots=True)
class Address:
    """A channel: the platform's own immutable ids."""

    platform: Platform
    tenant: str
    channel: str


@dataclass(frozen=True, slots=True)
class MessageRef:
    """A posted message. ``message`` is the platform's id of it."""

    address: Address
    message: str


class DeliveryError(ServiceError):
    """A platform did not take a message. The text holds no content of the message.

    ``permanent``: the same request can never succeed. ``waits``: it can, once a person has acted.
    Neither: it may pass by itself. ``retry_after`` is the platform's own wish, where it gave one.
    ``unknown``: it may or may not have happened.
    ``throttled``: it was refused for the number of requests alone, which says nothing about it.
    ``gone``: the message that was meant is not there any more.
    """

    def __init__(
        self,
        reason: str,
        *,
        permanent: bool = False,
        waits: bool = False,
        retry_after: dt.timedelta | None = None,
        unknown: bool = False,
        throttled: bool = False,
        gone: bool = False,
    ) -> None:
        super().__init__(reason, waits=waits, retry_after=retry_after)
        self.permanent = permanent
        self.unknown = unknown
        self.throttled = throttled
        self.gone = gone


class Workspace(Protocol):
    """One chat platform, as Lantern uses it: post once, update, delete, read members."""

    remembers: bool
    """Whether the platform can be asked if a key was posted. Where it cannot, a line that may have
    been posted is not posted again."""

    def post(
        self, address: Address, payload: Payload, *, key: str, thread: str | None = None
    ) -> MessageRef:
        """Post a message, in a thread where ``thread`` names its root.

        ``key`` identifies the message: posting twice with one key leaves one message, as far as
        the platform can be asked what it holds.
        """
        ...

    def direct(self, tenant: str, user: str) -> Address:
        """Say where a private message to one person goes; ``user`` is the platform's id of them."""
        ...

    def mention(self, address: Address, user: str) -> str | None:
        """Return the id by which a message in this channel mentions a person of the institution;
        None where they are not in it, and would not be told."""
        ...

    def update(self, message: MessageRef, payload: Payload) -> None:
        """Replace a posted message in place."""
        ...

    def delete(self, message: MessageRef) -> None:
        """Delete a posted message; one that is gone already is no error."""
        ...

    def below(self, message: MessageRef) -> Sequence[str]:
        """Return the ids of everything in the thread of a message, itself not among them; none
        where the platform cannot be asked."""
        ...
