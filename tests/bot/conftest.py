"""Fixtures for tests of the bot: the worker's office, which most of them start from."""

from __future__ import annotations

from tests.worker.conftest import office

__all__ = ["office"]
