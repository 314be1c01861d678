"""What a school's students read on their page of what colleagues said, did and looked at (§23)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class StaffViews(StrEnum):
    """How students read what colleagues thought and did."""

    WORDS = "words"
    """In the colleagues' own words, without other people."""
    SUMMARY = "summary"
    """How many colleagues gave a view and when, and what was done."""
    ON_REQUEST = "on-request"
    """Not on the page: in the copy of everything that each student may ask for."""


class Lookers(StrEnum):
    """How the page calls the colleagues who looked at a student's data."""

    ROLES = "roles"
    NAMES = "names"


@dataclass(frozen=True, slots=True)
class StudentsPage:
    """A school's choices for its students' page."""

    views: StaffViews = StaffViews.SUMMARY
    who_looked: Lookers = Lookers.ROLES
