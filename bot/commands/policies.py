"""simulate, coverage: private tools for the engagement lead."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping

from bot.cards.flags.coverage import coverage_card
from bot.cards.policies import simulation_card, simulation_dialog
from bot.commands.table import COMMANDS, Call
from bot.interaction import Reply
from store.actions.schools.lead_request import led_school, record_lead_access
from store.policies.versions import school_policy
from store.queries.schools.staff import School, all_schools
from store.rules.access.disclosures import Shows
from store.rules.access.permissions import Action
from store.rules.calendar import institution_day
from store.rules.errors import InvalidInput
from store.rules.policies.diff import policy_differences
from store.rules.policies.draft import drafted
from store.rules.text.date_parsing import past_day

FOUR_WEEKS = dt.timedelta(days=27)
_CODE = re.compile(r"[A-Z0-9-]+", re.IGNORECASE)


@COMMANDS.add(
    "simulate",
    "As lead: test other thresholds on past weeks.",
    "simulate inactivity.days=10 from 2026-10-01 to 2026-11-01",
    Action.LEAD,
)
def simulate(call: Call) -> Reply:
    """Simulate: ``LANG inactivity.days=10 capacity=5 from … to …``; or open the dialog."""
    words = call.words() if call.was_typed else []
    school, words = _school(call, words)
    today = institution_day(call.store.now())
    with call.store.database.read() as connection:
        policy = school_policy(connection, school.id, today)
    if call.answers is None and not words:
        return Reply(dialog=simulation_dialog(school, policy, today - FOUR_WEEKS, today))
    changes, first, last = _typed(words, today) if call.answers is None else _filled_in(call, today)
    draft = drafted(policy, changes)
    record_lead_access(call.store, call.request, school.id, "simulate")
    found = call.available().simulate(draft, first, last)
    return Reply(card=simulation_card(found, policy_differences(policy, draft)))


@COMMANDS.add(
    "coverage",
    "As lead: see which students have little data, and unusual patterns.",
    "coverage",
    Action.LEAD,
)
def coverage(call: Call) -> Reply:
    """Show the lead's private notes; they are not flags and appear on no card."""
    school, _ = _school(call, call.words() if call.was_typed else [])
    named: list[int] = []
    notes = call.available().notes(school.id, institution_day(call.store.now()), named.extend)
    shows = (Shows.IDENTITY,)
    record_lead_access(call.store, call.request, school.id, "coverage", shows, named)
    return Reply(card=coverage_card(school.name, notes))


def _school(call: Call, words: list[str]) -> tuple[School, list[str]]:
    """Read the school, and the words after it."""
    if "school" in call.interaction.ids:
        with call.store.database.read() as connection:
            known = {each.id: each.code for each in all_schools(connection)}
        return led_school(call.store, call.request, known.get(call.id("school"), "?")), words
    is_code = bool(words) and _CODE.fullmatch(words[0]) and words[0].casefold() != "from"
    code = words[0] if is_code else ""
    return led_school(call.store, call.request, code), words[1:] if is_code else words


def _typed(words: list[str], today: dt.date) -> tuple[Mapping[str, str], dt.date, dt.date]:
    """Read the values and the days: ``inactivity.days=10 from 2026-10-01 to 2026-11-01``."""
    split = next((at for at, word in enumerate(words) if word.casefold() == "from"), len(words))
    changes, days = dict[str, str](), " ".join(words[split + 1 :]).casefold()
    for word in words[:split]:
        key, sign, value = word.partition("=")
        if not sign:
            raise InvalidInput("Write a value as in inactivity.days=10, with no space.")
        changes[key.casefold()] = value.casefold()
    start, _, end = days.partition(" to ")
    last = past_day(end, today, "last") if end else today
    return changes, past_day(start, today, "first") if start else last - FOUR_WEEKS, last


def _filled_in(call: Call, today: dt.date) -> tuple[Mapping[str, str], dt.date, dt.date]:
    answers = call.answers or {}
    changes = {answers.get("figure", ""): answers.get("value", "")}
    return (
        changes,
        past_day(answers.get("first", ""), today, "first"),
        past_day(answers.get("last", ""), today, "last"),
    )
