"""The form that asks which cases to show, and the filter as buttons carry it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.cards.cases.state_words import state_of
from bot.cards.kit.model import Dialog, Input, Option, Select
from store.queries.cases.caseload import Caseload
from store.rules.cases.caseload import MINE, NO_ONE, Age, CaseloadFilter, Order, filter_key
from store.rules.model import CaseStatus, MarkerFamily

KIND = "cases"
_SEARCHED = 60
_LONGEST_LIST = 90
_OPEN = tuple(each for each in CaseStatus if each not in (CaseStatus.CLOSED, CaseStatus.MERGED))
_APART = "|"
_FAMILIES, _AGES, _ORDERS = tuple(MarkerFamily), tuple(Age), tuple(Order)


def ids_of(wanted: CaseloadFilter) -> dict[str, str]:
    """Return a filter as a button carries it, in at most 70 characters; {} where all is open.

    No search word is in it: it may be a person's name.
    """
    parts = (
        wanted.owner,
        _place(_OPEN, wanted.status),
        _place(_AGES, wanted.age),
        _place(_FAMILIES, wanted.family),
        wanted.module,
        wanted.programme,
        "1" if wanted.needs_me else "",
        _place(_ORDERS, wanted.order),
        str(wanted.page),
    )
    return {} if wanted == CaseloadFilter() else {"f": _APART.join(parts)}


def _place(all_of_them: Sequence[object], one: object) -> str:
    return "" if one is None else str(all_of_them.index(one))


def filter_in(ids: Mapping[str, str]) -> CaseloadFilter:
    """Read the filter of a button. Raises ``ValueError`` for one of another version."""
    if "f" not in ids:
        return CaseloadFilter()
    parts = ids["f"].split(_APART)
    if len(parts) != 9:
        raise ValueError("a filter has nine parts")
    owner, status, age, family, module, programme, needs, order, page = parts
    try:
        return CaseloadFilter(
            owner=owner,
            status=_OPEN[int(status)] if status else None,
            age=_AGES[int(age)] if age else None,
            family=_FAMILIES[int(family)] if family else None,
            module=module,
            programme=programme,
            needs_me=needs == "1",
            order=_ORDERS[int(order)],
            page=int(page),
        )
    except IndexError as error:
        raise ValueError("a filter names an unknown value") from error


def filter_from(answers: Mapping[str, str]) -> CaseloadFilter:
    """Read the answers of the form. Raises ``ValueError`` for what it does not offer."""
    given = {name: answers.get(name, "") for name in _FIELDS}
    given = {name: "" if value == ANY else value for name, value in given.items()}
    return CaseloadFilter(
        owner=given["owner"],
        status=CaseStatus(given["state"]) if given["state"] else None,
        age=Age(given["age"]) if given["age"] else None,
        family=MarkerFamily(given["reason"]) if given["reason"] else None,
        module=filter_key(given["module"]),
        programme=filter_key(given["programme"]),
        needs_me=given["needs"] == "me",
        order=Order(given["sort"] or Order.EVIDENCE),
    )


ANY = "*"
"""The choice that lets all cases pass."""
_ALL = {"needs": "From anyone"}
_FIELDS = ("owner", "state", "age", "reason", "module", "programme", "needs", "sort")


def caseload_dialog(load: Caseload, wanted: CaseloadFilter) -> Dialog:
    """Ask which cases to show. The search box takes a reference, a number or a name."""
    owners = [(MINE, "You"), (NO_ONE, "No one")]
    owners += sorted(((str(who), name) for who, name in load.owners.items()), key=_title)
    modules = sorted(
        ((filter_key(code), title) for code, title in load.modules.items()), key=_title
    )
    named = {each.programme for each in load.entries if filter_key(each.programme)}
    programmes = sorted((filter_key(each), each) for each in named)
    fields = (
        ("needs", "Action needed", [("me", "From you")], "me" if wanted.needs_me else ""),
        ("owner", "Owner", owners, wanted.owner),
        ("state", "State", [(each.value, state_of(each)[0]) for each in _OPEN], wanted.status),
        ("age", "Age", [(each.value, each.label) for each in Age], wanted.age),
        ("reason", "Reason", [(each.value, each.label) for each in MarkerFamily], wanted.family),
        ("module", "Module", modules, wanted.module),
        ("programme", "Programme", programmes, wanted.programme),
        ("sort", "Sort", [(each.value, each.label) for each in Order], wanted.order),
    )
    return Dialog(
        kind=KIND,
        title="Filter or search",
        action=KIND,
        submit="Show cases",
        blocks=(
            Input(
                "words",
                "Search",
                required=False,
                hint="A reference, a student number or a name. A search for a student is recorded.",
                max_length=_SEARCHED,
            ),
            *(_select(name, label, pairs, now) for name, label, pairs, now in fields if pairs),
        ),
    )


def _title(pair: tuple[str, str]) -> str:
    return pair[1].casefold()


def _select(name: str, label: str, pairs: Sequence[tuple[str, str]], chosen: str | None) -> Select:
    """Ask for one value, or for any: a choice of its own, since Teams cannot empty a field."""
    if name != "sort":
        pairs = [(ANY, _ALL.get(name, f"Any {label.lower()}")), *pairs]
    options = tuple(Option(value, title) for value, title in dict(pairs[:_LONGEST_LIST]).items())
    known = {option.value for option in options}
    return Select(name, label, options, chosen if chosen in known else options[0].value)
