"""Find the days of the lake that were rebuilt since the last screening, as by a correction.

``screened.json`` in the lake holds the state of each day's file at the last screening. Without it,
no day counts as changed.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from pathlib import Path

from integrations.activity.lake import Lake
from integrations.activity.lake_folders import SourceDay

States = Mapping[SourceDay, str]
"""The state of the file of each source and day."""


def states_now(lake: Lake) -> States:
    """Return the state of every day's file."""
    found = {}
    for which, path in lake.files(dt.date.min, dt.date.max).items():
        try:
            known = path.stat()
        except FileNotFoundError:
            continue
        found[which] = f"{known.st_mtime_ns}:{known.st_size}"
    return found


def changed_since_screened(lake: Lake, now: States) -> frozenset[SourceDay]:
    """Return the days that were added, rebuilt or removed since the last screening.

    A file that was set aside as damaged is not one of them: its day is unknown, not corrected.
    """
    before = _read(_file(lake))
    if before is None:
        return frozenset()
    both = now.keys() | before.keys()
    changed = {each for each in both if now.get(each) != before.get(each)}
    return frozenset(changed.difference(lake.damaged_days()))


def remember_screened(lake: Lake, states: States) -> None:
    """Save the states that a complete screening saw, for the next one."""
    path = _file(lake)
    unfinished = path.with_suffix(".json-new")
    said = {f"{each.source}/{each.day}": state for each, state in sorted(states.items())}
    unfinished.write_text(json.dumps(said), encoding="utf-8")
    unfinished.replace(path)


def _file(lake: Lake) -> Path:
    return lake.root / "screened.json"


def _read(path: Path) -> States | None:
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
        return {_which(name): str(state) for name, state in said.items()}
    except (FileNotFoundError, ValueError, AttributeError):
        return None


def _which(name: str) -> SourceDay:
    source, _, day = name.partition("/")
    return SourceDay(source, dt.date.fromisoformat(day))
