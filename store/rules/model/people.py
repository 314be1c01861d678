"""Who studies and who works here, and where they talk."""

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
    """What a member of staff may be in one school."""

    STUDENT_SUPPORT_OFFICER = "student-support-officer"
    ADVISER = "adviser"
    MODULE_ORGANISER = "module-organiser"
    ENGAGEMENT_LEAD = "engagement-lead"
    FACULTY_LEAD = "faculty-lead"
    DATA_PROTECTION_OFFICER = "data-protection-officer"


class Platform(StrEnum):
    """Where a conversation takes place."""

    SLACK = "slack"
    TEAMS = "teams"
    SANDBOX = "sandbox"
