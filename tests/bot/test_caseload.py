"""The caseload page: who sees which cases, filters, search, pages and export."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.cards.cases.caseload_form import filter_in, ids_of
from bot.cards.kit.ids import LONGEST_IDS, pack
from bot.cards.kit.model import Card, Dialog, Row, Select, Text
from bot.interaction import Reply
from store.actions.students.record_message import record_message
from store.rules.cases.caseload import Age, CaseloadFilter, Order
from store.rules.model import CaseStatus, MarkerFamily
from store.rules.students.messages import Said, Saying
from store.rules.text.formatting import csv_safe
from store.tables import audit, cases
from tests.people import finding
from tests.worker.office import Office, office_in


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """Provide Dana's case, about French, and Eli's, who has no adviser."""
    with office_in(tmp_path) as made:
        world = made.world
        world.screen(
            finding(world.student("dana"), module="FR101", family=MarkerFamily.ATTENDANCE),
            finding(world.student("eli")),
        )
        yield made


def card(reply: Reply) -> Card:
    assert reply.card
    return reply.card


def rows(reply: Reply) -> list[str]:
    return [each.reference for each in card(reply).blocks if isinstance(each, Row)]


def form(office: Office, name: str) -> Dialog:
    dialog = office.clicks(name, "cases", step="ask").dialog
    assert dialog
    return dialog


def shows(office: Office, name: str, **answers: str) -> list[str]:
    return rows(office.submits(name, form(office, name), **answers))


def reference_of(office: Office, student: str) -> str:
    found = rows(office.types("lena", f"cases {student}"))
    assert len(found) == 1
    return found[0]


def test_a_role_sees_the_cases_that_it_needs(office: Office) -> None:
    danas, elis = reference_of(office, "dana"), reference_of(office, "eli")

    assert sorted(rows(office.types("lena", "cases"))) == sorted([danas, elis])
    assert rows(office.types("alice", "cases cases-of-no-one")) == []
    assert danas in rows(office.types("alice", "cases")), "Alice is Dana's adviser"
    assert rows(office.types("bob", "cases")) == [], "Bob only organises a module"


def test_filters_go_together_and_are_said(office: Office) -> None:
    danas, elis = reference_of(office, "dana"), reference_of(office, "eli")

    assert shows(office, "lena", reason="attendance") == [danas]
    assert shows(office, "lena", module="FR101") == [danas]
    assert shows(office, "lena", module="FR101", owner="none", state="closed") == []
    assert sorted(shows(office, "lena", age="new", state="open")) == sorted([danas, elis])
    assert shows(office, "lena", age="old") == []
    office.types("lena", f"take {elis}")
    assert rows(office.types("lena", "cases mine")) == [elis]
    said = str(card(office.submits("lena", form(office, "lena"), module="FR101")))
    assert "French for beginners" in said


def test_one_box_finds_a_reference_a_number_or_a_name_and_is_recorded(office: Office) -> None:
    danas = reference_of(office, "dana")
    before = len(office.world.rows(audit, action="find"))

    for words in (danas, danas.casefold(), "1001", "dvorak"):
        assert shows(office, "lena", words=words) == [danas]
    assert rows(office.types("lena", "cases nobodyofthisname")) == []
    assert len(office.world.rows(audit, action="find")) == before + 3
    assert "dvorak" not in str(office.world.rows(audit)).casefold()


def test_search_words_are_on_no_button(office: Office) -> None:
    shown = card(office.submits("lena", form(office, "lena"), words="dvorak"))

    assert "dvorak" not in str([button.ids for button in shown.buttons()])


def test_an_export_names_no_student_and_is_recorded(office: Office) -> None:
    dialog = office.types("lena", "cases export").dialog
    assert dialog
    written = "\n".join(each.text for each in dialog.blocks if isinstance(each, Text))

    assert [each for each in ("LANG-1", "LANG-2") if each not in written] == []
    assert not any(word in written for word in ("Dana", "Dvorak", "1001", "Eli", "Evans"))
    (row,) = office.world.rows(audit, action="export-cases")
    assert row["details"]["found"] == 2


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", " =1", "|x", "%x", "\rx"])
def test_no_cell_is_a_formula(cell: str) -> None:
    assert csv_safe(cell).startswith("'")


def test_a_full_filter_fits_on_a_button_and_comes_back() -> None:
    full = CaseloadFilter(
        owner="123456",
        status=CaseStatus.RE_ENGAGING,
        age=Age.WEEKS,
        family=MarkerFamily.COCURRICULAR,
        module="M" * 20,
        programme="P" * 20,
        needs_me=True,
        order=Order.REFERENCE,
        page=123,
    )

    assert len(pack({**ids_of(full), "step": "export"})) <= LONGEST_IDS
    assert filter_in(ids_of(full)) == full


@pytest.mark.parametrize("stale", ["", "x", "1|2", "a|99|||||0|0|1", "|||||||0|one"])
def test_a_button_of_another_version_is_answered_in_words(office: Office, stale: str) -> None:
    assert "/lantern cases" in card(office.clicks("lena", "cases", f=stale)).summary


@pytest.mark.parametrize("typed", ["²", "①", "٣"])
def test_a_sign_that_is_almost_a_digit_is_searched_for_or_refused_in_words(
    office: Office, typed: str
) -> None:
    assert "two letters of a name" in repr(office.types("lena", f"cases {typed}"))
    shown = card(office.clicks("lena", "cases", f=f"{typed}|||||||0|1"))
    assert "a colleague" in repr(shown)


def test_a_filter_that_is_not_set_says_so_and_can_be_taken_back(office: Office) -> None:
    asked = form(office, "lena")
    shown = {each.name: each for each in asked.fields() if isinstance(each, Select)}
    assert shown["owner"].options[0].label == "Any owner"
    assert shown["state"].options[0].label == "Any state"
    as_shown = {name: str(each.chosen) for name, each in shown.items()}
    assert len(rows(office.submits("lena", asked, **as_shown))) == 2
    assert len(shows(office, "lena", **as_shown | {"reason": "attendance"})) == 1
    assert shows(office, "lena", **as_shown | {"owner": "me"}) == []


def test_filters_and_the_export_are_typed_in_one_line(office: Office) -> None:
    elis = reference_of(office, "eli")
    office.types("lena", f"take {elis}")
    dialog = office.types("lena", "cases Mine export").dialog

    assert dialog
    written = "\n".join(each.text for each in dialog.blocks if isinstance(each, Text))
    assert elis in written
    assert written.count("LANG-") == 1
    assert rows(office.types("lena", "cases mine 1")) == rows(office.types("lena", "cases mine"))
    refused = office.types("lena", "cases dvorak export")
    assert "cannot be exported" in str(refused.card)
    assert "mine, unowned, needs-me" in str(refused.card)
    assert office.world.rows(audit, action="export-cases")[0]["details"]["found"] == 1


def test_answers_are_new_until_their_reader_has_looked(office: Office) -> None:
    world = office.world
    case = world.rows(cases, student_id=world.student("dana"))[0]["id"]
    for key in ("s-1", "s-2"):
        record_message(world.store, Said(world.student("dana"), Saying.TALK, "On Friday?"), key)
    told = "2 answers since you last looked"
    assert told in str(card(office.types("lena", "cases")))

    world.clock.forward(minutes=1)
    read = office.clicks("lena", "read-now", case=case).dialog
    assert read
    assert "On Friday?" in str(read.blocks[0]), "what was opened is read first"
    assert told not in str(card(office.types("lena", "cases")))
    assert told in str(card(office.types("sana", "cases"))), "Sana has not looked yet"
    office.types("sana", "take LANG-1")
    assert told in str(card(office.types("sana", "mine")))
