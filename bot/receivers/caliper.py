"""The endpoint for Caliper 1.1 and 1.2: envelopes of events, with a bearer token."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from bot.receivers.sender import Receiver, RefusedRequest, refused_request
from integrations.feeds.formats.readers.caliper import CONTEXT, VERSIONS
from integrations.feeds.inbox import Kind

PATH = "/caliper"

NO_ENVELOPE = "Send a Caliper envelope: an object with sensor, sendTime, dataVersion and data."
OTHER_VERSION = "dataVersion is not of Caliper 1.1 or 1.2."


class CaliperEndpoint:
    """Takes envelopes, and answers 200 with nothing once what they hold is kept."""

    def __init__(self, receiver: Receiver) -> None:
        self._receiver = receiver

    async def __call__(self, request: Request) -> Response:
        """Answer one request."""
        try:
            source = self._receiver.source_of(request)
            events = _events_of(await self._receiver.json_of(request))
            await self._receiver.keep(source, Kind.CALIPER, events)
        except RefusedRequest as refused:
            return refused.response
        return Response(status_code=200)


def _events_of(envelope: Any) -> list[Any]:
    """Return what an envelope holds.

    Raises ``RefusedRequest`` for what is none, or of another version.
    """
    events = envelope.get("data") if isinstance(envelope, dict) else None
    if not isinstance(events, list):
        raise refused_request(400, NO_ENVELOPE)
    if not all(isinstance(envelope.get(key), str) for key in ("sensor", "sendTime", "dataVersion")):
        raise refused_request(400, NO_ENVELOPE)
    if envelope["dataVersion"].removeprefix(CONTEXT) not in VERSIONS:
        raise refused_request(422, OTHER_VERSION)
    return events
