"""The address for xAPI statements (IEEE 9274.1.1, and xAPI 1.0.3): stored, and never given out.

A sender stores statements with POST, or one under its own id with PUT. A statement without an id
gets one from its content, so that a second try is the same statement.
"""

from __future__ import annotations

import json
import uuid
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from bot.receivers.sender import Receiver, RefusedRequest, refused_request
from integrations.feeds.inbox import Kind
from integrations.feeds.sent_statements import ChangedStatement

PATH, ABOUT = "/xapi/statements", "/xapi/about"
VERSION = "X-Experience-API-Version"
NEWEST, ANSWERED = "2.0.0", ("1.0.3", "2.0.0")
MOST = 10_000
"""Statements of one request."""

_NAMESPACE = uuid.UUID("6b8ad5f4-4f0e-5c8e-9f0b-6d1f3a0c9f11")

NO_VERSION = f"Send the header {VERSION}, with 1.0.3 or 2.0.0."
NO_STATEMENT = "Send a statement or a list of them: each an object with actor, verb and object."
NO_ID = "Give the id of the statement as statementId; its own id, where it has one, is the same."
BAD_ID = "The id of a statement is a UUID."
TWICE = "Two statements of the request have the same id."
CHANGED = (
    "A statement of this id, with other content, came before. None of the request was taken: give "
    "what changed an id of its own, and send the rest again."
)
TOO_MANY = f"Send at most {MOST:,} statements in one request."


class StatementsEndpoint:
    """Takes statements, and answers with their ids once they are kept."""

    def __init__(self, receiver: Receiver) -> None:
        self._receiver = receiver

    async def __call__(self, request: Request) -> Response:
        """Answer one request; every answer says the version."""
        version = request.headers.get(VERSION, "")
        try:
            response = await self._take(request, version)
        except RefusedRequest as refused:
            response = refused.response
        response.headers[VERSION] = ANSWERED[1] if version.startswith("2.0") else ANSWERED[0]
        return response

    async def _take(self, request: Request, version: str) -> Response:
        source = self._receiver.source_of(request)
        if not version.startswith(("1.0", "2.0")):
            raise refused_request(400, NO_VERSION)
        found = await self._receiver.json_of(request)
        if request.method == "PUT":
            statements = [_under_its_id(found, request.query_params.get("statementId", ""))]
        else:
            statements = found if isinstance(found, list) else [found]
        if len(statements) > MOST:
            raise refused_request(413, TOO_MANY)
        kept = [_identified(each) for each in statements]
        ids = [each["id"] for each in kept]
        if len({each.casefold() for each in ids}) < len(ids):
            raise refused_request(400, TWICE)
        try:
            await self._receiver.keep(source, Kind.XAPI, kept)
        except ChangedStatement:
            raise refused_request(409, CHANGED) from None
        return Response(status_code=204) if request.method == "PUT" else JSONResponse(ids)


async def about(_request: Request) -> Response:
    """Say which versions are taken, which senders ask before they begin."""
    return JSONResponse({"version": list(ANSWERED)}, headers={VERSION: NEWEST})


def _identified(statement: Any) -> dict[str, Any]:
    """Return a statement with its id.

    Raises ``RefusedRequest``: the request is then not taken at all.
    """
    if not isinstance(statement, dict) or not all(
        isinstance(statement.get(key), dict) for key in ("actor", "verb", "object")
    ):
        raise refused_request(400, NO_STATEMENT)
    if "id" in statement:
        if not _is_uuid(statement["id"]):
            raise refused_request(400, BAD_ID)
        return statement
    content = json.dumps(statement, sort_keys=True)
    return statement | {"id": str(uuid.uuid5(_NAMESPACE, content))}


def _under_its_id(statement: Any, said: str) -> Any:
    own = statement.get("id", said) if isinstance(statement, dict) else said
    if not _is_uuid(said) or own != said:
        raise refused_request(400, NO_ID)
    return statement | {"id": said} if isinstance(statement, dict) else statement


def _is_uuid(text: Any) -> bool:
    try:
        return isinstance(text, str) and str(uuid.UUID(text)) == text.casefold()
    except ValueError:
        return False
