"""The file ``.env``: settings as lines of ``NAME='value'``, for Lantern, shells and systemd."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from pathlib import Path

from dotenv import dotenv_values

from store.rules.errors import InvalidInput

NO_ROOM = (
    "a quotation mark, a backslash, ${ or a line break, which a settings file cannot hold. Choose "
    "another value."
)
_HEADING = "# Settings of Lantern, written by lantern init. Keep this file secret."


def read_env(file: Path) -> dict[str, str]:
    """Return the settings in a file; {} where there is no such file."""
    return {name: value for name, value in dotenv_values(file).items() if value}


def has_room_in_a_line(value: str) -> bool:
    """Return whether a line of the settings file can hold this value."""
    return not any(sign in value for sign in "'\n\r\\") and "${" not in value


def env_text(settings: Mapping[str, str]) -> str:
    """Format settings as lines. Raises ``InvalidInput`` for a value that such a line cannot
    hold."""
    for name, value in settings.items():
        if not has_room_in_a_line(value):
            raise InvalidInput(f"The setting {name} holds {NO_ROOM}")
    lines = [f"{name}='{value}'" for name, value in settings.items() if value]
    return "\n".join([_HEADING, *lines, ""])


def write_whole(file: Path, text: str, mode: int = 0o644) -> None:
    """Write a file atomically.

    Raises:
        InvalidInput: it cannot be written there.
    """
    fresh = file.with_name(f"{file.name}.{secrets.token_hex(4)}")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        try:
            with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "w") as out:
                out.write(text)
                out.flush()
                os.fsync(out.fileno())
            fresh.replace(file)
        finally:
            fresh.unlink(missing_ok=True)
    except OSError as error:
        raise InvalidInput(
            f"{file} cannot be written: {error.strerror}. Choose a folder that you may write to."
        ) from None
