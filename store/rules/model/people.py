"""Students' levels, staff roles, and platforms."""

from __future__ import annotations

from enum import StrEnum

from store.rules.model.labelled import Word


class Level(Word):
    """Level of study. ``MRES`` is apart because its scope is each school's own decision."""

    FOUNDATION = "foundation"
    UNDERGRADUATE = "undergraduate"
    POSTGRADUATE_TAUGHT = "postgraduate-taught"
    MRES = "mres"
    POSTGRADUATE_RESEARCH = "postgraduate-research"


class Role(Word):
    """A role of a member of staff in one school."""

    STUDENT_SUPPORT_OFFICER = "student-support-officer"
    ADVISER = "adviser"
    MODULE_ORGANISER = "module-organiser"
    ENGAGEMENT_LEAD = "engagement-lead"
    FACULTY_LEAD = "faculty-lead"
    DATA_PROTECTION_OFFICER = "data-protection-officer"


class Platform(StrEnum):
    """A place where conversations with colleagues happen."""

    SLACK = "slack"
    TEAMS = "teams"
    SANDBOX = "sandbox"
