"""The interface to chat platforms.

An adapter posts payloads that the bot has already rendered. It translates every vendor error into
``DeliveryError``, so that the worker only needs to know whether to retry.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol, runtime_checkable

from integrations.service_error import ServiceError
from store.rules.model import Platform

Payload = Mapping[str, Any]
"""A rendered message, JSON-serialisable, in the platform's own format."""


@dataclass(frozen=True, slots=True)
class Address:
    """The address of a channel: the platform's own immutable ids."""

    platform: Platform
    tenant: str
    channel: str


@dataclass(frozen=True, slots=True)
class MessageRef:
    """A posted message. ``message`` is the platform's id of it."""

    address: Address
    message: str


class LostMessage(StrEnum):
    """Why a posted message can never be changed again."""

    GONE = "gone"
    FIXED = "fixed"
    """It still stands in the channel, as it was."""


class DeliveryError(ServiceError):
    """A platform did not accept a request. The text has no content of the message.

    ``permanent``: the same request can never succeed. ``waits``: it can, once a person has acted.
    Neither: it may succeed later by itself. ``away``: the platform cannot be reached, or takes
    nothing at all. ``retry_after``: the pause that the platform asked for, if any. ``unknown``: it
    may or may not have succeeded. ``throttled``: it was refused only for the number of requests.
    ``lost``: why the message can never be changed again, if that is so.
    """

    def __init__(
        self,
        reason: str,
        *,
        permanent: bool = False,
        waits: bool = False,
        away: bool = False,
        retry_after: dt.timedelta | None = None,
        unknown: bool = False,
        throttled: bool = False,
        lost: LostMessage | None = None,
    ) -> None:
        super().__init__(reason, waits=waits, away=away, retry_after=retry_after)
        self.permanent = permanent
        self.unknown = unknown
        self.throttled = throttled
        self.lost = lost


class Workspace(Protocol):
    """One chat platform, as Lantern uses it: post once, update, delete, read members."""

    remembers: bool
    """Whether the platform can be queried for a posted key. If not, a line that may have been
    posted is not posted again."""

    def post(
        self, address: Address, payload: Payload, *, key: str, thread: str | None = None
    ) -> MessageRef:
        """Post a message, in a thread where ``thread`` names its root.

        ``key`` identifies the message: posting twice with one key leaves one message, as far as the
        platform can be queried for posted messages.
        """
        ...

    def direct(self, tenant: str, user: str) -> Address:
        """Return the address for private messages to a person; ``user`` is the platform's id."""
        ...

    def mention(self, address: Address, user: str) -> str | None:
        """Return the id for mentioning a person in this channel; None where they are not in it."""
        ...

    def update(self, message: MessageRef, payload: Payload) -> None:
        """Replace a posted message in place."""
        ...

    def delete(self, message: MessageRef) -> None:
        """Delete a posted message; one that is gone already is no error."""
        ...

    def below(self, message: MessageRef) -> Sequence[str]:
        """Return the ids of all replies to a message; none where the platform cannot be queried."""
        ...


@dataclass(frozen=True, slots=True)
class PictureUpload:
    """A picture that a platform is about to hold: the platform's id of the file, and the address
    to which its content goes. The address is as good as a secret."""

    file: str
    address: str = field(repr=False)


@runtime_checkable
class PictureKeeper(Protocol):
    """A workspace whose cards show pictures only of files that it holds itself.

    The files are Lantern's own, in no channel: no address shows one without signing in.
    """

    def begin_picture(self, tenant: str, size: int) -> PictureUpload:
        """Ask for a file of ``size`` bytes. A platform discards one that is not completed."""
        ...

    def complete_picture(self, tenant: str, upload: PictureUpload, content: bytes) -> None:
        """Send the content and complete the upload, once."""
        ...

    def delete_picture(self, tenant: str, file: str) -> bool:
        """Delete a file; False where the platform has none of this id, or no more."""
        ...
