"""Show everything on a student as one page that can be read without Lantern (§28)."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.page_templates import templates_in
from store.rules.flag_rules.session_weeks import (
    active_days,
    stored_days,
    stored_median,
    stored_sessions,
)
from store.rules.text.formatting import counted

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
    "worth_a_look": "What colleagues could see of you this morning, without a flag",
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

NOTES = {
    "activity": (
        "Recorded counts what the source counts: sessions attended, pieces of work handed in, or "
        "what you opened online. Expected is 0 where nothing was asked of you, as online."
    ),
}
"""What a reader has to know of a part."""


@dataclass(frozen=True, slots=True)
class ExportTable:
    """A table of the page: rows as columns by name."""

    key: str
    title: str
    note: str
    is_table: bool
    columns: tuple[str, ...]
    rows: Sequence[Mapping[str, Any]]


def section_title(table: str) -> str:
    """Return the heading under which the rows of a table stand."""
    return TITLES.get(table) or heading(table)


def export_page(
    number: str, made_at: str, tables: Mapping[str, Sequence[Mapping[str, Any]]]
) -> str:
    """Render the tables in the order of ``TITLES``; those without a title follow."""
    order = [*TITLES, *(name for name in tables if name not in TITLES)]
    sections = [
        ExportTable(
            name,
            section_title(name),
            NOTES.get(name, ""),
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
    "done": "Recorded",
    "family": "Kind",
    "fresh": "Known up to",
    "key": "Name in the system",
    "last_found_on": "Last found on",
    "measured": "What was counted",
    "missed_on": "Days in between on which it was not found",
    "not_before": "Not to be sent before",
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


def heading(column: str) -> str:
    """Return how a column is named to the student."""
    words = _LABELS.get(column) or column.replace("_", " ").replace("|", ", ")
    return words[:1].upper() + words[1:]


def _cell(told: Any, column: str) -> str:
    """A value in words, by its column: a program's word is written as two."""
    if column == "weeks" and isinstance(told, list):
        return "\n".join(_weeks(told))
    return _value(told).replace("-", " ") if column in _CODED else _value(told)


def _weeks(stored: Sequence[Any]) -> Iterator[str]:
    """Say for each of the eight weeks what the chart on the case showed."""
    weeks = tuple(stored)
    attended, middle, days = stored_sessions(weeks), stored_median(weeks), stored_days(weeks)
    for number, active in enumerate(active_days(weeks)):
        said = [f"something was recorded on {counted(active, 'day')}"]
        if number < len(attended) and (count := attended[number]) is not None:
            said.append(f"{counted(count, 'session')} attended")
        if number < len(middle) and (median := middle[number]) is not None:
            said.append(f"the middle of the class attended {median:g}")
        if number < len(days) and days[number][0] < days[number][1]:
            said.append("{} of {} school days are known".format(*days[number]))
        yield f"Week {number + 1}: {', '.join(said)}"


def _value(told: Any) -> str:
    """A value in words: days as people write them, lists with commas, yes and no."""
    if isinstance(told, bool):
        return "yes" if told else "no"
    if isinstance(told, list):
        return ", ".join(map(_value, told))
    if isinstance(told, dict):
        return "\n".join(f"{heading(name)}: {_value(each)}" for name, each in told.items())
    text = "" if told is None else str(told)
    if day := _DAY.fullmatch(text):
        on = f"{dt.date(*map(int, day.groups()[:3])):%d %B %Y}".lstrip("0")
        return f"{on}, {day[4]} UTC" if day[4] else on
    return text


_TEMPLATES = templates_in(Path(__file__).parent / "templates")
_TEMPLATES.filters |= {"heading": heading, "cell": _cell}
