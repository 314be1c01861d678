"""A second and third try for what a platform delivers once, where the database was away."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TypeVar

from store.db.database import AWAY

T = TypeVar("T")

PAUSES = (0.5, 2.0, 5.0)
"""Seconds. A platform has its answer by then, and delivers nothing again."""


async def patiently(do: Callable[[], T]) -> T:
    """Do it in a thread; again where the database was away. What it did is stored whole or not at
    all, so that doing it again does nothing twice."""
    for pause in PAUSES:
        try:
            return await asyncio.to_thread(do)
        except AWAY:
            await asyncio.sleep(pause)
    return await asyncio.to_thread(do)
