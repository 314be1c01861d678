"""A clock that is set by hand, through a file with the instant, for trying out whole terms.

``LANTERN_CLOCK`` names the file. Every process reads it whenever it needs the time, so that all of
them move together. Real colleagues and students live in real time, so the setting cannot be
combined with a real platform, a real mailbox or a public address; ``integrations.settings`` refuses
it.
"""

from __future__ import annotations

import datetime as dt
import os
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class MovedClock:
    """Reads the instant from a file, such as ``2026-10-12T09:00:00+00:00``."""

    file: Path

    def __call__(self) -> dt.datetime:
        """Return the instant in the file, in UTC.

        Raises:
            ValueError: it holds none, or one without an offset.
            OSError: it cannot be read.
        """
        instant = dt.datetime.fromisoformat(self.file.read_text(encoding="utf-8").strip())
        if instant.tzinfo is None:
            raise ValueError("the instant has no offset")
        return instant.astimezone(dt.UTC)

    def set(self, instant: dt.datetime) -> None:
        """Set the clock atomically: readers see the old or the new instant."""
        part = self.file.with_name(f".{self.file.name}.{os.getpid()}.part")
        part.write_text(f"{instant.astimezone(dt.UTC).isoformat()}\n", encoding="utf-8")
        part.replace(self.file)
