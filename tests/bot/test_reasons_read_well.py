"""Reasons as people read them: modules by title, whole sentences, and nothing cut with dots."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.cards.kit.model import Card
from bot.sandbox import renderer as sandbox
from bot.slack import renderer as slack
from bot.teams import renderer as teams
from store.queries.students.own_data import own_data
from store.rules.model import MarkerFamily
from store.rules.text.formatting import first_sentence
from store.tables import cases
from tests.bot.cards.examples import EXAMPLES
from tests.people import finding
from tests.worker.office import Office, office_in
from tests.worker.played import plays

TITLE = "French for beginners"
LONG = (
    "Active in the online learning space of FR101 on 2 days in the three weeks to Sunday "
    "19 October. "
    "The mean of the class is 11. The online learning space not measured: Tuesday 14 October."
)
STUDENT = (
    "You were in the online learning space of FR101 on 2 days in the three weeks to Sunday "
    "19 October."
)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with office_in(tmp_path) as made:
        plays(made, _a_long_reason)
        yield made


def _a_long_reason(office: Office) -> None:
    office.world.screen(
        finding(
            office.world.student("dana"),
            module="FR101",
            family=MarkerFamily.VLE,
            reason_staff=LONG,
            reason_student=STUDENT,
        )
    )
    office.works()


def test_a_module_is_named_by_its_title_wherever_it_is_read(office: Office) -> None:
    case = office.world.rows(cases)[0]["id"]
    office.clicks("alice", "take", case=case)
    draft = office.dialog("sana", "draft", case)
    with office.services.store.database.read() as connection:
        hers = own_data(connection, office.world.student("dana"), office.world.today)

    read = {
        "channel": office.shown(),
        "today": str(office.types("bob", "today")),
        "mine": str(office.types("alice", "mine")),
        "window": str(office.dialog("bob", "show", case)),
        "view": str(office.dialog("bob", "view", case)),
        "letter": str(draft),
        "own data": str(hers),
    }

    assert [place for place, said in read.items() if "FR101" in said] == []
    assert [place for place, said in read.items() if TITLE not in said] == []


def test_the_face_says_one_whole_sentence_and_details_the_rest(office: Office) -> None:
    (message,) = office.messages()
    face, _, folded = str(message.payload["html"]).partition("lc-fold")

    when = "in the three weeks to Sunday 19 October.<"
    assert f"Active in the online learning space of {TITLE} on 2 days {when}" in face
    assert "The mean of the class is 11." not in face
    assert "The mean of the class is 11." in folded
    assert "…" not in face


@pytest.mark.parametrize(
    ("reason", "first"),
    [
        ("Not seen since Monday 6 October. This looked at log-ins.", "Not seen since Monday 6 Oct"),
        ("Essay on Prof. Higgins in St. Petersburg was due.", "Essay on Prof. Higgins in St. Pet"),
        ("Not seen on the last 5 days. Seen on 2.", "Not seen on the last 5 days."),
        ("Lab No. 3 in Optics was due; nothing has arrived.", "Lab No. 3 in Optics was due;"),
    ],
)
def test_a_sentence_ends_where_it_ends(reason: str, first: str) -> None:
    assert first_sentence(reason).startswith(first)
    assert first_sentence(reason) in (reason, f"{reason.partition('. ')[0]}.")


def test_no_card_of_the_product_is_cut_on_any_platform() -> None:
    cards = {
        name: each
        for name, each in EXAMPLES.items()
        if isinstance(each, Card) and not name.startswith("specimen")
    }
    drawn = {
        f"{name} in {place}": text
        for name, card in cards.items()
        for place, text in (
            ("Slack", json.dumps(slack.message(card), ensure_ascii=False)),
            ("Teams", json.dumps(teams.message(card), ensure_ascii=False)),
            ("the sandbox", sandbox.card_html(card)),
        )
    }

    assert [where for where, text in drawn.items() if "…" in text] == []
