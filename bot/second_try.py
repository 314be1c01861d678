"""Retry an event, which the platform delivers once, when the database is unavailable."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Executor
from typing import TypeVar

from store.db.database import AWAY

T = TypeVar("T")

PAUSES = (0.5, 2.0, 5.0)
"""Seconds between attempts. The platform already has its answer and delivers nothing again."""


async def patiently(do: Callable[[], T], threads: Executor | None = None) -> T:
    """Run ``do`` in a thread, one of ``threads`` if they are given.

    Retry where the database is unavailable: ``do`` has to be one transaction, so that a retry does
    nothing twice.
    """
    for pause in PAUSES:
        try:
            return await _in_thread(do, threads)
        except AWAY:
            await asyncio.sleep(pause)
    return await _in_thread(do, threads)


async def _in_thread(do: Callable[[], T], threads: Executor | None) -> T:
    if threads is None:
        return await asyncio.to_thread(do)
    return await asyncio.get_running_loop().run_in_executor(threads, do)
