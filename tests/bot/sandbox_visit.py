"""The sandbox on a fake backend, and a visitor who clicks in it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from bot.sandbox.app import standalone
from tests.bot.sandbox_fake import FakeBackend
from tests.bot.visitor import Visitor

KEY = "0123456789abcdef"
HERE = {"channel": "bio", "as": "alice", "key": KEY}
TAKE = {**HERE, "action": "take", "ids": '{"case":"41"}'}


@pytest.fixture
def backend(tmp_path: Path) -> Iterator[FakeBackend]:
    backend = FakeBackend(f"sqlite:///{tmp_path / 'sandbox.db'}")
    yield backend
    backend.close()


@pytest.fixture
def visitor(backend: FakeBackend) -> Visitor:
    return Visitor(standalone(backend))


def become(visitor: Visitor, user: str) -> None:
    assert visitor.post("/sandbox/person", {"user": user}).status_code == 303


def where(response: httpx.Response) -> str:
    assert response.status_code == 303, response.text
    return response.headers["location"]
