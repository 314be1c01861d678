"""The card of a case for a contributing school, with no more than such a school may know."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace

from bot.cards.kit import sample_data as sample
from bot.cards.kit.model import (
    Actions,
    Button,
    Card,
    CardBlock,
    Dialog,
    Input,
    InputKind,
    Text,
    TextStyle,
)
from bot.cards.kit.registry import example
from store.queries.cases.contributing import AlertState, ContributingView
from store.rules.access.death import ELSEWHERE
from store.rules.calendar import Calendar
from store.rules.text.formatting import listed, short_day


def contributing_card(view: ContributingView, calendar: Calendar) -> Card:
    """Show that the home school owns the case, whether it was alerted, and how to alert it."""
    said = ELSEWHERE if view.has_died else _standing(view)
    if view.has_died:
        blocks = (Text(view.reference, TextStyle.HEADING), Text(said))
        return Card(kind="case-elsewhere", summary=f"{view.reference}: {said}", blocks=blocks)
    return Card(
        kind="case-elsewhere",
        summary=f"{view.reference}: {said}",
        blocks=(
            Text(view.reference, TextStyle.HEADING),
            Text(said),
            *_modules(view),
            *_alerted(view.alert, view.home_name, calendar),
            *_actions(view),
        ),
    )


def alert_home_dialog(ids: dict[str, str], subject: str) -> Dialog:
    """Ask what the home school should know. ``subject`` identifies the student without a name."""
    return Dialog(
        kind="alert-home",
        title="Alert the home school",
        action="alert-home",
        ids=ids,
        submit="Alert",
        blocks=(
            Text(
                f"About {subject}. Only the home school contacts the student. Lantern alerts it at "
                "once and tells you when it has acknowledged the alert.",
                TextStyle.SUBTLE,
            ),
            Input(
                "why",
                "What have you noticed?",
                InputKind.PARAGRAPH,
                max_length=1000,
                hint="A few words. Colleagues can read them, and the student may ask to.",
            ),
        ),
    )


def _standing(view: ContributingView) -> str:
    if view.handed_over:
        return f"Handed over to {view.home_name}."
    if view.is_closed:
        return f"{view.home_name}, the home school, has closed the case."
    return f"{view.home_name}, the home school, owns the case."


def _modules(view: ContributingView) -> Iterator[CardBlock]:
    if view.modules and not view.is_closed:
        yield Text(f"Flagged in your school's {listed(view.modules)}.", TextStyle.SUBTLE)


def _alerted(alert: AlertState | None, home: str, calendar: Calendar) -> Iterator[CardBlock]:
    if alert is None:
        return
    on = short_day(calendar.local(alert.at).date())
    yield Text(f"{on} · {alert.alerted_by} alerted {home}", TextStyle.SUBTLE)
    if alert.acknowledged_by and alert.acknowledged_at:
        on = short_day(calendar.local(alert.acknowledged_at).date())
        yield Text(f"{on} · {alert.acknowledged_by} acknowledged it", TextStyle.SUBTLE)
    else:
        yield Text("The home school has not acknowledged the alert yet.", TextStyle.SUBTLE)


def _actions(view: ContributingView) -> Iterator[CardBlock]:
    waiting = view.alert is not None and view.alert.acknowledged_by is None
    if view.may_alert and not waiting and not view.is_closed:
        ids = {"case": str(view.case)}
        yield Actions((Button("Alert home school", "alert-home", ids, opens_dialog=True),))


def _example(alert: AlertState | None, *, handed_over: bool = False) -> ContributingView:
    return ContributingView(
        case=12,
        reference="LANG-12",
        home_name="School of Invented Languages",
        is_closed=False,
        modules=("French 1",),
        handed_over=handed_over,
        may_alert=not handed_over,
        alert=alert,
    )


_AT = dt.datetime.combine(sample.DAY, dt.time(10, 0), dt.UTC)


@example("case-elsewhere")
def _quiet() -> Card:
    return contributing_card(_example(None), Calendar())


@example("case-elsewhere-alerted")
def _waiting() -> Card:
    return contributing_card(_example(AlertState("Bob Example", _AT, None, None)), Calendar())


@example("case-elsewhere-acknowledged")
def _acknowledged() -> Card:
    alert = AlertState("Bob Example", _AT, "Alice Example", _AT + dt.timedelta(hours=2))
    return contributing_card(_example(alert), Calendar())


@example("case-elsewhere-died")
def _died() -> Card:
    return contributing_card(replace(_example(None), has_died=True), Calendar())


@example("case-elsewhere-handed-over")
def _handed_over() -> Card:
    return contributing_card(_example(None, handed_over=True), Calendar())


@example("dialog-alert-home")
def _alert_dialog() -> Dialog:
    return alert_home_dialog({"case": "12"}, "LANG-12")
