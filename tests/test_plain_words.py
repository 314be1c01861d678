"""Check the word list against every text that people and developers read in the product."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("bot", "store", "integrations", "worker")
RIDDLES = re.compile(r"\b(?:nobody|somebody|anybody|whoever|whom)\b", re.IGNORECASE)
CONTRACTION = re.compile(r"\b(?:\w+n['’]t|(?:i|you|we|they)['’](?:ve|ll|re|d))\b", re.IGNORECASE)
MAIL = re.compile(
    r"(?<![-.\w])(?:an?|the|this|that|each|every|its|their|your|first|last|next|whole|approved|sent"
    r"|no|more) mails?\b"
    r"(?!\s(?:program|server|service|filter|address|folder|account|client))"
)
DATA = {
    "bot/cards/complaints.py": "a value that is sent",
    "bot/commands/complaints.py": "the word that people type",
    "bot/teams/student_chat.py": "a pattern over students' words",
}
"""Module → what such a word is there: data, not text."""
READ = {".css", ".html", ".j2", ".js", ".md", ".service", ".sql", ".toml", ".yaml"}
"""File types beside the code that people read."""
PATTERNS = re.compile(r"store/rules/(?:text/(?:tone/|weighing|sentence|remark)|students/urgent)")
"""Modules of patterns over people's messages."""


def _modules() -> list[str]:
    return sorted(
        str(path.relative_to(ROOT))
        for package in PACKAGES
        for path in (ROOT / package).rglob("*.py")
        if not PATTERNS.match(str(path.relative_to(ROOT)))
    )


@cache
def _texts(module: str) -> list[tuple[int, str]]:
    return [
        (node.lineno, node.value)
        for node in ast.walk(ast.parse((ROOT / module).read_text()))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]


@pytest.mark.parametrize("unwanted", [RIDDLES, CONTRACTION, MAIL], ids=["riddle", "short", "mail"])
def test_no_text_uses_a_word_of_the_list(unwanted: re.Pattern[str]) -> None:
    found = [
        f"{module}:{line}: {match[0]}"
        for module in _modules()
        if module not in DATA
        for line, text in _texts(module)
        for match in unwanted.finditer(text)
    ]
    assert not found, "\n".join(found)


@pytest.mark.parametrize("unwanted", [RIDDLES, CONTRACTION, MAIL], ids=["riddle", "short", "mail"])
def test_no_page_letter_or_guide_uses_a_word_of_the_list(unwanted: re.Pattern[str]) -> None:
    files = [
        *(path for package in PACKAGES for path in (ROOT / package).rglob("*.*")),
        *ROOT.glob("*.md"),
    ]
    found = [
        f"{path.relative_to(ROOT)}:{line}: {match[0]}"
        for path in files
        if path.suffix in READ
        for line, text in enumerate(path.read_text("utf-8").splitlines(), 1)
        for match in unwanted.finditer(text)
    ]
    assert not found, "\n".join(found)


def test_every_exception_is_needed() -> None:
    for module in DATA:
        assert any(each.search(text) for _, text in _texts(module) for each in (RIDDLES, MAIL)), (
            module
        )
