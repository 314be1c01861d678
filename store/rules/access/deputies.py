"""Choose who decides on a complaint or a welfare route if no engagement lead of the school can.

The school's own leads decide first. If the matter is about all of them, or was their own action,
or if there are none, the faculty's lead decides; if the faculty has none, the lead of another of
its schools. A person never decides on a matter about themselves.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from store.rules.cases.case import Actor
from store.rules.text.formatting import listed

ENROL = "another engagement lead, or a faculty lead, has to be enrolled"
"""What to do where no one can decide."""


@dataclass(frozen=True, slots=True)
class Deciders:
    """The people who decide; ``deputies``: they stand in for the school's leads, this once."""

    people: tuple[Actor, ...] = ()
    deputies: bool = False

    @property
    def ids(self) -> frozenset[int]:
        """Return the ids of the people who may decide."""
        return frozenset(person.id for person in self.people)

    @property
    def names(self) -> str:
        """Return their names, ``Fay Example or Max Example``; '' for no one."""
        return listed([person.name for person in self.people]).replace(" and ", " or ")

    def stands_in(self, person: int) -> bool:
        """Return whether this person decides although they do not lead the school."""
        return self.deputies and person in self.ids


def who_decides(
    leads: Sequence[Actor],
    faculty_leads: Sequence[Actor],
    neighbours: Sequence[Actor],
    kept_out: Collection[int],
) -> Deciders:
    """Return the people of the first group with anyone able to decide, and whether they deputise.

    ``kept_out`` may not decide. Of the ``neighbours``, the leads of the faculty's other schools,
    only one is asked, so that no more people than necessary learn of the matter.
    """
    able = [
        tuple(person for person in group if person.active and person.id not in kept_out)
        for group in (leads, faculty_leads, neighbours)
    ]
    if able[0]:
        return Deciders(able[0])
    return Deciders(able[1] or able[2][:1], deputies=True)
