"""Write a starting policy document, based on the complete one that is shipped.

``default_policy.toml`` is a document like any other. Values that only the school knows begin with
``FILL IN``; known ones are filled in here.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from importlib import resources
from typing import Any

from store.rules.flag_rules import rules_to_begin_with
from store.rules.policies.policy import Marker

TO_FILL_IN = "FILL IN"
"""The beginning of a value that only the school knows."""

_MARKERS = "# Which evidence is watched"
_RULES = "# The rules that are switched on."
_SWITCHED = re.compile(r"^#?(?=\[rules\.|\w+ = )", re.MULTILINE)
_RULE = re.compile(r"^#?\[rules\.([\w-]+)\]$", re.MULTILINE)

Value = str | bool | dt.date | Collection[str]


def shipped_document() -> str:
    """Return the text of the shipped policy document, with the values still to be filled in."""
    source = resources.files("store.policies").joinpath("default_policy.toml")
    return source.read_text(encoding="utf-8")


def new_document(known: Mapping[str, Value], markers: Iterable[Marker] | None = None) -> str:
    """Write a document with the known values of a school; the rest is still to be filled in.

    ``known`` maps keys to values, as in ``{"approval.approved_by": "The Head of School"}``. The
    rules are those for which ``markers`` have data.
    """
    text = shipped_document()
    for key, value in known.items():
        text = _with_value(text, key, value)
    return text if markers is None else _with_markers(text, tuple(markers))


def to_fill_in(document: Mapping[str, Any], above: str = "") -> Iterator[str]:
    """Yield a sentence for each value still to be filled in, beginning with its key."""
    for key, value in document.items():
        path = f"{above}{key}"
        entries = value if isinstance(value, list) else [value]
        for number, each in enumerate(entries, 1):
            if isinstance(each, dict):
                place = f"{path}[{number}]" if isinstance(value, list) else path
                yield from to_fill_in(each, f"{place}.")
            elif isinstance(each, str) and each.startswith(TO_FILL_IN):
                what = each.removeprefix(TO_FILL_IN).lstrip(": ") or "a value"
                yield f"{path} is still to be filled in: {what}"


def _with_value(text: str, key: str, value: Value) -> str:
    *table, name = key.split(".")
    heading = f"[{'.'.join(table)}]\n" if table else ""
    before, found, after = text.partition(heading) if heading else ("", "", text)
    line = re.compile(rf"^{re.escape(name)} = .*$", re.MULTILINE)
    made = f"{name} = {_toml(value)}"
    changed, times = line.subn(lambda _: made, after, count=1)
    if not times or heading != found:
        raise KeyError(key)
    return before + found + changed


def _with_markers(text: str, markers: tuple[Marker, ...]) -> str:
    above, heading, below = text.partition(_MARKERS)
    about = below.partition("[[markers]]")[0]
    _, rules_heading, rules = below.partition(_RULES)
    agreed = "\n\n".join(
        f'[[markers]]\nfamily = "{each.family}"\nsources = {_toml(each.sources)}'
        for each in markers
    )
    chosen = {rule.NAME for rule in rules_to_begin_with({each.family for each in markers})}
    blocks = [_switched(block, chosen) for block in rules.split("\n\n")]
    return f"{above}{heading}{about}{agreed}\n\n{rules_heading}" + "\n\n".join(blocks)


def _switched(block: str, chosen: Collection[str]) -> str:
    """Return a rule's table, switched on if chosen; any other block unchanged."""
    rule = _RULE.search(block)
    if rule is None:
        return block
    return _SWITCHED.sub("" if rule[1] in chosen else "#", block)


def _toml(value: Value) -> str:
    if isinstance(value, dt.date):
        return value.isoformat()
    # What JSON writes for text, true and false, and lists of text is TOML as well.
    return json.dumps(value if isinstance(value, str | bool) else list(value), ensure_ascii=False)
