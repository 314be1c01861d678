"""Exemptions of a student or a group, during which inactivity does not count."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from store.rules.errors import InvalidInput
from store.rules.model import ExemptionKind, MarkerFamily

LONGEST = dt.timedelta(days=366)
"""Few kinds may have an open end; every other exemption ends within a year."""


class GroupKind(StrEnum):
    """What makes students a group that is exempted together."""

    PROGRAMME = "programme"
    MODULE = "module"


@dataclass(frozen=True, slots=True)
class ExemptGroup:
    """All students on a programme or a module: a field trip, a placement, a flooded building."""

    kind: GroupKind
    code: str

    @property
    def key(self) -> str:
        """Return the key stored with each of the group's exemptions, to end them together."""
        return f"{self.kind}:{self.code}"

    @classmethod
    def named(cls, text: str) -> ExemptGroup:
        """Read a group such as ``programme R100`` or ``module:FR101``. Raises ``InvalidInput``."""
        kind, code = (*re.split(r"[:\s]", text.strip(), maxsplit=1), "")[:2]
        if kind.lower() not in set(GroupKind) or not code.strip():
            raise InvalidInput(
                "Name the group as in: programme R100, or module FR101.", field="group"
            )
        return cls(GroupKind(kind.lower()), code.strip())


@dataclass(frozen=True, slots=True)
class GroupMember:
    """The facts about a student that decide which groups they are in."""

    student: int
    programme: str
    modules: frozenset[str]


def members(group: ExemptGroup, students: Iterable[GroupMember]) -> list[int]:
    """Return the students who are in the group, by their numbers."""
    return sorted(
        each.student
        for each in students
        if (group.kind is GroupKind.PROGRAMME and each.programme == group.code)
        or (group.kind is GroupKind.MODULE and group.code in each.modules)
    )


def check_period(kind: ExemptionKind, first: dt.date, last: dt.date | None) -> None:
    """Check the days of an exemption; raises ``InvalidInput`` with what is wrong."""
    if last is not None and last < first:
        raise InvalidInput(
            "The last day comes before the first. Choose a later last day.", field="last"
        )
    if last is None and kind not in (ExemptionKind.DECEASED, ExemptionKind.INTERRUPTION):
        raise InvalidInput(
            f"Enter the last day of the {kind.label}. You can extend it later.",
            field="last",
        )
    if kind is ExemptionKind.DECEASED and last is not None:
        raise InvalidInput("This has no last day.", field="last")
    if last is not None and last - first > LONGEST:
        raise InvalidInput(
            "An exemption lasts a year at most. Choose an earlier last day, and extend it then "
            "if needed.",
            field="last",
        )


ADJUSTABLE = (MarkerFamily.ATTENDANCE, MarkerFamily.MEETINGS)
"""What may not be expected for some days while everything else counts. Work gets more time in the
university's own systems, which send it with a new day."""


def check_adjustment(first: dt.date, last: dt.date | None) -> None:
    """Check the days of an adjustment; raises ``InvalidInput`` with what is wrong."""
    if last is None:
        raise InvalidInput("Enter the last day. You can extend it later.", field="last")
    if last < first:
        raise InvalidInput(
            "The last day comes before the first. Choose a later last day.", field="last"
        )
    if last - first > LONGEST:
        raise InvalidInput(
            "An adjustment lasts a year at most. Choose an earlier last day.", field="last"
        )


def counting_from(
    ended: Iterable[tuple[int, dt.date]], exempt: frozenset[int]
) -> Mapping[int, dt.date]:
    """Map each student to the first day that counts again after an exemption.

    A student who is back starts again: exempt days do not add to inactivity.
    """
    found: dict[int, dt.date] = {}
    for student, last in ended:
        if student not in exempt:
            back = last + dt.timedelta(days=1)
            found[student] = max(back, found.get(student, back))
    return found
