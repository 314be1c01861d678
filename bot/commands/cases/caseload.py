"""cases: the caseload of the person who asks, filtered, searched, sorted, in pages, as CSV."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from bot.cards.cases.caseload import caseload_card, caseload_csv, export_dialog
from bot.cards.cases.caseload_form import KIND, caseload_dialog, filter_from, filter_in
from bot.commands.table import COMMANDS, Call
from bot.interaction import Reply
from store.actions.students.log_search import cases_found, record_export
from store.queries.cases.caseload import Caseload, caseload
from store.queries.readiness.answer_read import new_answers
from store.rules.access.permissions import Action, schools_where
from store.rules.calendar import institution_day
from store.rules.cases.caseload import MINE, NO_ONE, CaseloadFilter, choose
from store.rules.errors import InvalidInput, NotAllowed

_EXPORT = "export"
_TYPED: Mapping[str, Mapping[str, Any]] = {
    "mine": {"owner": MINE},
    "unowned": {"owner": NO_ONE},
    "needs-me": {"needs_me": True},
}
"""What may be typed in the place of a search, and the fields of the filter that it sets."""


@COMMANDS.add("cases", "See, filter and search your cases, and export them.", "cases", Action.SEE)
def cases(call: Call) -> Reply:
    """Show a page: ``cases``, ``cases needs-me``, ``cases mine export``, or a search.

    Raises ``NotAllowed`` for a role that sees no single cases.
    """
    if not schools_where(call.actor, Action.SEE):
        figures = " Your schools' numbers are in /lantern report."
        may_read = bool(schools_where(call.actor, Action.FIGURES))
        raise NotAllowed("Your role does not show individual cases." + figures * may_read)
    wanted, words, is_export = _asked(call)
    found = cases_found(call.store, call.request, words) if words else None
    today = institution_day(call.store.now())
    with call.store.database.read() as connection:
        load = caseload(connection, call.actor, today)
        readable = set(schools_where(call.actor, Action.REVEAL))
        shown = [each.id for each in load.lines.values() if each.school in readable]
        unread = new_answers(connection, shown, call.actor.id)
    if call.interaction.ids.get("step") == "ask" and call.answers is None:
        return Reply(dialog=caseload_dialog(load, wanted))
    chosen = choose(load.entries, wanted, call.actor.id, today, found)
    if is_export:
        return _exported(call, load, chosen)
    return Reply(card=caseload_card(load, chosen, wanted, searched=bool(words), unread=unread))


def _exported(call: Call, load: Caseload, chosen: list[int]) -> Reply:
    written = caseload_csv(load, chosen)
    record_export(call.store, call.request, chosen)
    return Reply(dialog=export_dialog(written, len(chosen)))


def _asked(call: Call) -> tuple[CaseloadFilter, str, bool]:
    """Read the filter, the search words, and whether the cases are exported."""
    if call.answers is not None:
        return _read(filter_from, call.answers), call.answer("words").strip(), False
    if not call.was_typed:
        step = call.interaction.ids.get("step")
        return _read(filter_in, call.interaction.ids), "", step == _EXPORT
    return _typed(call.interaction.text.strip())


def _typed(typed: str) -> tuple[CaseloadFilter, str, bool]:
    """Read a typed line: filters in any order, ``export`` or a page's number; else a search.

    Raises ``InvalidInput`` for the export of a search: what a search found is never exported.
    """
    words = typed.casefold().split()
    filters = [each for each in words if each != _EXPORT]
    is_export = len(filters) < len(words)
    if all(each in _TYPED or _is_page(each) for each in filters):
        wanted = CaseloadFilter()
        for each in filters:
            wanted = replace(wanted, **_TYPED.get(each) or {"page": int(each)})
        return wanted, "", is_export
    if words[-1] == _EXPORT:
        raise InvalidInput(
            "Search results cannot be exported. Type /lantern cases export, or add a filter: "
            f"/lantern cases mine export. Filters: {', '.join(_TYPED)}."
        )
    return CaseloadFilter(), typed, False


def _is_page(word: str) -> bool:
    return word.isascii() and word.isdigit() and len(word) <= 2


def _read(
    read: Callable[[Mapping[str, str]], CaseloadFilter], values: Mapping[str, str]
) -> CaseloadFilter:
    try:
        return read(values)
    except ValueError as error:
        raise InvalidInput(f"This filter is out of date. Type /lantern {KIND}.") from error
