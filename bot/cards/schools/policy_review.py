"""The review calendar of a school's policy, and the dialog to record a review."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from bot.cards.kit import sample_data as sample
from bot.cards.kit.dialogs import school_dialog
from bot.cards.kit.model import (
    Actions,
    Button,
    Card,
    CardBlock,
    Dialog,
    Input,
    InputKind,
    Option,
    Select,
    Text,
    TextStyle,
)
from bot.cards.kit.registry import example
from store.queries.schools.staff import School
from store.rules.policies.review_calendar import Reviewed, ReviewLine, ReviewSubject
from store.rules.text.formatting import on_day

_HELP = {
    ReviewSubject.THRESHOLDS: "whether the right students were flagged (/lantern report)",
    ReviewSubject.LETTERS: "whether the letters still read well (lantern letters preview)",
    ReviewSubject.FAIRNESS: "whether some groups of students are treated differently, and why "
    "(/lantern fairness)",
}


def review_calendar_card(school: School, lines: Sequence[ReviewLine], today: dt.date) -> Card:
    """Show when each review is due, and the findings of the last one."""
    due = [line.subject.label for line in lines if line.is_due(today)]
    title = f"Reviews of {school.name}"
    blocks: list[CardBlock] = [Text(title, TextStyle.HEADING)]
    for line in lines:
        state = "due since" if line.is_due(today) else "due on"
        blocks.append(Text(f"{line.subject.label.capitalize()}: {state} {_dated(line.due)}."))
        blocks.append(Text(_last(line.last, line.subject), TextStyle.SUBTLE))
    if not lines:
        blocks.append(Text("There is no policy in force yet, so there is nothing to review."))
    else:
        ids = {"school": str(school.id)}
        blocks.append(
            Actions((Button("Record a review", "policy-review", ids, opens_dialog=True),))
        )
    summary = f"{title}: {', '.join(due)} due." if due else f"{title}: none is due."
    return Card(kind="policy-review", summary=summary, blocks=tuple(blocks))


def policy_review_dialog(
    school: School, lines: Sequence[ReviewLine], subject: ReviewSubject | None = None
) -> Dialog:
    """Ask what was reviewed, and the findings.

    ``subject`` is chosen already; None: the one that is due first.
    """
    chosen = subject or lines[0].subject
    options = tuple(Option(each.value, each.label.capitalize()) for each in ReviewSubject)
    return school_dialog(
        school,
        "policy-review",
        title="Record a review",
        submit="Record",
        blocks=(
            Text(f"{school.name}. Your name and the day are recorded.", TextStyle.SUBTLE),
            Select("subject", "What was reviewed?", options, chosen=chosen.value),
            Input("found", "What did you find?", InputKind.PARAGRAPH, max_length=2000),
            Text("Do not name any student.", TextStyle.SUBTLE),
        ),
    )


def _last(last: Reviewed | None, subject: ReviewSubject) -> str:
    if last is None:
        return f"Not reviewed yet: {_HELP[subject]}."
    return f"{last.by} on {_dated(last.on)}: {last.found}"


def _dated(day: dt.date) -> str:
    return f"{on_day(day)} {day.year}"


def _lines() -> list[ReviewLine]:
    day = sample.DAY
    held = Reviewed(day - dt.timedelta(days=90), "Lena Example", "14 days of inactivity is right.")
    return [
        ReviewLine(ReviewSubject.LETTERS, day - dt.timedelta(days=20), None),
        ReviewLine(ReviewSubject.FAIRNESS, day + dt.timedelta(days=30), None),
        ReviewLine(ReviewSubject.THRESHOLDS, day + dt.timedelta(days=275), held),
    ]


_SCHOOL = School(1, "LANG", "School of Invented Languages")


@example("policy-review")
def _calendar() -> Card:
    return review_calendar_card(_SCHOOL, _lines(), sample.DAY)


@example("dialog-policy-review")
def _dialog() -> Dialog:
    return policy_review_dialog(_SCHOOL, _lines())
