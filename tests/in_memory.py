"""Tests keep their files in memory, where the system has a file system for that.

A run writes some thirty gigabytes, almost all of it small databases that are gone a moment later. A
disk takes a tenth of the run's time for them, and is what the processes wait for.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

MEMORY = Path("/dev/shm")  # noqa: S108 -- it is asked for its rights below
FREE_BYTES = 4 * 10**9
"""What a run may need at most: a container often has much less there, and then keeps its disk."""


def keep_files() -> None:
    """Have temporary files of this process and its children made in memory, unless ``TMPDIR`` says
    where they belong."""
    if "TMPDIR" not in os.environ and _is_fit(MEMORY):
        os.environ["TMPDIR"] = str(MEMORY)
        tempfile.tempdir = None  # pytest has asked for it already


def _is_fit(folder: Path) -> bool:
    """Return whether files and programs of any account can live here."""
    try:
        system = os.statvfs(folder)
    except (OSError, AttributeError):
        return False
    may_run = not system.f_flag & os.ST_NOEXEC
    has_room = system.f_bavail * system.f_frsize >= FREE_BYTES
    return may_run and has_room and os.access(folder, os.W_OK)
