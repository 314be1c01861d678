"""The least time that the machine itself needs for a benchmark's files.

The files are read at the speed of the disk, and their unpacked content at that of the memory. No
program that reads all of them can be faster.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import duckdb

_COPIED = 64 << 20
"""Bytes copied to measure the speed of the memory: more than its caches hold."""


@dataclass(frozen=True, slots=True)
class Physical:
    """Megabytes on the disk and unpacked, and the seconds to read each."""

    disk_mb: float
    disk_seconds: float
    memory_mb: float
    memory_seconds: float

    @property
    def seconds(self) -> float:
        """The sum of both times: the lower limit."""
        return self.disk_seconds + self.memory_seconds


def physical(files: Iterable[Path]) -> Physical:
    """Read these Parquet files once, without the system's cache where that is possible (Linux)."""
    paths = [str(each) for each in files]
    unpacked = duckdb.execute(
        "SELECT sum(total_uncompressed_size) FROM parquet_metadata($files)", {"files": paths}
    ).fetchall()[0][0]
    for path in paths:
        _forget(path)
    began = time.perf_counter()
    read = sum(len(Path(path).read_bytes()) for path in paths)
    on_disk = time.perf_counter() - began
    return Physical(read / 1e6, on_disk, unpacked / 1e6, unpacked / _memory_speed())


def _forget(path: str) -> None:
    """Ask the system to drop the file from its cache."""
    if hasattr(os, "posix_fadvise"):
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
            os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
        finally:
            os.close(descriptor)


def _memory_speed() -> float:
    """Measure the bytes copied in a second, as the best of three runs."""
    given = bytes(_COPIED)
    times = []
    for _ in range(3):
        began = time.perf_counter()
        bytearray(given)
        times.append(time.perf_counter() - began)
    return _COPIED / min(times)
