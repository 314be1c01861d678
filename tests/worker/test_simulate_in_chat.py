"""Testing thresholds, and the lead's private notes, by command and by form."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.cards.kit.model import Chart, Dialog, Select
from integrations.activity import lookups as insight
from store.rules.errors import NotPossibleNow
from store.tables import audit, cases, flags, outbox, policies
from tests.worker.office import Office, office_in, words
from tests.worker.test_screening import DAY, screen, write_feed

LINE = "simulate inactivity.days=5 from 2025-10-06 to 2025-10-16"


@pytest.fixture(scope="module")
def screened(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give an office where Dana stopped 18 days ago and the screening opened her case."""
    home = tmp_path_factory.mktemp("screened") / "home"
    with office_in(home) as made:
        write_feed(home)
        screen(made)
    return home


@pytest.fixture
def office(screened: Path, tmp_path: Path) -> Iterator[Office]:
    with office_in(tmp_path / "home", begun=screened) as made:
        yield made


def test_a_typed_line_is_answered_with_one_screen_and_touches_no_live_case(office: Office) -> None:
    before = [office.world.rows(table) for table in (cases, flags, outbox, policies)]
    card = office.types("lena", LINE).card
    assert card is not None
    shown = words(card)
    assert "inactivity.days was 14; it becomes 5" in shown
    assert "New under the draft: 1 – LANG-1." in shown
    assert any(isinstance(block, Chart) for block in card.blocks)
    assert "Dana" not in shown

    office.types("lena", "simulate capacity=1 absences=off from 2025-10-14 to 2025-10-16")
    assert [office.world.rows(table) for table in (cases, flags, outbox, policies)] == before
    assert len(office.world.rows(audit, action="simulate")) == 2


def test_the_form_offers_every_figure_with_what_it_is_now(office: Office) -> None:
    dialog = office.types("lena", "simulate").dialog
    assert dialog is not None
    (select,) = [block for block in dialog.blocks if isinstance(block, Select)]
    labels = [option.label for option in select.options]
    assert "inactivity.days (now 14)" in labels
    assert "capacity (now 10)" in labels

    answers = {"value": "5", "first": "2025-10-06", "last": "2025-10-16"}
    card = office.submits("lena", dialog, figure="inactivity.days", **answers).card
    assert "New under the draft: 1 – LANG-1." in words(card)


def test_what_is_wrong_stands_beside_its_field(office: Office) -> None:
    dialog = office.types("lena", "simulate").dialog
    assert dialog is not None
    right = {"figure": "inactivity.days", "value": "5", "first": "2025-09-20", "last": "2025-10-16"}
    for changed, field, said in (
        ({"value": "0"}, "value", "inactivity.days can be a whole number from"),
        ({"value": "ten"}, "value", "inactivity.days can be a whole number from"),
        ({"first": "2025-12-01"}, "first", "a day in the past"),
        ({"last": "2025-09-01"}, "last", "comes before the first"),
        ({"figure": "mood.days"}, "figure", "There is no figure mood.days"),
    ):
        reply = office.submits("lena", dialog, **(right | changed))
        assert said in reply.errors[field]


def test_it_is_for_the_lead_alone_and_a_refusal_is_audited(office: Office) -> None:
    for name in ("alice", "sana", "bob"):
        for line in (LINE, "simulate", "coverage"):
            reply = office.types(name, line)
            assert reply.dialog is None
            assert reply.card is not None
            assert "Ask yours." in reply.card.summary
        who = f"staff:{office.world.staff(name)}"
        assert len(office.world.rows(audit, action="refused", actor=who)) == 3


def test_a_lead_of_another_school_sees_only_their_own(office: Office) -> None:
    assert "School of Mathematics" in words(office.types("max", "coverage").card)
    assert "your schools you mean: MATH" in words(
        office.types("max", "simulate LANG capacity=1").card
    )
    dialog = office.types("lena", "simulate").dialog
    assert dialog is not None
    forged = Dialog(dialog.kind, dialog.title, dialog.action, dialog.blocks, dialog.ids, "Go")
    reply = office.submits("max", forged, figure="capacity", value="1", first="today", last="today")
    assert "your schools you mean: MATH" in " ".join(reply.errors.values())


def test_two_at_once_are_one_too_many() -> None:
    def again(draft: object, first: object, last: object) -> None:
        with pytest.raises(NotPossibleNow, match="Another simulation is running"):
            asked(draft, first, last)  # type: ignore[arg-type]

    asked = insight._one_at_a_time(again)  # type: ignore[arg-type]
    asked(None, DAY, DAY)  # type: ignore[arg-type]
    asked(None, DAY, DAY)  # type: ignore[arg-type]


def test_coverage_is_answered_privately_and_that_is_logged(office: Office) -> None:
    shown = words(office.types("lena", "coverage").card)
    assert "For you alone" in shown
    assert "Nothing stands out." in shown
    assert len(office.world.rows(audit, action="coverage")) == 1
    assert office.world.rows(audit, action="coverage")[0]["subject"].startswith("school:")


def test_days_that_are_not_understood_are_said(office: Office) -> None:
    said = words(office.types("lena", "simulate capacity=5 from whenever to today").card)
    assert "a day in the past" in said
    assert "with no space" in words(office.types("lena", "simulate LANG capacity").card)
