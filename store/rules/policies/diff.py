"""Compare two policies, a sentence for each change, by the document's keys."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import Any

from store.rules.letters.letter import SchoolLetter
from store.rules.policies.overrides import Override
from store.rules.policies.policy import LadderRung, Marker, SchoolPolicy, Service
from store.rules.text.diff import changes as text_changes
from store.rules.text.formatting import listed


def policy_differences(before: SchoolPolicy, after: SchoolPolicy) -> list[str]:
    """Return one sentence for each setting that differs; nothing where the two are the same."""
    old, new = _entries(before), _entries(after)
    found = []
    for path in [*old, *(path for path in new if path not in old)]:
        if path not in new:
            found.append(f"{path} is removed; it was {_whole(old[path])}.")
        elif path not in old:
            found.append(f"{path} is new: {_whole(new[path])}.")
        else:
            found += _changes(path, old[path], new[path])
    return found


def _changes(path: str, old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[str]:
    for key in [*old, *(key for key in new if key not in old)]:
        was, now = old.get(key, "nothing"), new.get(key, "nothing")
        if was != now and key == "text":
            places = " ".join(str(each) for each in text_changes(was, now))
            yield f"{path}: text changes. {places}"
        elif was != now:
            yield f"{path}{'.' if path and key else ''}{key} was {was}; it becomes {now}."


def _whole(values: Mapping[str, str]) -> str:
    return listed([f"{key} {_short(value)}" for key, value in values.items()]) or "switched on"


def _short(value: str) -> str:
    value = " ".join(value.split())
    return value if len(value) <= _LONGEST else f"{value[:_LONGEST]}…"


def _entries(policy: SchoolPolicy) -> dict[str, dict[str, str]]:
    """Map the path of each entry to its keys and values, in the order of the document."""
    found: dict[str, dict[str, str]] = {"": {}}
    for each in fields(policy):
        value = getattr(policy, each.name)
        if isinstance(value, tuple) and value and _name_of(value[0]):
            for entry in value:
                found[f"{each.name}.{_name_of(entry)}"] = dict(_settings(entry))
        else:
            found[""] |= dict(_flat(value, each.name))
    return found


_GOES_BY = ("family", "rule", "key", "kind", "language")
_LONGEST = 200


def _name_of(entry: Any) -> str:
    """Return the name of an entry of a list; '' for a list of plain values."""
    for kind, name in _NAMES:
        if isinstance(entry, kind):
            return name(entry)
    return str(getattr(type(entry), "NAME", None) or entry.rule)


def _letter(entry: SchoolLetter) -> str:
    called = f" “{entry.name}”" if entry.name else ""
    return f"{entry.kind} in {entry.language}{called}"


_NAMES: tuple[tuple[type, Callable[[Any], str]], ...] = (
    (Marker, lambda entry: str(entry.family)),
    (Service, lambda entry: str(entry.key)),
    (SchoolLetter, _letter),
    (LadderRung, lambda _: ""),
    (Override, lambda entry: " ".join(filter(None, (entry.level, entry.module)))),
)


def _settings(entry: Any) -> Iterator[tuple[str, str]]:
    """List what an entry sets, without its name and unset values."""
    if isinstance(entry, Override):
        for change in entry.rules:
            yield from (
                (f"rules.{change.rule}.{name}", _said(value)) for name, value in change.thresholds
            )
        if entry.off:
            yield "off", _said(entry.off)
        return
    named_by = (*_GOES_BY, "name") if isinstance(entry, SchoolLetter) else _GOES_BY
    for key, value in _flat(entry, ""):
        if key not in named_by and value != "nothing":
            yield key, value


def _flat(value: Any, path: str) -> Iterator[tuple[str, str]]:
    """Flatten a record into its settings, ``calendar.quiet_from`` and so on."""
    if is_dataclass(value) and not isinstance(value, type):
        for each in (each for each in fields(value) if each.init):
            yield from _flat(getattr(value, each.name), f"{path}.{each.name}".lstrip("."))
    else:
        yield path, _said(value)


def _said(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dt.time):
        return f"{value:%H:%M}"
    if isinstance(value, frozenset | tuple):
        said = [_said(each) for each in value]
        return listed(said if isinstance(value, tuple) else sorted(said)) or "nothing"
    if is_dataclass(value) and not isinstance(value, type):
        return " ".join(_said(getattr(value, each.name)) for each in fields(value))
    if isinstance(value, float):
        return f"{value:g}"
    return str(value) if value is not None and value != "" else "nothing"
