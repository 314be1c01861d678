"""Check that every count agrees with its noun: 1 row, 2 rows.

``counted`` is given both forms. A noun that is passed to it anywhere may not follow a number in any
other way, so a new noun is checked everywhere once it is counted in one place.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
PACKAGES = ("bot", "integrations", "store", "worker")
BETWEEN = frozenset(
    [
        "of",
        "in",
        "the",
        "and",
        "or",
        "for",
        "with",
        "on",
        "to",
        "at",
        "has",
        "is",
        "as",
        "from",
        "by",
        "than",
    ]
)
"""Words after which a noun does not belong to the number before it."""
VERBS = frozenset(("answers", "looks", "tries"))
"""Nouns that stand after a name as verbs."""
TWO_AT_LEAST = {
    ("store/rules/flag_rules/absences.py", "self.in_a_row"),
    ("store/rules/flag_rules/absences.py", "measure.absences"),
    ("store/rules/flag_rules/fading_out.py", "self.weeks"),
    ("store/rules/flag_rules/inactivity.py", "self.days"),
    ("store/rules/flag_rules/quiet_weeks.py", "self.weeks"),
    ("worker/processes/supervisor.py", "pause"),
}
"""Numbers that are never 1: policy limits that begin at 2 or 3, and parts of a second."""


def modules() -> Iterator[tuple[str, ast.Module]]:
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            if "migrations" not in path.parts:
                yield str(path.relative_to(ROOT)), ast.parse(path.read_text(encoding="utf-8"))


def plurals(tree: ast.Module) -> Iterator[str]:
    """Return the plural nouns of all calls ``counted(number, singular, plural)``."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "counted":
            words = [str(each.value) for each in node.args[1:] if isinstance(each, ast.Constant)]
            if words:
                said = words[1] if len(words) > 1 else f"{words[0]}s"
                yield from re.findall(r"[a-z]{3,}s\b|people", said)


def is_fixed(number: ast.expr) -> bool:
    """Return whether a number is a constant in capitals, so that its value is known."""
    return any(isinstance(each, ast.Name) and each.id.isupper() for each in ast.walk(number))


def loose(module: str, tree: ast.Module, nouns: frozenset[str]) -> Iterator[str]:
    """Find every number that is followed by a plural noun, even if the number may be 1."""
    for text in ast.walk(tree):
        if not isinstance(text, ast.JoinedStr):
            continue
        for part, after in zip(text.values, text.values[1:], strict=False):
            if not (isinstance(part, ast.FormattedValue) and isinstance(after, ast.Constant)):
                continue
            said = re.match(r" ([a-z]+)(?: ([a-z]+))?\b", str(after.value))
            words = said.groups("") if said else ("", "")
            follows = words[0] in nouns or (words[0] not in BETWEEN and words[1] in nouns)
            if said and follows and not is_fixed(part.value):
                number = ast.unparse(part.value)
                if (module, number) not in TWO_AT_LEAST:
                    yield f"{module}:{text.lineno}: {{{number}}}{said[0]}"


def test_every_count_is_said_with_its_noun() -> None:
    trees = dict(modules())
    nouns = frozenset(word for tree in trees.values() for word in plurals(tree)) - VERBS
    assert {"cases", "rows", "days", "people"} <= nouns
    found = [each for name, tree in trees.items() for each in loose(name, tree, nouns)]
    assert not found, "\n".join(found)


def test_a_loose_count_is_found() -> None:
    tree = ast.parse('f"{found} rows, {MOST} rows, {counted(found, word)}, {a} new rows"')
    assert len(list(loose("a.py", tree, frozenset({"rows"})))) == 2
