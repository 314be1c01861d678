"""A school's retention periods, for its data protection officer, and the dialog to approve them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from bot.cards.kit import sample_data as sample
from bot.cards.kit.model import Actions, Button, Card, CardBlock, Dialog, Input, Text, TextStyle
from bot.cards.kit.registry import example
from store.queries.privacy.retention import Approved, OldActivity, Overdue, Preview, Schedule
from store.queries.schools.staff import School
from store.rules.calendar import institution_day
from store.rules.policies.retention import Retention
from store.rules.text.formatting import counted, long_date


def retention_lines(shown: Preview) -> Iterator[str]:
    """Say whether the periods are approved, and how much is past them today."""
    schedule, due = shown.schedule, shown.due
    if schedule.approved:
        at = long_date(institution_day(schedule.approved.at))
        yield f"Approved by {schedule.approved.by} on {at}"
    else:
        yield "Not approved by the data protection officer: nothing is deleted by age"
    left = long_date(schedule.retention.first_day_of_students(shown.today))
    closed = long_date(schedule.retention.first_day_of_cases(shown.today))
    yield f"{counted(len(due.students), 'student')} who left before {left}"
    yield f"{counted(len(due.cases), 'case')} of other students, closed before {closed}"
    yield (
        "Groups for fairness reports: deleted with their student, and at once after an objection; "
        "published figures name no one and stay"
    )
    activity = shown.activity
    if activity.before:
        yield (
            f"{counted(activity.days, 'day')} of activity before {long_date(activity.before)}, "
            "counted for each source; deleted once the periods of every school are approved"
        )
    if activity.kept:
        yield (
            f"Activity of {counted(activity.kept, 'student')} kept for now because of an open "
            "case, a complaint, a request about data or a hold"
        )
    if shown.kept:
        yield f"{shown.kept} of these kept for now because of a complaint or a hold"
    if shown.waiting:
        yield (
            f"{counted(shown.waiting, 'more student')} who left before then: kept while a case is "
            "open or another school keeps one, and after a complaint was resolved"
        )
    if shown.unknown:
        yield (
            f"{counted(shown.unknown, 'student')} without an enrolment in the roster: kept, since "
            "no one knows when they left"
        )


def retention_card(shown: Preview) -> Card:
    """Show a school's periods, and a button to approve them where they are not."""
    schedule = shown.schedule
    title = f"How long {schedule.school.name} keeps data"
    blocks: list[CardBlock] = [
        Text(title, TextStyle.HEADING),
        Text(f"{str(schedule.retention).capitalize()}."),
        *(Text(f"{line}.", TextStyle.SUBTLE) for line in retention_lines(shown)),
    ]
    if not schedule.approved:
        ids = {"school": str(schedule.school.id)}
        blocks.append(Actions((Button("Approve", "retention", ids, opens_dialog=True),)))
    return Card(kind="retention", summary=f"{title}.", blocks=tuple(blocks))


def retention_dialog(shown: Preview) -> Dialog:
    """Ask for the preview's three numbers, to approve the retention periods."""
    schedule = shown.schedule
    return Dialog(
        kind="retention",
        title="Approve retention",
        action="retention",
        ids={"school": str(schedule.school.id)},
        submit="Approve",
        blocks=(
            Text(
                f"{schedule.school.name} keeps: {schedule.retention}. From tonight, data past "
                "these periods is deleted every night. It cannot be undone."
            ),
            *(Text(f"{line}.", TextStyle.SUBTLE) for line in retention_lines(shown)),
            Input(
                "confirm",
                "Confirm with the three numbers",
                hint=f"Students, cases and days of activity that are due: type {shown.figure}",
                max_length=30,
            ),
        ),
    )


def _sample(approved: Approved | None, due: Overdue, kept: int = 0) -> Preview:
    school = School(1, "LANG", "School of Invented Languages")
    activity = OldActivity(dt.date(2024, 10, 1), 12, kept)
    schedule = Schedule(school, Retention(), approved)
    return Preview(schedule, due, kept, sample.DAY, activity=activity)


@example("retention")
def _waiting() -> Card:
    return retention_card(_sample(None, Overdue((1, 2), (7, 8, 9)), 1))


@example("retention-approved")
def _approved() -> Card:
    at = dt.datetime.combine(sample.DAY, dt.time(9, 30), dt.UTC)
    return retention_card(_sample(Approved("Priya Example", at), Overdue((), ())))


@example("dialog-retention")
def _asks() -> Dialog:
    return retention_dialog(_sample(None, Overdue((1, 2), (7, 8, 9)), 1))
