"""A campus for each test that asks."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.bot.teams.campus import Campus, campus_in


@pytest.fixture
def campus(tmp_path: Path) -> Iterator[Campus]:
    """A university on Teams."""
    with campus_in(tmp_path / "home") as campus:
        yield campus
