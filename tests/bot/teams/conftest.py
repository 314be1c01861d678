"""Fixtures for the tests of Teams: a campus for each test that asks for it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.bot.teams.campus import Campus, campus_in


@pytest.fixture
def campus(tmp_path: Path) -> Iterator[Campus]:
    """Provide a university on Teams."""
    with campus_in(tmp_path / "home") as campus:
        yield campus
