"""A colleague's morning digest, and a lead's weekly one: private, numbers and references only."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from types import MappingProxyType

from bot.cards.cases.lists import NEEDS, case_line_row
from bot.cards.cases.state_words import state_of_line
from bot.cards.kit import sample_data as sample
from bot.cards.kit.model import Actions, Button, Card, CardBlock, Facts, Reasons, Text, TextStyle
from bot.cards.kit.registry import example
from store.queries.cases.lists import CaseLine
from store.queries.notices.week import Week
from store.rules.flags.coverage import NO_MODULE, Coverage, notes_for_lead
from store.rules.flags.no_case import NoCase
from store.rules.model import CaseStatus, Outcome
from store.rules.notices.reminders import WaitingFor
from store.rules.text.formatting import counted, listed, on_day
from store.rules.text.reasons import Pasted

_SHOWN = 10
_NOTES = 12


def digest_switch(*, is_on: bool) -> Actions:
    """Return the button that switches one's own morning digest on or off."""
    return Actions((_switch(is_on=is_on),))


def _switch(*, is_on: bool) -> Button:
    label, turn = ("Switch my digest off", "off") if is_on else ("Switch my digest on", "on")
    return Button(label, "digest", {"turn": turn})


def personal_digest(
    lines: Sequence[CaseLine],
    needs: Mapping[int, str],
    covered_for: str = "",
    *,
    others: Mapping[int, str] = MappingProxyType({}),
    is_on: bool = True,
) -> Card:
    """List a colleague's cases. ``needs`` maps a case to what it needs from them, and ``others`` to
    who else acts next.

    ``is_on``: whether it comes each morning. The cover of an absent colleague cannot switch off
    that colleague's digest.
    """
    due = [line for line in lines if line.id in needs]
    due_today = f"{len(due)} need action" if len(due) != 1 else "1 needs action"
    wait = due_today if due else "nothing to do today"
    title = f"{counted(len(lines), 'case')} with you: {wait}"
    if not lines:
        title = "You have no open cases"
    blocks: list[CardBlock] = [Text(title, TextStyle.HEADING)]
    if covered_for:
        blocks.append(Text(f"You cover for {covered_for}.", TextStyle.SUBTLE))
    blocks += [case_line_row(line, needs[line.id], is_mine=True) for line in due[:_SHOWN]]
    if len(due) > _SHOWN:
        blocks.append(Text(f"and {len(due) - _SHOWN} more: /lantern mine", TextStyle.SUBTLE))
    rest = [line for line in lines if line.id not in needs]
    elsewhere = [(line, others[line.id]) for line in rest if line.id in others]
    quiet = [(line, _state(line)) for line in rest if line.id not in others]
    blocks += [*_named("Others act next", elsewhere), *_named("No action needed", quiet)]
    blocks.append(Text("All of them: /lantern mine", TextStyle.SUBTLE))
    switch = () if covered_for else (_switch(is_on=is_on),)
    blocks.append(Actions((Button("My cases", "mine"), *switch)))
    return Card(kind="digest-mine", summary=f"{title}.", blocks=tuple(blocks))


def _state(line: CaseLine) -> str:
    state = state_of_line(line)[0]
    return f"{state[0].lower()}{state[1:]}"


def _named(title: str, lines: Sequence[tuple[CaseLine, str]]) -> list[CardBlock]:
    """List cases in one line, each with why it needs nothing from the reader."""
    if not lines:
        return []
    names = ", ".join(f"{line.reference} ({why})" for line, why in lines[:_SHOWN])
    more = f" and {len(lines) - _SHOWN} more" if len(lines) > _SHOWN else ""
    return [Text(f"{title}: {names}{more}", TextStyle.SUBTLE)]


def week_card(week: Week, notes: Sequence[str] = ()) -> Card:
    """Show the week of a lead's school: first what needs a person, then the figures of seven days.

    ``notes`` are for the lead alone.
    """
    needs = _needs(week)
    blocks: list[CardBlock] = [
        Text(f"The week of {week.school_name}", TextStyle.HEADING),
        *_days(week),
        *([Text(week.unruled)] if week.unruled else []),
        *([Reasons(needs)] if needs else [Text("Nothing needs you.")]),
    ]
    if week.troubles:
        blocks.append(Text("Problems that need action", TextStyle.HEADING))
        blocks.append(Text(_first_of(week.troubles)))
    answers = (Button("Read and answer", "said"),) if week.to_answer else ()
    blocks.append(Actions((*answers, Button("Coverage", "coverage"), Button("Report", "report"))))
    blocks += _figures(week)
    if notes:
        blocks += [Text("For you alone", TextStyle.HEADING), Text(_first_of(notes))]
    summary = f"{week.school_name}: {counted(week.opened, 'case')} opened this week."
    return Card(kind="digest-week", summary=summary, blocks=tuple(blocks))


def _needs(week: Week) -> tuple[tuple[str, str], ...]:
    """Say what needs a person, the most urgent first: (what it is about, a sentence)."""
    needs = list[tuple[str, str]]()
    if week.to_answer:
        needs.append(("Answers", f"{counted(week.to_answer, 'message')} from students to answer."))
    if not week.trained_lead:
        needs.append(
            (
                "Training",
                "No engagement lead of your school has recorded training, so no emails are sent. "
                "Another engagement lead or your faculty's lead records it with /lantern train.",
            )
        )
    if week.to_review:
        needs.append(
            ("Welfare", f"{counted(week.to_review, 'use')} of the welfare route to review.")
        )
    if unexplained := dict(week.no_case).get(NoCase.UNEXPLAINED):
        needs.append(
            (
                "Flags",
                f"{counted(unexplained, 'student')} with an active flag and no open case, for no "
                "known reason. Ask your Lantern administrator to run lantern doctor.",
            )
        )
    if week.unwatched:
        said = listed([f"{counted(n, 'student')} ({why})" for why, n in week.unwatched])
        needs.append(("Students", f"No case can open for {said}: /lantern coverage"))
    if week.queue:
        needs.append(("Daily limit", f"{' '.join(week.queue)} Who waits: /lantern queue"))
    if week.unseen:
        needs.append(("Views", f"{counted(week.unseen, 'case')} without a view for a week."))
    if week.before_views:
        where = listed(list(dict.fromkeys(week.before_views)))
        needs.append(
            (
                "Contacts",
                f"No colleague had given a view before {counted(len(week.before_views), 'contact')}"
                f", which the policy asks for first: {where}.",
            )
        )
    needs += [
        (
            "Same words",
            f"{same.author} gave the same reason, word for word, on "
            f"{counted(len(same.cases), 'case')}: {listed(same.cases[:_SHOWN])}.",
        )
        for same in week.pasted
    ]
    if week.reviews_due:
        due = listed([subject.label for subject in week.reviews_due])
        needs.append(
            ("Reviews", f"These are due: {due}. Record what you find: /lantern policy-review")
        )
    return tuple(needs)


def _figures(week: Week) -> list[CardBlock]:
    figures = (
        ("Opened", str(week.opened)),
        ("Closed", str(sum(number for _, number in week.closed))),
        ("Open now", str(week.open_now)),
        ("Active flags without a case", str(sum(number for _, number in week.no_case))),
    )
    blocks: list[CardBlock] = [Text("Figures", TextStyle.HEADING), Facts(figures)]
    if week.closed:
        said = ", ".join(f"{outcome.label} {number}" for outcome, number in week.closed)
        blocks.append(Text(f"How cases ended: {said}."))
    if week.no_case:
        said = listed([f"{number} {why.told}" for why, number in week.no_case])
        blocks.append(Text(f"Students with an active flag and no open case: {said}."))
    return blocks


def _days(week: Week) -> list[CardBlock]:
    """Say which days the figures of the week cover."""
    if week.first is None or week.last is None:
        return []
    days = f"{on_day(week.first)} to {on_day(week.last)}, both included."
    return [Text(days, TextStyle.SUBTLE)]


def _first_of(notes: Sequence[str]) -> str:
    rest = len(notes) - _NOTES
    more = [f"and {counted(rest, 'more line')}: /lantern coverage"] if rest > 0 else []
    return "\n".join([*notes[:_NOTES], *more])


@example("digest-mine")
def _mine() -> Card:
    lines = [sample.line(number, CaseStatus.DISCUSSING) for number in (9, 12, 13)]
    needs = {9: NEEDS[WaitingFor.REACTION], 13: NEEDS[WaitingFor.VIEW]}
    return personal_digest(lines, needs)


@example("digest-week")
def _week() -> Card:
    closed = ((Outcome.MEETING_HELD, 3), (Outcome.DATA_ERROR, 1))
    same = (Pasted("Bob Example", ("LANG-9", "LANG-12", "LANG-13")),)
    no_case = ((NoCase.UNEXPLAINED, 1), (NoCase.QUEUED, 4), (NoCase.IN_GRACE, 2))
    week = Week(
        "School of Invented Languages",
        6,
        closed,
        9,
        1,
        0,
        2,
        trained_lead=False,
        pasted=same,
        no_case=no_case,
        first=sample.DAY - dt.timedelta(days=6),
        last=sample.DAY,
        before_views=("LANG-9", "LANG-9", "LANG-13"),
        unwatched=((NO_MODULE, 2),),
        queue=("At 10 new cases a day: place 1 in 1 day, place 4 in 1 day; all are reached.",),
    )
    return week_card(week, notes_for_lead([Coverage(1, 4, 0)], [], {}))
