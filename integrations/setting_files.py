"""Read settings from files: the lines of ``.env``, and the files that ``NAME_FILE`` names.

Containers and systemd pass secrets as files.
"""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import Any

from dotenv.parser import parse_stream

_OF_OTHERS = frozenset({"LANTERN_DEBUG", "LANTERN_NAME"})
"""Near the names of settings, and none: read elsewhere, or by the compose file."""
_NEAR = 0.85
"""How alike two names are (0 to 1) where one is taken for the other misspelt."""


class UnusableFile(Exception):
    """A file that a setting names cannot be used. The text is a sentence that names the setting."""


def lines_of(env_file: Path, names: Collection[str]) -> dict[str, str]:
    """Yield each variable of a settings file; none where there is no such file.

    Raises:
        UnusableFile: a line is not ``NAME=value``, its name is a misspelling of one of
            ``names``, or it gives a second value to a name.
        OSError, UnicodeDecodeError: the file cannot be read as UTF-8.
    """
    if env_file.is_dir():
        raise UnusableFile(
            f"{env_file.name} in this folder is a folder itself; remove it, and write the settings "
            "into a file of that name."
        )
    if not env_file.is_file():
        return {}
    known = {*names, *(f"{name}_FILE" for name in names), *_OF_OTHERS}
    found: dict[str, str] = {}
    line_of: dict[str, int] = {}
    with env_file.open(encoding="utf-8-sig") as text:
        for each in parse_stream(text):
            where = f"line {each.original.line} of the file {env_file.name} in this folder"
            if each.error:
                raise UnusableFile(f"Correct {where}: it must look like NAME='value'.")
            if each.key is None:
                continue
            value = each.value or ""
            if found.setdefault(each.key, value) != value:
                raise UnusableFile(
                    f"{each.key} has two values, in lines {line_of[each.key]} and "
                    f"{each.original.line} of the file {env_file.name} in this folder; leave one "
                    "out."
                )
            line_of.setdefault(each.key, each.original.line)
            meant = difflib.get_close_matches(each.key, known - {each.key}, 1, _NEAR)
            if meant and each.key not in known:
                raise UnusableFile(
                    f"There is no setting {each.key}; correct {where}, where {meant[0]} may be "
                    "meant."
                )
    return found


def refuse_quoted(names: Iterable[str], given: Mapping[str, str]) -> None:
    """Raise ``UnusableFile`` for a variable whose value stands in quotes.

    Shells and systemd take them away. ``docker --env-file`` does not, and a quoted LANTERN_HOME
    would begin an empty home beside the one that is meant.
    """
    for name in names:
        value = given.get(name, "").strip()
        if len(value) > 1 and value[0] == value[-1] and value[0] in "'\"":
            raise UnusableFile(
                f"The setting {name} cannot be used: quotes stand around its value and were passed "
                "on as part of it. Leave them out where the environment is set."
            )


def out_of_files(names: Iterable[str], given: Mapping[str, str]) -> dict[str, Any]:
    """Yield each setting of ``names`` that ``given`` puts in a file, with the file's content.

    Raises:
        UnusableFile: a file cannot be read, or the setting itself is given as well.
    """
    found = {}
    for name in names:
        path = given.get(f"{name}_FILE")
        if not path:
            continue
        if given.get(name):
            raise UnusableFile(f"The settings {name} and {name}_FILE are both set; leave one out.")
        try:
            found[name] = Path(path).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError):
            raise UnusableFile(
                f"The setting {name}_FILE cannot be used: it must name a text file that Lantern's "
                "account may read."
            ) from None
    return found
