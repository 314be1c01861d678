"""A person's caseload: a page of cases with its filters in words, and as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from bot.cards.cases.caseload_form import KIND, caseload_dialog, ids_of
from bot.cards.cases.lists import NEEDS, case_line_row
from bot.cards.cases.state_words import state_of, state_of_line
from bot.cards.kit import sample_data as sample
from bot.cards.kit.model import Actions, Button, Card, CardBlock, Dialog, Text, TextStyle
from bot.cards.kit.paging import whole
from bot.cards.kit.registry import example
from store.queries.cases.caseload import Caseload
from store.queries.cases.lists import CaseLine
from store.rules.cases.caseload import (
    MINE,
    NO_ONE,
    CaseloadEntry,
    CaseloadFilter,
    Order,
    filter_key,
)
from store.rules.model import CaseStatus, MarkerFamily
from store.rules.notices.reminders import WaitingFor
from store.rules.text.formatting import counted, csv_safe

PAGE = 10


def caseload_card(
    load: Caseload,
    chosen: Sequence[int],
    wanted: CaseloadFilter,
    *,
    searched: bool = False,
    unread: Mapping[int, int] = MappingProxyType({}),
) -> Card:
    """Show one page of the cases that were chosen, each with the button that opens it.

    ``unread`` maps a case to the number of answers since the reader last looked.
    """
    pages = max(1, -(-len(chosen) // PAGE))
    page = min(max(wanted.page, 1), pages)
    shown = [load.lines[case] for case in chosen[(page - 1) * PAGE : page * PAGE]]
    needs = sum(case in load.waits for case in chosen)
    title = f"{counted(len(chosen), 'case')}: {needs} {'needs' if needs == 1 else 'need'} you"
    blocks: list[CardBlock] = [Text(title, TextStyle.HEADING)]
    blocks.append(Text(_says(load, wanted, searched=searched), TextStyle.SUBTLE))
    blocks += [case_line_row(line, _needs(load, line), unread.get(line.id, 0)) for line in shown]
    if not chosen:
        blocks.append(Text("No open cases match. Change the filters, or search for another word."))
    if pages > 1:
        blocks.append(Text(f"Page {page} of {pages}", TextStyle.SUBTLE))
    # No button carries search words, so what a search found has neither pages nor an export.
    blocks.append(Actions(tuple(_buttons(wanted, page, 0 if searched else pages))))
    return Card(kind=KIND, summary=f"{title}.", blocks=tuple(blocks))


def _needs(load: Caseload, line: CaseLine) -> str:
    return NEEDS[load.waits[line.id]] if line.id in load.waits else ""


def _says(load: Caseload, wanted: CaseloadFilter, *, searched: bool) -> str:
    """Say in words which cases these are, and how they are sorted."""
    owners = {MINE: "owned by you", NO_ONE: "without an owner"}
    owner = owners.get(wanted.owner) or _named(load.owners, wanted.owner)
    modules = [title for code, title in load.modules.items() if filter_key(code) == wanted.module]
    programmes = {each.programme for each in load.entries if filter_key(each.programme)}
    parts = (
        "found by your search" if searched else "",
        owner,
        state_of(wanted.status)[0].casefold() if wanted.status else "",
        wanted.age.label if wanted.age else "",
        wanted.family.label if wanted.family else "",
        modules[0] if wanted.module and modules else wanted.module,
        next((each for each in programmes if filter_key(each) == wanted.programme), ""),
        "only those that need you" if wanted.needs_me else "",
    )
    said = " · ".join(part for part in parts if part) or "all open cases"
    return f"{said[0].upper()}{said[1:]}. Sorted: {wanted.order.label}."


def _named(owners: Mapping[int, str], owner: str) -> str:
    named = {str(who): name for who, name in owners.items()}
    return f"owner: {named.get(owner, 'a colleague')}" if owner else ""


def _buttons(wanted: CaseloadFilter, page: int, pages: int) -> Iterator[Button]:
    ids = ids_of(replace(wanted, page=page))
    yield Button("Filter or search", KIND, {**ids, "step": "ask"}, opens_dialog=True)
    if pages:
        yield Button("Export", KIND, {**ids, "step": "export"}, opens_dialog=True)
    if page > 1:
        yield Button("Back", KIND, ids_of(replace(wanted, page=page - 1)))
    if page < pages:
        yield Button("Next", KIND, ids_of(replace(wanted, page=page + 1)))


def caseload_csv(load: Caseload, chosen: Sequence[int]) -> str:
    """Write the chosen cases as CSV, without anything that names a student."""
    entries = {each.case: each for each in load.entries}
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(("reference", "state", "owner", "opened", "needs you", "programme", "reasons"))
    for case in chosen:
        line, waits = load.lines[case], "yes" if case in load.waits else "no"
        said = (
            line.reference,
            state_of_line(line)[0],
            line.owner or "",
            line.opened_on.isoformat(),
            waits,
            entries[case].programme,
            " ".join(line.reasons),
        )
        writer.writerow([csv_safe(" ".join(cell.split())) for cell in said])
    return out.getvalue()


def export_dialog(written: str, cases: int) -> Dialog:
    """Show the cases as CSV to copy into a file."""
    return Dialog(
        kind="export",
        title="Export cases",
        action=KIND,
        blocks=(
            Text(
                f"{counted(cases, 'case')} as CSV. Copy it into a file that ends in .csv. "
                "The audit records this export."
            ),
            *whole(written, TextStyle.QUOTE),
        ),
    )


def _sample() -> tuple[Caseload, list[int]]:
    lines = [sample.line(12, CaseStatus.RESPONDED, 2), sample.line(13, CaseStatus.OPEN)]
    return _loaded(lines), [line.id for line in lines]


def _loaded(lines: Sequence[CaseLine]) -> Caseload:
    families = frozenset({MarkerFamily.ATTENDANCE})
    entries = tuple(
        CaseloadEntry(
            case=line.id,
            owner=1,
            status=line.status,
            opened_on=line.opened_on,
            families=families,
            modules=frozenset({"EX1"}),
            programme="BA Example Studies",
            needs_me=line.status is CaseStatus.RESPONDED,
            place=place,
        )
        for place, line in enumerate(lines)
    )
    waits = {line.id: WaitingFor.REACTION for line in lines if line.status is CaseStatus.RESPONDED}
    shown = {line.id: line for line in lines}
    return Caseload(shown, entries, waits, {1: "Alice Example"}, {"EX1": "French 1"})


@example("cases")
def _cases() -> Card:
    load, chosen = _sample()
    return caseload_card(load, chosen, CaseloadFilter(owner=MINE), unread={12: 2})


@example("cases-page")
def _cases_page() -> Card:
    lines = [sample.line(number, CaseStatus.OPEN) for number in range(1, 31)]
    chosen = [line.id for line in lines]
    return caseload_card(_loaded(lines), chosen, CaseloadFilter(page=2, order=Order.OLDEST))


@example("cases-none")
def _cases_none() -> Card:
    load, _ = _sample()
    return caseload_card(load, [], CaseloadFilter(needs_me=True))


@example("dialog-cases")
def _cases_dialog() -> Dialog:
    load, _ = _sample()
    return caseload_dialog(load, CaseloadFilter(needs_me=True))


@example("dialog-export")
def _export() -> Dialog:
    load, chosen = _sample()
    return export_dialog(caseload_csv(load, chosen), len(chosen))
