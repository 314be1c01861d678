"""Find names in a policy that Lantern does not know: programmes, modules, sources (§6, §8, §12).

A roster or a file may come later, so an unknown name is a warning, not an error. A misspelt name
matches no one: a programme's students silently leave the scope, and a source's marker raises no
flag.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from difflib import get_close_matches

import sqlalchemy as sa

from store.queries.schools.roster import ROSTER, module_schools
from store.rules.policies.policy import SchoolPolicy
from store.rules.text.formatting import either
from store.tables import ingests, students

_NEAR = 3
_NO_FEEDS = {ROSTER, "feeds"}
"""What is recorded like a source and is none: the roster, and files outside any source's folder."""


def unknown_names(
    connection: sa.Connection, policy: SchoolPolicy, folders: Collection[str] = ()
) -> list[str]:
    """Return a sentence for each unknown name; none while there is no roster or feed.

    ``folders`` are the sources that have a folder for their files.
    """
    programmes = set(
        connection.execute(
            sa.select(students.c.programme).where(students.c.erased_at.is_(None)).distinct()
        ).scalars()
    )
    return [
        *(_programmes("programmes_in", policy.scope.programmes_in, programmes)),
        *(_programmes("programmes_out", policy.scope.programmes_out, programmes)),
        *unknown_modules(connection, policy),
        *sources_without_files(connection, policy, folders),
    ]


def sources_without_files(
    connection: sa.Connection, policy: SchoolPolicy, folders: Collection[str] = ()
) -> list[str]:
    """Return a sentence for each source of which no file came and that has no folder (§12)."""
    loaded = connection.execute(sa.select(ingests.c.source).distinct()).scalars()
    known = {*loaded, *folders} - _NO_FEEDS
    keys = dict.fromkeys(policy.traces.swipes, "traces.swipes")
    keys |= {name: "markers" for _, name in policy.agreed_sources}
    if not known:
        return []
    return [
        f'{keys[name]} has the source "{name}", of which no file has arrived and which has no '
        f"folder in feeds, so it raises no flag yet. Is its name right?"
        f"{_near(name, known, 'Lantern knows')}"
        for name in sorted(set(keys).difference(known))
    ]


def unknown_modules(connection: sa.Connection, policy: SchoolPolicy) -> list[str]:
    """Return a sentence for each unknown module that the policy overrides something for."""
    known = module_schools(connection)
    named = {each.module for each in policy.overrides if each.module}
    return [
        f"{module} is not in the roster, so its overrides have no effect yet. Check the module "
        f"code.{_near(module, known)}"
        for module in sorted(named.difference(known))
    ]


def _programmes(key: str, named: Collection[str], known: Collection[str]) -> Iterator[str]:
    if not known:
        return
    for name in sorted(set(named).difference(known)):
        yield (
            f'scope.{key} has "{name}", which is not a programme in the roster, so it has no '
            f"effect yet. Check its name.{_near(name, known)}"
        )


def _near(name: str, known: Collection[str], who: str = "The roster has") -> str:
    """Name what is spelt alike, whatever its capitals; '' for nothing."""
    folded = {each.casefold(): each for each in sorted(known)}
    found = get_close_matches(name.casefold(), folded, n=_NEAR)
    return f" {who} {either([folded[each] for each in found])}." if found else ""
