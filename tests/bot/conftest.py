"""The office that most tests of the bot start from: the worker's own."""

from __future__ import annotations

from tests.worker.conftest import office

__all__ = ["office"]
