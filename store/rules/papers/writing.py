"""Write the papers as Markdown, from the declarations and from what an installation has set."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from store.rules.access.permissions import Action, may_in_role
from store.rules.model import Role
from store.rules.papers.principles import ICO, JISC, Principle
from store.rules.papers.record_kinds import KINDS, RecordKind
from store.rules.policies.retention import Retention
from store.rules.text.formatting import long_date

TO_CONFIRM = "**To confirm:**"
"""Marks what the university has to decide; no program can."""

_BASIS = "public task (UK GDPR, article 6(1)(e))"
_SPECIAL = (
    "substantial public interest (article 9(2)(g) with the Data Protection Act 2018, schedule 1)"
)


@dataclass(frozen=True, slots=True)
class Recipient:
    """A service to which this installation's settings send data, and the settings that do."""

    name: str
    receives: str
    settings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SchoolPeriods:
    """A school's periods, and who approved them when; '' for no approval."""

    school: str
    periods: Retention
    approved: str


def papers(
    schools: Sequence[SchoolPeriods],
    recipients: Sequence[Recipient],
    day: dt.date,
    *,
    is_anchored: bool = False,
) -> Mapping[str, str]:
    """Map file names to the papers' texts, in Markdown.

    ``is_anchored``: AUDIT_ANCHOR is set, so that the audit's end is recorded in another place.
    """
    written = {
        "record-of-processing.md": _record(schools, recipients),
        "retention.md": _retention(schools),
        "access.md": _access(),
        "recipients.md": _recipients(recipients),
        "impact-assessment.md": _assessment(is_anchored=is_anchored),
    }
    begin = f"Written by Lantern on {long_date(day)} from its own declarations and settings."
    return {name: f"{text.strip()}\n\n{begin}\n" for name, text in written.items()}


def _record(schools: Sequence[SchoolPeriods], recipients: Sequence[Recipient]) -> str:
    sent_to = ", ".join(each.name for each in recipients) or "no one outside this installation"
    lines = [
        "# Record of processing",
        "",
        "Facts for article 30 of the UK GDPR.",
        "",
        f"- {TO_CONFIRM} the controller, its representative and its data protection officer.",
        f"- {TO_CONFIRM} the lawful basis. Proposed: {_BASIS}; for what may speak of health or "
        f"other special categories, {_SPECIAL}.",
        f"- Recipients: {sent_to}. See recipients.md.",
        "- Security: encryption of words that people wrote, files for their owner alone, roles by "
        "school, an audit that shows a change. `lantern doctor` checks the installation.",
    ]
    for kind in KINDS:
        lines += ["", f"## {kind.name}", "", *_kind(kind, schools)]
    return "\n".join(lines)


def _kind(kind: RecordKind, schools: Sequence[SchoolPeriods]) -> Iterator[str]:
    yield f"- Holds: {kind.holds}."
    yield f"- For: {kind.purpose} (policy {kind.paragraphs})."
    yield f"- Kept: {_kept(kind, schools)}."
    for part, until in kind.sooner:
        yield f"- {part}: {_lowered(until)}."
    yield f"- Opened by: {_listed(kind.seen_by)}."
    if kind.is_sensitive:
        yield "- It may hold special categories of data."
    yield f"- Tables: {', '.join(f'`{name}`' for name in kind.tables)}."
    if kind.elsewhere:
        yield f"- Outside the database: {kind.elsewhere}."


def _kept(kind: RecordKind, schools: Sequence[SchoolPeriods]) -> str:
    """Return the period; school by school where these differ."""
    words = {each.school: kind.period.words(each.periods) for each in schools}
    if len(set(words.values())) <= 1:
        return next(iter(words.values()), kind.period.words(Retention()))
    return "; ".join(f"{school}: {said}" for school, said in words.items())


def _lowered(text: str) -> str:
    return text[:1].lower() + text[1:]


def _listed(roles: Sequence[Role]) -> str:
    return ", ".join(role.label for role in roles) or "no one; Lantern alone reads it"


def _retention(schools: Sequence[SchoolPeriods]) -> str:
    defaults = Retention()
    lines = ["# Retention schedule", "", f"Where a policy says nothing: {defaults}.", ""]
    lines += ["| School | Periods | Approved |", "|---|---|---|"]
    lines += [
        f"| {_cell(each.school)} | {each.periods} | "
        f"{_cell(each.approved) or 'not yet: nothing is deleted by age'} |"
        for each in schools
    ]
    lines += ["", "| Kind of record | Kept |", "|---|---|"]
    for kind in KINDS:
        lines.append(f"| {kind.name} | {_kept(kind, schools)} |")
        lines += [f"| {kind.name}: {_lowered(part)} | {until} |" for part, until in kind.sooner]
    return "\n".join(lines)


def _access() -> str:
    roles = tuple(Role)
    lines = ["# Who may do what", "", "In a colleague's own school; everything else is refused."]
    lines += ["", f"| To … a case, student or school | {' | '.join(r.label for r in roles)} |"]
    lines += ["|---|" + "---|" * len(roles)]
    lines += [
        f"| {action.label} | {' | '.join('yes' if may_in_role(r, action) else '' for r in roles)} |"
        for action in Action
    ]
    lines += ["", "## While a complaint is open", "", *_UNDER_A_COMPLAINT]
    return "\n".join(lines)


_UNDER_A_COMPLAINT = (
    "- The colleague it is about acts on no case of that student, and finds none in *today*, in "
    "*mine*, in their own digest or by the student's name.",
    "- The school's channel is read by all colleagues of the school, so its card and its digest "
    "have no reasons, no chart and not the name of the colleague it is about. Lists for the other "
    "colleagues have no reasons either; the colleague who handles it opens the case.",
)


def _recipients(recipients: Sequence[Recipient]) -> str:
    lines = ["# Recipients and processors", ""]
    if not recipients:
        return "\n".join([*lines, "The settings name none: no data leaves this installation."])
    lines += [f"{TO_CONFIRM} the contract, its place of processing and its sub-processors.", ""]
    lines += ["| Recipient | Receives | By the settings |", "|---|---|---|"]
    lines += [
        f"| {_cell(each.name)} | {each.receives} | {', '.join(f'`{s}`' for s in each.settings)} |"
        for each in recipients
    ]
    return "\n".join(lines)


def _assessment(*, is_anchored: bool) -> str:
    lines = [
        "# Facts for the data protection impact assessment",
        "",
        f"{TO_CONFIRM} necessity and proportionality, the risks to students, and the measures "
        "beyond those below.",
    ]
    lines += ["", "## Jisc: code of practice for learning analytics", "", *_principles(JISC)]
    lines += ["", "## ICO: AI and data protection risk toolkit", "", *_principles(ICO)]
    lines += ["", f"The audit: {_ANCHORED if is_anchored else _NOT_ANCHORED}"]
    return "\n".join(lines)


_ANCHORED = "its end is recorded in another place (AUDIT_ANCHOR), so that a cut is found."
_NOT_ANCHORED = (
    "its end is recorded in no other place, since AUDIT_ANCHOR is not set; a person who can write "
    "to the database could delete its newest rows unnoticed."
)


def _principles(rows: Sequence[Principle]) -> Iterator[str]:
    yield "| Principle | What Lantern does | Shown by |"
    yield "|---|---|---|"
    for each in rows:
        yield f"| {each.heading} | {each.does} | {each.shown_by} |"


def _cell(text: str) -> str:
    """Return a text that cannot end its cell."""
    return text.replace("|", "\\|").replace("\n", " ")
