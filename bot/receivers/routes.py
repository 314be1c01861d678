"""The routes of the receivers, where a source has a key."""

from __future__ import annotations

from starlette.routing import Route

from bot.receivers import caliper, xapi
from bot.receivers.sender import Receiver
from integrations.bootstrap import Services


def receiver_routes(services: Services) -> list[Route]:
    """Return the routes for what sources send; none where no source has a key."""
    if not services.settings.keys_of_senders:
        return []
    receiver = Receiver(services)
    statements = xapi.StatementsEndpoint(receiver)
    return [
        Route(caliper.PATH, caliper.CaliperEndpoint(receiver).__call__, methods=["POST"]),
        Route(xapi.PATH, statements.__call__, methods=["POST", "PUT"]),
        Route(xapi.ABOUT, xapi.about, methods=["GET"]),
    ]
