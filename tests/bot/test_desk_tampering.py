"""Altered values in a button or a dialog are checked again, and refused in words."""

from dataclasses import replace
from itertools import product
from pathlib import Path

import pytest

from store.tables import interventions, views
from tests.worker.office import Office, office_in, words

EVERYTHING = ["show", "take", "assign", "view", "log", "draft", "approve", "close"]


@pytest.mark.parametrize(
    "case", ["x", "", "-1", "0", "999999", "9" * 18, "9" * 40, "1 OR 1=1", "¹", "1.0", "\0"]
)
def test_ids_that_no_card_of_ours_carries_are_refused_in_words(office: Office, case: str) -> None:
    real = office.world.open_case()
    before = office.world.case(real)

    for action, values in product(EVERYTHING, (None, {}, {"reason": "let me in now"})):
        ids = {"case": case, "version": "1", "mail": "1"}
        reply = office.asks("alice", action, ids=ids, values=values)
        said = repr(reply)
        assert "newest card" in said or "does not exist" in said or "Choose" in said
        assert reply.dialog is None
    assert office.world.case(real) == before


@pytest.mark.parametrize(
    "line",
    [
        "view LANG-1 wait {}",
        "log LANG-1 call {}",
        "note LANG-1 {}",
        "pause LANG-1 friday {}",
        "exempt LANG-1 placement friday {}",
        "ask LANG-1 lena {}",
        "close LANG-1 data-error {}",
        "complaint LANG-1 nobody {}",
        "welfare LANG-1 {}",
        "attempt LANG-1 phone no-answer {}",
    ],
)
def test_a_typed_line_may_be_no_longer_than_its_form(office: Office, line: str) -> None:
    office.world.open_case()
    before = office.world.dump()
    said = words(office.types("alice", line.format("word " * 3000)).card)
    assert "Keep it below" in said
    assert "word word" not in said
    after = office.world.dump()
    looked_at = {"audit", "audit_head", "interactions"}
    assert {name for name in after if after[name] != before[name]} <= looked_at


def test_a_tampered_version_is_refused_in_words(office: Office) -> None:
    case = office.world.open_case()
    for version in ("x", "-5", "9" * 40):
        refusal = office.clicks("alice", "take", case=case, version=version)
        assert "newest card" in words(refusal.card)
    assert office.world.case(case).owner == office.world.staff("sana")


def test_a_card_of_an_older_version_does_not_take_a_case_from_its_new_owner(
    office: Office,
) -> None:
    case = office.world.open_case()
    seen = office.world.case(case).version
    assert office.clicks("alice", "take", case=case, version=seen).card is None

    late = office.clicks("lena", "take", case=case, version=seen)

    assert "Alice Adviser owns it now" in words(late.card)
    assert office.world.case(case).owner == office.world.staff("alice")


def test_a_case_cannot_be_given_to_somebody_who_was_not_offered(office: Office) -> None:
    case = office.world.open_case()
    dialog = office.dialog("sana", "assign", case)
    others = [str(office.world.staff(name)) for name in ("charlie", "bob")]

    for chosen in ("", "x", "²", "9" * 40, "99999", *others):
        reply = office.submits("sana", dialog, colleague=chosen)
        assert "Choose a colleague" in reply.errors["colleague"]
        for elsewhere in ("Charlie", "Bob"):
            assert elsewhere not in repr(reply), "who works in another school is not told"
    assert office.world.case(case).owner == office.world.staff("sana")


@pytest.mark.parametrize(
    ("action", "values", "beside"),
    [
        ("view", {"opinion": "expel", "reason": "because I say so"}, "opinion"),
        ("view", {"opinion": "wait", "reason": "no"}, "reason"),
        ("view", {"opinion": "wait", "reason": "   "}, "reason"),
        ("view", {"opinion": "wait"}, "opinion"),
        ("view", {"reason": "because I say so"}, "reason"),
        ("log", {"kind": "punishment", "note": "rang her"}, "kind"),
        ("log", {"kind": "call", "note": "  "}, "note"),
        ("close", {"outcome": "expelled", "note": ""}, "outcome"),
        ("close", {"note": "done"}, "note"),
        ("draft", {"subject": " ", "body": "How are you, and can we help?"}, "subject"),
        ("draft", {"subject": "Hello", "body": " "}, "body"),
        ("draft", {"subject": "x" * 151, "body": "How are you, and can we help?"}, "subject"),
        ("draft", {"subject": "Hello", "body": "x" * 3001}, "body"),
    ],
)
def test_a_wrong_answer_is_told_beside_a_field_and_nothing_is_kept(
    office: Office, action: str, values: dict[str, str], beside: str
) -> None:
    case = office.world.open_case()
    before = office.world.case(case)
    dialog = office.dialog("alice", action, case)

    reply = office.submits("alice", dialog, **values)

    assert list(reply.errors) == [beside]
    assert reply.errors[beside].endswith(".")
    assert (reply.card, reply.dialog) == (None, None)
    assert office.world.case(case) == before
    assert office.world.rows(views) == office.world.rows(interventions) == []
    # The refused attempt did not use up the key: the corrected dialog goes through.
    right = {
        "view": {"opinion": "wait", "reason": "She was ill last week"},
        "log": {"kind": "call", "note": "Rang"},
        "close": {"outcome": "circumstances-known", "note": ""},
        "draft": {"subject": "Hello", "body": "How are you, and can we help?"},
    }
    assert office.submits("alice", dialog, **right[action]).errors == {}
    assert office.world.case(case).version == before.version + 1


def test_a_mail_of_another_case_cannot_be_approved_through_this_one(office: Office) -> None:
    dana, eli = office.world.open_case("dana"), office.world.open_case("eli")
    for case in (dana, eli):
        office.drafts_a_mail(case)
    mine = office.dialog("alice", "approve", dana)
    other = office.dialog("alice", "approve", eli)

    swapped = replace(mine, ids={**mine.ids, "mail": other.ids["mail"]})
    assert "belongs to another case" in words(office.submits("alice", swapped).card)
    for wrong in ("", "x", "99999", "9" * 30):
        assert office.submits("alice", replace(mine, ids={**mine.ids, "mail": wrong})).card

    office.works()
    assert office.left() == []


def test_the_same_click_delivered_twice_acts_once_and_says_nothing(office: Office) -> None:
    case = office.world.open_case()
    dialog = office.dialog("bob", "view", case)
    said = {"opinion": "wait", "reason": "She was ill last week"}

    first = office.submits("bob", dialog, key="the-click", **said)
    again = office.submits("bob", dialog, key="the-click", **said)

    assert first == again
    assert first.errors == {}
    assert first.card is None
    assert len(office.world.rows(views)) == 1


def test_case_references_that_do_not_exist_or_are_missing(office: Office) -> None:
    office.world.open_case()
    for line in ("show", "take", "view  "):
        assert "Which case?" in words(office.types("alice", line).card)
    for line in ("show LANG-99", "take ' OR 1=1", "view LANG-1'", 'log "LANG-99'):
        assert "no case with that reference" in words(office.types("alice", line).card), line
    quoted, plain = (office.types("alice", line).dialog for line in ('log "LANG-1', "log LANG-1"))
    assert quoted, "a stray quotation mark before a reference is passed over"
    assert quoted == plain, "and it is this case, no other"


def test_characters_that_no_database_keeps_are_left_out_of_what_was_typed(
    tmp_path: Path, migrated_database_url: str
) -> None:
    """A form can hold a NUL, and PostgreSQL would refuse the whole text because of it."""
    with office_in(tmp_path, migrated_database_url) as office:
        case = office.world.open_case()
        dialog = office.dialog("bob", "view", case)
        said = "She was\0 ill \ud83dlast week"

        assert office.submits("bob", dialog, opinion="wait", reason=said).errors == {}

        (view,) = office.world.rows(views)
        assert view["reason"] == "She was ill last week"
        assert office.types("bob", "show LANG\0-1").dialog
