"""Show everything on a student as one page that can be read without Lantern (§28)."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.page_templates import templates_in

_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:T(\d{2}:\d{2})[^ ]*)?")
_TABLES = frozenset({"looks", "activity", "delivered"})
"""Many short rows, which are read across; everything else is read one record at a time."""

TITLES = {
    "students": "Who you are",
    "student_identifiers": "What other systems call you",
    "enrolments": "Your modules",
    "contributing_schools": "Schools that contribute to your programme",
    "preferences": "How you want to be contacted",
    "exemptions": "When you were excused",
    "adjustments": "What was not expected of you",
    "flags": "What was noticed",
    "cases": "Cases",
    "views": "What colleagues thought",
    "interventions": "What was done",
    "attempts": "Attempts to reach you",
    "outreach": "Emails to you",
    "wordings": "Earlier wordings of emails",
    "replies": "Your answers to emails",
    "sayings": "What you told us",
    "absence_requests": "Absences that you asked for",
    "remarks": "What colleagues wrote about your case",
    "asks": "Which colleagues were asked",
    "referrals": "Services that you were referred to",
    "alerts": "What your home school was told",
    "fitness": "Fitness to Study",
    "emergencies": "When a colleague acted for your welfare",
    "complaints": "Complaints",
    "data_requests": "What you asked about your data, and complaints about it",
    "data_questions": "What we asked you about these requests",
    "data_letters": "Emails about these requests",
    "reveals": "Who opened your details, and what for",
    "exports": "When this was gathered",
    "preservations": "Holds on your data",
    "looks": "Who looked at your case",
    "activity": "Your activity, by day",
    "delivered": "What the university's systems sent about you",
    "notices": "What colleagues were told",
    "thread_lines": "Lines below your case's card",
    "line_posts": "Where those lines were posted",
    "pictures": "Pictures of your attendance on your case's card",
    "direct_cases": "Private messages to colleagues about your case",
    "outbox": "What Lantern sent, or was about to send",
    "troubles": "What could not be sent or read",
    "waiting": "When your case waited for a free place",
    "number_questions": "Questions about your student number",
    "teams_students": "Your account in Teams",
    "student_accounts": "Your account for signing in",
    "student_sessions": "When you signed in",
    "student_groups": "Groups that the university supplied, for reports on fairness alone",
    "group_objections": "When you objected to the use of these groups",
    "deaths": "A report that you had died",
}
"""Headings in the order of the page; a table without one follows under its own name."""


@dataclass(frozen=True, slots=True)
class ExportTable:
    """A table of the page: rows as columns by name."""

    key: str
    title: str
    is_table: bool
    columns: tuple[str, ...]
    rows: Sequence[Mapping[str, Any]]


def export_page(
    number: str, made_at: str, tables: Mapping[str, Sequence[Mapping[str, Any]]]
) -> str:
    """Render the tables in the order of ``TITLES``; those without a title follow."""
    order = [*TITLES, *(name for name in tables if name not in TITLES)]
    sections = [
        ExportTable(
            name,
            TITLES.get(name) or _heading(name),
            name in _TABLES,
            tuple(dict.fromkeys(column for row in tables[name] for column in row)),
            tables[name],
        )
        for name in order
        if name in tables
    ]
    return _TEMPLATES.get_template("export.html").render(
        number=number, made_at=made_at, sections=sections
    )


_LABELS = {
    "asked_by": "Who asked",
    "asker": "Who asked",
    "at": "When",
    "before": "How it stood before",
    "by": "By",
    "drafter": "First author",
    "fresh": "Known up to",
    "key": "Name in the system",
    "last_found_on": "Last found on",
    "measured": "What was counted",
    "missed_on": "Days in between on which it was not found",
    "not_before": "Not to be sent before",
    "of": "Out of",
    "own_words": "Only the author's own words",
    "patience_used": "Seconds spent waiting",
    "policy": "Version of the policy",
    "prepared": "Written by Lantern, and not changed",
    "raised_at": "Noticed at",
    "raised_on": "First found on",
    "reason_staff": "What colleagues read",
    "reason_student": "What you read",
    "rested_from": "State before the pause",
    "rung": "Step of the contact ladder",
    "seen_on": "Last seen on",
    "sessions": "Sessions attended in each week",
    "settled_at": "Done at",
    "staff": "Who",
    "told": "What was said",
    "unresolved_since": "Not done since",
    "weeks": "The chart, oldest week first",
    "worded_policy": "Version of the policy by which it is worded now",
    "writers": "All authors",
}
"""Columns whose own name would have to be decoded."""
_CODED = frozenset(
    [
        "family",
        "kind",
        "language",
        "letter",
        "level",
        "opinion",
        "outcome",
        "purpose",
        "result",
        "rule",
        "rung",
        "state",
        "status",
        "usefulness",
        "way",
        "helped",
        "shows",
    ]
)
"""Columns that hold a word of the program, such as ``contact-now``."""


def _heading(column: str) -> str:
    words = _LABELS.get(column) or column.replace("_", " ").replace("|", ", ")
    return words[:1].upper() + words[1:]


def _cell(told: Any, column: str) -> str:
    """A value in words, by its column: a program's word is written as two."""
    return _value(told).replace("-", " ") if column in _CODED else _value(told)


def _value(told: Any) -> str:
    """A value in words: days as people write them, lists with commas, yes and no."""
    if isinstance(told, bool):
        return "yes" if told else "no"
    if isinstance(told, list):
        return ", ".join(map(_value, told))
    if isinstance(told, dict):
        return "\n".join(f"{_heading(name)}: {_value(each)}" for name, each in told.items())
    text = "" if told is None else str(told)
    if day := _DAY.fullmatch(text):
        on = f"{dt.date(*map(int, day.groups()[:3])):%d %B %Y}".lstrip("0")
        return f"{on}, {day[4]} UTC" if day[4] else on
    return text


_TEMPLATES = templates_in(Path(__file__).parent / "templates")
_TEMPLATES.filters |= {"heading": _heading, "cell": _cell}
