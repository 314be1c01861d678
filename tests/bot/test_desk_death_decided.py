"""A reported death: who may report it, and how a second person confirms or undoes it."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from bot.cards.kit.model import Dialog, Select
from bot.interaction import Reply
from store.queries.cases.waiting import waiting_in
from store.rules.calendar import Calendar
from store.rules.model import CaseStatus, Role
from store.tables import audit, deaths
from tests.bot.death import KNOWN, LINE, RANG, case, decides, joins, reports, said, shown
from tests.people import finding
from tests.worker.office import Office, words

__all__ = ["case"]


def _without_versions(card: str) -> str:
    return re.sub(r"'version': '\d+'", "", card)


def test_the_reporter_cannot_be_the_second_person(office: Office, case: int) -> None:
    reports(office, case)
    for line in ("death LANG-1 confirm", "death LANG-1 refuse I was mistaken about this"):
        assert "a second colleague needs to confirm or correct it" in said(
            office.types("alice", line)
        )
    assert "a second colleague" in said(office.clicks("alice", "death", case=case, step="decide"))
    assert office.world.rows(deaths)[0]["decision"] is None


def test_a_module_organiser_reports_and_does_not_confirm(office: Office, case: int) -> None:
    reports(office, case, "bob")
    assert "All contact has stopped" in shown(office, case)
    assert "you need to be" in said(office.types("bob", "death LANG-1 confirm"))
    assert "confirmed" in said(office.types("sana", f"death LANG-1 confirm {RANG}"))


def test_a_second_report_changes_nothing(office: Office, case: int) -> None:
    reports(office, case)
    asked = office.types("sana", f"death LANG-1 {KNOWN}").dialog
    assert asked is not None, "a colleague who may confirm it is asked whether it is right"
    assert (asked.title, asked.ids["step"]) == ("Confirm or correct", "decide")
    assert KNOWN in words(asked), "what they typed is kept"
    assert "has died" in said(office.types("alice", f"death LANG-1 {KNOWN}")), "the reporter"
    assert len(office.world.rows(deaths)) == 1


def test_each_who_can_do_something_about_a_report_is_told_how(office: Office, case: int) -> None:
    """§1: the card is one line; each colleague's own view shows what they can do."""
    joins(office, "priya", Role.DATA_PROTECTION_OFFICER)
    line = f"death LANG-1 {KNOWN}"
    assert "no death is recorded" in said(office.types("priya", "death LANG-1 undo it was wrong"))
    reports(office, case)
    assert "Confirm or correct" in words(office.types("sana", "show LANG-1").dialog)
    assert "Confirm or correct" not in words(office.types("alice", "show LANG-1").dialog)
    for typed in (line, "death LANG-1", "death LANG-1 confirm I rang the registry"):
        assert "/lantern death LANG-1 undo" in said(office.types("priya", typed))
    office.types("sana", "death LANG-1 confirm I rang the registry as well")
    assert "Confirm or correct" not in words(office.types("bob", "show LANG-1").dialog)
    assert "/lantern death LANG-1 undo" in said(office.types("lena", line))


def test_a_refusal_brings_everything_back(office: Office, case: int) -> None:
    office.drafts_a_mail(case)
    before = shown(office, case)
    reports(office, case)
    assert decides(office, case, "refused", why=" ").errors, "a reason is asked for"
    assert decides(office, case, "refused", why="She rang me herself just now") == Reply()

    assert _without_versions(shown(office, case)) == _without_versions(before)
    assert office.world.draft(case).body
    assert office.world.case(case).status is CaseStatus.AGREED
    with office.world.store.database.read() as connection:
        assert waiting_in(connection, office.world.school(), Calendar(), office.world.today)
    office.world.screen(finding(office.world.student("dana")))
    assert "No activity since" in shown(office, case)
    assert "LANG-1" in said(office.types("sana", "mine"))


def test_what_was_approved_is_read_and_approved_once_more(office: Office, case: int) -> None:
    office.approves_a_mail(case)
    reports(office, case)
    office.works()
    decides(office, case, "refused", why="She rang me herself just now")
    office.works()
    assert office.left() == [], "no one has read it since"
    assert office.submits("alice", office.dialog("alice", "approve", case)) == Reply()
    office.works()
    assert len(office.left()) == 1


def test_the_lead_undoes_it_later_and_no_other_colleague(office: Office, case: int) -> None:
    reports(office, case)
    decides(office, case, "confirmed")
    undo = "death LANG-1 undo The registry mixed up two people"
    assert "you need to be" in said(office.types("sana", undo))
    opened = office.types("lena", "show LANG-1").dialog
    assert opened
    assert [each.label for each in opened.buttons()] == ["Undo the report"]
    sana = office.types("sana", "show LANG-1").dialog
    assert sana
    assert list(sana.buttons()) == []
    assert "as it was" in said(office.types("lena", undo))
    assert "No activity since" in shown(office, case)


def test_the_data_protection_officer_undoes_it(office: Office, case: int) -> None:
    joins(office, "petra", Role.DATA_PROTECTION_OFFICER)
    reports(office, case)
    undo = "death LANG-1 undo The registry mixed up two people"
    assert "as it was" in said(office.types("petra", undo))
    assert office.world.rows(deaths)[0]["decision"] == "undone"


def test_it_can_be_reported_again_after_a_correction(office: Office, case: int) -> None:
    reports(office, case)
    decides(office, case, "refused", why="She rang me herself just now")
    reports(office, case, "sana")
    assert "Sana Support reported" in shown(office, case)
    assert decides(office, case, "confirmed", "alice") == Reply()
    assert LINE in shown(office, case)


# -- Permissions and wording -----------------------------------------------------------------


def test_it_is_no_entry_of_a_list(office: Office, case: int) -> None:
    dialog = office.dialog("alice", "exempt", case)
    assert "died" not in words(dialog)
    assert "deceased" not in words(dialog)
    values = {"first": "2025-10-22", "last": "", "reason": KNOWN}
    forged = office.submits("alice", dialog, kind="deceased", **values)
    assert forged.errors
    assert office.world.rows(deaths) == []


def test_a_report_says_what_is_known(office: Office, case: int) -> None:
    dialog = office.dialog("alice", "death", case)
    assert "Everything stops at once" in words(dialog)
    assert office.submits("alice", dialog, known="yes").errors
    assert "BA" not in words(dialog)
    assert office.world.rows(deaths) == []


@pytest.mark.usefixtures("case")
def test_the_old_words_take_the_guarded_path(office: Office) -> None:
    assert "all contact has stopped" in said(
        office.types("alice", f"exempt LANG-1 deceased {KNOWN}")
    )
    assert len(office.world.rows(deaths)) == 1


def test_a_closed_case_can_be_the_one_it_is_reported_on(office: Office, case: int) -> None:
    office.types("alice", "close LANG-1 circumstances-known")
    reports(office, case)
    assert "has died" in shown(office, case)


def test_the_audit_says_who_and_never_what_was_known(office: Office, case: int) -> None:
    reports(office, case)
    decides(office, case, "confirmed")
    actions = [row["action"] for row in office.world.rows(audit)]
    assert "report-death" in actions
    assert "confirm-death" in actions
    assert KNOWN not in repr(office.world.rows(audit))


# -- Confirming is as guarded as reporting ---------------------------------------------------


@pytest.mark.parametrize("decision", ["confirmed", "refused"])
@pytest.mark.parametrize("why", ["", " ", "yes", "👍 👍 👍", ". . . ."])
def test_without_words_nothing_is_decided(
    office: Office, case: int, decision: str, why: str
) -> None:
    reports(office, case)
    assert "why" in decides(office, case, decision, why=why).errors
    word = {"confirmed": "confirm", "refused": "refuse"}[decision]
    office.types("lena", f"death LANG-1 {word} {why}".strip())
    assert office.world.rows(deaths)[0]["decision"] is None


@pytest.mark.parametrize("word", ["confirm", "refuse"])
def test_a_typed_decision_without_words_opens_the_form(
    office: Office, case: int, word: str
) -> None:
    reports(office, case)
    dialog = office.types("lena", f"death LANG-1 {word}").dialog
    assert dialog
    assert "How do you know?" in repr(dialog)
    office.submits("lena", dialog, decision=dict(_chosen(dialog))["decision"], why=RANG)
    row = office.world.rows(deaths)[0]
    assert (row["decision"], row["why"]) == ({"confirm": "confirmed"}.get(word, "refused"), RANG)


def _chosen(dialog: Dialog) -> Iterator[tuple[str, str]]:
    for field in dialog.fields():
        if isinstance(field, Select):
            yield field.name, field.chosen or ""
