"""Check whether a text is one plain email address."""

from __future__ import annotations

import re

_ADDRESS = re.compile(r"[\w.!#$%&'*+=?^`{|}~-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*", re.ASCII)


def is_mail_address(text: str) -> bool:
    """Return whether this is one plain email address and nothing else.

    Narrower than the standard on purpose: no quotes, spaces, slashes or line breaks, so that an
    address is safe in a header and as the name of a folder.
    """
    return len(text) <= 200 and _ADDRESS.fullmatch(text) is not None
