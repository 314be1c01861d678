"""The sentences of error pages in the sandbox."""

from __future__ import annotations

from starlette.exceptions import HTTPException

NOT_FOUND = "There is nothing at this address."

UNREADABLE = "This form could not be read. Load the page again and retry."


class SorryError(HTTPException):
    """An error with a sentence for the person who asked, shown on a plain page."""


def error_sentence(error: HTTPException) -> str:
    """Return the sentence that an error page shows."""
    if isinstance(error, SorryError):
        return error.detail
    return UNREADABLE if error.status_code == 400 else NOT_FOUND
