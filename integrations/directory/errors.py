"""Errors of the directory, as sentences for an operator."""

from __future__ import annotations

from integrations.mail.graph.errors import GraphError
from integrations.mail.interface import MailError
from integrations.service_error import ServiceError

PERMISSIONS = (
    "in Entra, App registrations, the application of GRAPH_CLIENT_ID, API permissions, add the "
    "application permissions GroupMember.Read.All and User.Read.All and choose Grant admin consent"
)

NO_SENSE = (
    "Microsoft Graph sent a list of groups or accounts that Lantern cannot read, so no access was "
    "changed; Lantern looks again by itself. If this continues, check GRAPH_URL."
)
ENDLESS = (
    "Microsoft Graph repeats the same list of members without an end, so no access was changed; "
    "Lantern looks again by itself. If it stays, ask Microsoft's support."
)


class DirectoryError(ServiceError):
    """The directory could not be read, so nothing was changed. The text names no person."""

    def __init__(self, reason: str, *, waits: bool = False) -> None:
        super().__init__(reason, waits=waits, away=not waits, retry_after=None)


def error_of(error: MailError) -> DirectoryError:
    """Turn an error of the client for Graph into one about the directory."""
    if not isinstance(error, GraphError):
        return DirectoryError(f"{error} No access was changed.", waits=error.waits)
    code = f"{error.status}{f' {error.code}' if error.code else ''}"
    if error.status in (401, 403):
        return DirectoryError(
            f"Microsoft Graph does not let Lantern read groups and accounts ({code}), so no access "
            f"was changed: {PERMISSIONS}.",
            waits=True,
        )
    return DirectoryError(
        f"Microsoft Graph did not answer about groups and accounts ({code}), so no access was "
        "changed; Lantern looks again by itself."
    )
