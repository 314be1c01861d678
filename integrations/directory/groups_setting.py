"""The setting DIRECTORY_GROUPS: which group of the directory is which role in which school."""

from __future__ import annotations

import re
from collections.abc import Mapping

from store.rules.access.directory import Place
from store.rules.model import Role

_GROUP = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
LIKE = "LANG:adviser=00000000-0000-0000-0000-000000000000"


def groups_of(listed: str) -> Mapping[Place, frozenset[str]]:
    """Map each role in a school to the ids of its groups, in lower case.

    Raises ``ValueError`` where the text is not ``SCHOOL:role=GROUP`` with blanks between.
    """
    found: dict[Place, set[str]] = {}
    for each in listed.split():
        place, equals, group = each.partition("=")
        school, colon, role = place.partition(":")
        if not (equals and colon and school and _GROUP.fullmatch(group)):
            raise ValueError(
                f"it must look like {LIKE}, with the group's object ID, once for each group and "
                "with a blank between two"
            )
        if role not in set(Role):
            raise ValueError(f"a role in it is not known; the roles are {', '.join(Role)}")
        found.setdefault((school, Role(role)), set()).add(group.lower())
    return {place: frozenset(groups) for place, groups in found.items()}


def usable_groups(listed: str) -> str:
    """Return the setting as it was given. Raises ``ValueError`` where it cannot be used."""
    groups_of(listed)
    return listed
