"""Names of actions and ids of things, which travel through a platform and come back unchanged."""

from __future__ import annotations

import json
from collections.abc import Mapping

LONGEST_ACTION = 40
LONGEST_IDS = 100
"""In compact JSON. With an action's name it fits the narrowest place that any platform has for
both: an entry of Slack's overflow menu, 150 characters."""
LONGEST_DIALOG_IDS = 1000
LETTER = "letter"
"""The id that says which of a school's letters was chosen by its name. The fields of a dialog with
it have new words, which take the place of what was typed in the window before."""
LONGEST_VALUE = 100
"""Of an option in a select."""


def pack(ids: Mapping[str, str]) -> str:
    """Write ids as compact JSON, as the value of a button."""
    return json.dumps(dict(ids), separators=(",", ":"), ensure_ascii=False)


def unpack(packed: str) -> dict[str, str]:
    """Read the ids that ``pack`` wrote. Raises ``ValueError`` for anything else."""
    try:
        ids = json.loads(packed)
    except RecursionError:
        raise ValueError("ids are not nested") from None
    if not isinstance(ids, dict) or not all(isinstance(value, str) for value in ids.values()):
        raise ValueError("ids are an object of strings")
    return ids


def check_target(name: str, ids: Mapping[str, str], longest: int = LONGEST_IDS) -> None:
    """Check that no platform has to cut a name or its ids. Raises ``ValueError`` otherwise.

    With cut ids, a button would act on another case.
    """
    if not 1 <= len(name) <= LONGEST_ACTION or "#" in name:
        raise ValueError(
            f"{name!r} is not a valid name: 1 to {LONGEST_ACTION} characters without '#'"
        )
    if len(pack(ids)) > longest:
        raise ValueError(f"the ids of {name!r} are longer than {longest} characters in JSON")
