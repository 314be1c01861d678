"""Settings out of files that ``NAME_FILE`` names, as containers and systemd hand on secrets."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any


class UnusableFile(Exception):
    """A file that a setting names cannot be used. The text is a sentence that names the setting."""


def out_of_files(names: Iterable[str]) -> dict[str, Any]:
    """Give each variable that has a file, and what the file holds.

    Raises:
        UnusableFile: a file cannot be read, or the variable itself is set as well.
    """
    found = {}
    for name in names:
        path = os.environ.get(f"{name}_FILE")
        if not path:
            continue
        if os.environ.get(name):
            raise UnusableFile(f"The settings {name} and {name}_FILE are both set; leave one out.")
        try:
            found[name] = Path(path).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError):
            raise UnusableFile(
                f"The setting {name}_FILE cannot be used: it must name a text file that Lantern's "
                "account may read."
            ) from None
    return found
