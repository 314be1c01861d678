"""Who decides where no engagement lead of a school can: on a complaint, or a welfare route.

The school's own leads do. Where it is about all of them, or was their own doing, or where there is
none, the faculty's lead does; where the faculty has none, the lead of another of its schools. It
is never anybody whom it is about.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from store.rules.cases.case import Actor
from store.rules.text.formatting import listed


@dataclass(frozen=True, slots=True)
class Deciders:
    """Who decides; ``deputies``: they stand in for the school's leads, for this one decision."""

    people: tuple[Actor, ...] = ()
    deputies: bool = False

    @property
    def ids(self) -> frozenset[int]:
        """Their ids."""
        return frozenset(person.id for person in self.people)

    @property
    def names(self) -> str:
        """``Fay Example``, ``Fay Example or Max Example``; '' for nobody."""
        return listed([person.name for person in self.people]).replace(" and ", " or ")

    def stands_in(self, person: int) -> bool:
        """Whether this person decides though they do not lead the school."""
        return self.deputies and person in self.ids


def who_decides(
    leads: Sequence[Actor],
    faculty_leads: Sequence[Actor],
    neighbours: Sequence[Actor],
    kept_out: Collection[int],
) -> Deciders:
    """The first of these groups in which somebody can: each in the order of preference.

    Of the ``neighbours``, the leads of the faculty's other schools, only one is asked: no more
    people than needed learn of it.
    """
    able = [
        tuple(person for person in group if person.active and person.id not in kept_out)
        for group in (leads, faculty_leads, neighbours)
    ]
    if able[0]:
        return Deciders(able[0])
    return Deciders(able[1] or able[2][:1], deputies=True)
