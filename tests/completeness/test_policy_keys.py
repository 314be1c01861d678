"""The shipped policy document has every key, with its default, its limits and a paragraph."""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from collections.abc import Iterator
from dataclasses import MISSING, fields, is_dataclass
from typing import Annotated, Any, get_args, get_origin, get_type_hints

import pytest
from typer.main import get_command

from store.policies import document
from store.policies.new_document import TO_FILL_IN, new_document, shipped_document, to_fill_in
from store.rules.flag_rules import RULES
from store.rules.flag_rules.base import Limits
from store.rules.model import MarkerFamily
from store.rules.policies.policy import Marker, SchoolPolicy
from worker.cli.main import app

OFF = re.compile(r"^#(?! |$)", re.MULTILINE)
"""The start of a line with a setting that is commented out."""
TEXT = OFF.sub("", shipped_document())
WHOLE = tomllib.loads(TEXT)


def _keys(record: type[Any], above: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Yield each key that a policy may contain, with its field, including keys of list entries."""
    hints = get_type_hints(record, include_extras=True)
    for each in (one for one in fields(record) if one.init):
        path, hint = (*above, each.name), hints[each.name]
        yield path, (each, hint)
        if path in {("rules",), ("overrides", "rules")}:
            continue
        for kind in (hint, *get_args(hint)):
            if isinstance(kind, type) and is_dataclass(kind):
                yield from _keys(kind, path)


KEYS = dict(_keys(SchoolPolicy))
for _rule in RULES:
    KEYS |= {("rules", _rule.NAME, *path): found for path, found in _keys(_rule)}
OF_LISTS = {"terms", "closures", "ladder", "services", "letters", "words", "overrides", "markers"}
VALUES = {
    path: (field, hint)
    for path, (field, hint) in KEYS.items()
    if not OF_LISTS.difference({"terms", "closures"}) & set(path)
    and not {"terms", "closures"} & set(path[:-1])
    and not is_dataclass(hint)
    and path != ("rules",)
}


def _value(path: tuple[str, ...]) -> Any:
    found: Any = WHOLE
    for part in path:
        entries = found if isinstance(found, list) else [found]
        found = next(each[part] for each in entries if part in each)
    return found


def _about(path: tuple[str, ...]) -> str:
    """Return the comment above a key."""
    heading = f"[{'.'.join(path[:-1])}]\n" if len(path) > 1 else ""
    _, _, below = TEXT.partition(heading) if heading else ("", "", TEXT)
    above = below.partition(f"{path[-1]} = ")[0].splitlines()
    lines = []
    while above and above[-1].startswith("#"):
        lines.append(above.pop().removeprefix("# "))
    return " ".join(reversed(lines))


def test_there_is_much_to_look_at() -> None:
    assert len(KEYS) > 90


@pytest.mark.parametrize("path", [key for key in KEYS if not set(key) & {"terms", "closures"}])
def test_each_key_stands_in_the_document(path: tuple[str, ...]) -> None:
    _value(path)


@pytest.mark.parametrize("path", VALUES)
def test_each_key_says_its_paragraph_and_its_limits(path: tuple[str, ...]) -> None:
    _, hint = VALUES[path]
    said = _about(path)
    assert re.search(r"§\d", said), path
    if get_origin(hint) is Annotated:
        limits = next(each for each in hint.__metadata__ if isinstance(each, Limits))
        assert f"{limits.least:g} to {limits.most:g}" in said, (path, said)


BEGUN_OTHERWISE: dict[tuple[str, ...], object] = {
    ("surge", "hold_missed_work"): False,
    ("looks", "first_work"): True,
    ("looks", "late_work"): True,
    ("rules", "fading-out", "weeks"): 2,
    ("rules", "fading-out", "below_share"): 0.35,
    ("rules", "fading-out", "forget_after_weeks"): 7,
}
"""What a new policy says, where a version without the key goes on as before there was one."""


@pytest.mark.parametrize("path", VALUES)
def test_each_key_has_its_default(path: tuple[str, ...]) -> None:
    field, _ = VALUES[path]
    value = _value(path)
    if TO_FILL_IN in str(value):
        return
    default = field.default if field.default is not MISSING else field.default_factory()
    default = BEGUN_OTHERWISE.get(path, default)
    if hasattr(default, "strftime"):
        default = f"{default:%H:%M}"
    if isinstance(value, list):
        assert sorted(value) == sorted(default)
    else:
        assert (value, type(value)) == (default, type(default)) or str(default) == value


def test_only_what_a_school_alone_knows_is_left_to_fill_in() -> None:
    named = {each.partition(" is still")[0] for each in to_fill_in(tomllib.loads(new_document({})))}
    assert named == {
        "school",
        "approval.approved_by",
        "approval.effective",
        "approval.published",
        "outreach.mailbox",
        "markers[1].sources",
        "markers[2].sources",
        "markers[3].sources",
    }


def test_a_school_without_some_evidence_is_told_which_rule_to_switch_off_and_which_on() -> None:
    """Doing what is said is enough, whichever evidence is missing."""
    every = (MarkerFamily.ATTENDANCE, MarkerFamily.SUBMISSIONS, MarkerFamily.VLE)
    whole = document.default_document(
        "LANG", "help@lang.example", dt.date(2026, 9, 28), [Marker(each, ("x",)) for each in every]
    )
    assert "\n[rules.fading-out]" in whole
    for has in every:
        text = whole
        for family in set(every) - {has}:
            text = text.replace(f'[[markers]]\nfamily = "{family}"\nsources = ["x"]\n', "")
        with pytest.raises(document.PolicyProblems) as refused:
            document.parse(text, "lang.toml")
        (problem,) = refused.value.problems
        off, on = re.findall(r"rules\.([a-z-]+)", problem)
        assert off == "fading-out"
        blocks = text.split("\n\n")
        for at, block in enumerate(blocks):
            if f"[rules.{off}]" in block:
                blocks[at] = "\n".join(f"#{line}" for line in block.splitlines())
            elif f"#[rules.{on}]" in block:
                blocks[at] = OFF.sub("", block)
        document.parse("\n\n".join(blocks), "lang.toml")


def test_the_lines_that_the_document_says_to_type_are_whole() -> None:
    words = " ".join(line.lstrip("#").strip() for line in shipped_document().splitlines())
    lines = re.findall(r"lantern (policy \w+ FILE(?: --\w+ DAY)*)", words)
    assert {line.split()[1] for line in lines} == {"check", "simulate", "publish"}
    for line in lines:
        first, *rest = line.replace("FILE", __file__).replace("DAY", "2026-09-28").split()
        group = get_command(app).commands[first]  # type: ignore[attr-defined]
        name, command, typed = group.resolve_command(group.make_context(first, rest), rest)
        command.make_context(name, typed)
