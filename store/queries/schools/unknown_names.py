"""Find names in a policy that the roster does not have: programmes and modules (§6, §8).

A roster may come later, so this is said and not refused. A misspelt name concerns no student: a
programme's students silently leave the scope.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from difflib import get_close_matches

import sqlalchemy as sa

from store.queries.schools.roster import module_schools
from store.rules.policies.policy import SchoolPolicy
from store.rules.text.formatting import either
from store.tables import students

_NEAR = 3


def unknown_names(connection: sa.Connection, policy: SchoolPolicy) -> list[str]:
    """Return a sentence for each unknown name; none as long as there is no roster."""
    programmes = set(
        connection.execute(
            sa.select(students.c.programme).where(students.c.erased_at.is_(None)).distinct()
        ).scalars()
    )
    return [
        *(_programmes("programmes_in", policy.scope.programmes_in, programmes)),
        *(_programmes("programmes_out", policy.scope.programmes_out, programmes)),
        *unknown_modules(connection, policy),
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


def _near(name: str, known: Collection[str]) -> str:
    """Name what is spelt alike, whatever its capitals; '' for nothing."""
    folded = {each.casefold(): each for each in sorted(known)}
    found = get_close_matches(name.casefold(), folded, n=_NEAR)
    return f" The roster has {either([folded[each] for each in found])}." if found else ""
