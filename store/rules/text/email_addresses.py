"""Check whether a text is one plain email address, and whether people read it."""

from __future__ import annotations

import re

_ADDRESS = re.compile(r"[\w.!#$%&'*+=?^`{|}~-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*", re.ASCII)
_NO_REPLY = re.compile(r"(?:do[_.-]?)?no[t_.-]*reply", re.IGNORECASE)


def is_mail_address(text: str) -> bool:
    """Return whether this is one plain email address and nothing else.

    Narrower than the standard on purpose: no quotes, spaces, slashes or line breaks, so that an
    address is safe in a header and as the name of a folder.
    """
    return len(text) <= 200 and _ADDRESS.fullmatch(text) is not None


def is_no_reply_address(text: str) -> bool:
    """Return whether an address says of itself that no one reads what is sent to it."""
    return _NO_REPLY.match(text) is not None
