"""Fixtures for the tests of Slack: a campus for each test that asks for it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.bot.slack.campus import SlackCampus, slack_campus_in


@pytest.fixture
def campus(tmp_path: Path) -> Iterator[SlackCampus]:
    """Provide a university on Slack."""
    with slack_campus_in(tmp_path / "home") as campus:
        yield campus
