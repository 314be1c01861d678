"""Every code that Lantern writes into the audit is shown as words."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import store
from store.queries import health
from store.queries.audit_anchors import ANCHORING
from store.queries.contacts import CHATTED
from store.rules.access.audit_words import DID, detail, did


def _written(tree: ast.AST) -> Iterator[str]:
    """Yield the codes that a module passes to ``record`` or gives as a literal ``action``."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        given = [each.value for each in node.keywords if each.arg == "action"]
        if isinstance(node.func, ast.Attribute) and node.func.attr == "record":
            given += node.args[:2][-1:]
        yield from (
            each.value
            for each in given
            if isinstance(each, ast.Constant) and isinstance(each.value, str)
        )


def _codes() -> set[str]:
    found = {ANCHORING, CHATTED, health.BACKUP, health.KEY_BACKUP, health.RESTORE}
    for path in sorted(Path(store.__path__[0]).rglob("*.py")):
        found |= set(_written(ast.parse(path.read_text(encoding="utf-8"))))
    return found


def test_every_code_has_its_words() -> None:
    assert sorted(_codes() - set(DID)) == []


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("opinion", "contact-now", "opinion: contact now"),
        ("day", "2026-11-25", "day: 2026-11-25"),
        ("raised", 3, "raised: 3"),
        ("meeting", False, "meeting: no"),
        ("sha256", "3a7a", ""),
        ("previous", None, ""),
    ],
)
def test_a_detail_is_read_as_words(name: str, value: str | int | None, said: str) -> None:
    assert detail(name, value) == said


def test_a_code_of_a_later_version_is_still_read() -> None:
    assert did("said-mistake") == "told Lantern something on"
    assert did("move-house") == "move house"
