"""A signed-in student's page shows their whole record and no one else's."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.app import create_app
from integrations.activity.lake import Lake, RosterRow
from store.actions.cases.add_note import add_note
from store.actions.cases.discuss import log_intervention
from store.actions.privacy.harm import mark_harm
from store.rules.access.confidentiality import Readers
from store.rules.model import InterventionKind
from store.rules.students.harm import HarmPlace
from store.tables import flags, interventions
from tests.bot.visitor import Visitor
from tests.integrations.small_lake import Event, write
from tests.people import BODY, REASON, policy_document
from tests.stores import TOLD
from tests.worker.erasures import CANARY, much_is_written
from tests.worker.office import Office, office_in

WEEK = dt.date(2025, 10, 13)
OTHERS = ("Eli", "Evans", "Mira", "Bob", "bob@", "Sana", "1002")


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with office_in(tmp_path / "home") as made:
        yield made


def visitor(office: Office, number: str = "1001") -> Visitor:
    """Return a visitor signed in as this student, which the sandbox allows to all."""
    made = Visitor(create_app(office.services))
    assert made.post("/me/local", {"number": number}).status_code == 303
    return made


def plain(html: str) -> str:
    """Return the words of a page."""
    return " ".join(re.sub(r"<[^>]*>", " ", html).split())


def fill_lake(lake: Lake, students: list[int]) -> None:
    """Put each student on FR101, with 0 to 4 active days by their place in the list."""
    weekdays = [WEEK + dt.timedelta(days=each) for each in range(5)]
    clicks = [
        Event("moodle", day, student, "FR101", "vle", None, 0, 1)
        for place, student in enumerate(students)
        for day in weekdays[: place % 5]
    ]
    write(lake, clicks, [("moodle", day) for day in weekdays])
    rows: list[RosterRow] = [
        (student, "LANG", "FR101", "LANG", dt.date(2025, 9, 22), None) for student in students
    ]
    lake.write_roster(rows)


def test_the_page_has_everything_and_names_no_one_else(office: Office) -> None:
    much_is_written(office)
    html = visitor(office).get("/me").text
    page = plain(html)
    for said in (
        "We have not seen you since Monday 6 October.",
        "The rule, in version 1 of the policy: Take part in your studies at least once",
        "This is still so in the records.",
        "Placement: Wednesday 22 October 2025",
        "A colleague gave their view.",
        "a colleague (student support officer) called you, or tried to.",
        f"{CANARY} answer from me",
        "a colleague (adviser) looked at your name and number",
        "Use “This is wrong” below",
    ):
        assert said in page, said
    # The emails are as the student got them, signed by their author.
    rest = plain(re.sub(r"<details>.*?</details>", "", html, flags=re.DOTALL))
    for other in (*OTHERS, REASON, f"{CANARY} call log", f"{CANARY} a note", f"{CANARY} asked me"):
        assert other not in rest, other


def test_the_school_says_what_its_students_read_of_views_and_who_looked(office: Office) -> None:
    case = much_is_written(office)
    world = office.world
    note = f"{CANARY} spoke of Eli Evans (1002) with Bob Brown"
    log_intervention(world.store, world.by("sana"), case, InterventionKind.RESOURCE, note)

    def shown(more: str) -> str:
        world.clock.forward(days=1)
        world.publish(policy_document(effective=world.today) + more, TOLD)
        html = visitor(office).get("/me").text
        return plain(re.sub(r"<details>.*?</details>", "", html, flags=re.DOTALL))

    add_note(world.store, world.by("alice"), case, f"{CANARY} for all", Readers.EVERYBODY)
    words = shown('[students_page]\nviews = "words"\nwho_looked = "names"\n')
    assert f"“{CANARY} spoke of [another student] ([another student]) with [" in words
    assert f"called you, or tried to. “{CANARY} call log”" in words
    assert "Alice Adviser looked at your name and number" in words
    for other in ("Eli", "1002", f"{CANARY} a note", f"{CANARY} asked me"):
        assert other not in words
    assert f"wrote a note. “{CANARY} for all”" in words
    row = world.rows(interventions)[-1]["id"]
    mark_harm(world.store, world.by("alice"), case, HarmPlace.NOTE, row, "She may harm herself")
    marked_since = shown('[students_page]\nviews = "words"\nwho_looked = "names"\n')
    assert f"{CANARY} for all" not in marked_since, "the officer has not decided yet"
    assert "wrote a note." in marked_since
    asked = shown('[students_page]\nviews = "on-request"\n')
    assert "Your school gives you this on request." in asked
    assert "a colleague (adviser) looked at your name and number" in asked
    for other in ("gave their view", "called you", CANARY + " spoke", "Alice Adviser looked"):
        assert other not in asked


def test_another_student_s_page_has_nothing_of_it(office: Office) -> None:
    much_is_written(office)
    page = plain(visitor(office, "1002").get("/me").text)
    assert "Nothing has ever been noticed." in page
    assert "No one has opened your details." in page
    for said in (CANARY, "Dana", "1001", BODY.split()[1]):
        assert said not in page


def test_each_marker_stands_by_itself_and_an_unknown_week_is_no_zero(office: Office) -> None:
    fill_lake(office.services.lake, [office.world.student("eli"), office.world.student("dana")])
    page = visitor(office).get("/me").text
    assert page.count('<svg viewBox="0 0 320 118" role="img"') == 1
    rows = re.findall(r'<th scope="row">([^<]+)</th>\s*<td>([^<]+)</td>', page)
    assert dict(rows)["13 October"] == "1"
    assert dict(rows)["6 October"] == "not known"
    assert "known up to Friday 17 October" in plain(page)
    assert "style=" not in page
    assert "dashed line" not in page


@pytest.mark.parametrize(("size", "is_shown"), [(9, False), (10, True)])
def test_the_middle_of_the_class_is_shown_on_request_from_ten_on(
    office: Office, size: int, is_shown: bool
) -> None:
    dana = office.world.student("dana")
    fill_lake(office.services.lake, [dana, *range(900, 899 + size)])
    page = visitor(office).get("/me?class=middle").text
    assert "dashed line" in page
    (row,) = re.findall(r">13 October</th>\s*<td>0</td>\s*<td>([^<]+)</td>", page)
    assert row == ("2" if is_shown else "–")


def test_a_damaged_lake_leaves_the_rest_of_the_page(office: Office) -> None:
    lake = office.services.lake
    fill_lake(lake, [office.world.student("dana")])
    lake.path("moodle", WEEK).write_bytes(b"not a file of ours")
    page = visitor(office).get("/me")
    assert page.status_code == 200
    assert "What we hold about you" in page.text


def test_it_is_in_welsh_too(office: Office) -> None:
    much_is_written(office)
    welsh = visitor(office).get("/me?lang=cy").text
    assert '<html lang="cy">' in welsh
    for said in ("Eich wythnosau", "Popeth a welwyd", "Pwy edrychodd, a pham", "Allgofnodi"):
        assert said in welsh
    assert "English</a>" in welsh


def test_the_rules_are_in_welsh_on_the_welsh_page_and_marked_by_language(office: Office) -> None:
    much_is_written(office)
    here = visitor(office)
    english, welsh = here.get("/me?lang=en").text, here.get("/me?lang=cy").text
    assert '<li lang="en-GB">Take part in your studies' in english
    assert '<li lang="cy">Cymerwch ran yn eich astudiaethau' in welsh
    assert '<span lang="cy">Cymerwch ran yn eich astudiaethau' in welsh
    assert "Take part in your studies" not in welsh
    _, _, hopes = welsh.partition('id="expected"')
    assert "Saesneg yw iaith ein cofnodion" not in hopes.partition("</section>")[0]


def test_what_was_noticed_and_who_looked_are_in_welsh_on_the_welsh_page(office: Office) -> None:
    much_is_written(office)
    here = visitor(office)
    english, welsh = here.get("/me?lang=en").text, here.get("/me?lang=cy").text
    assert '<span lang="en-GB">We have not seen you since' in english
    assert '<span lang="cy">Nid ydym wedi eich gweld ers dydd Llun 6 Hydref.' in welsh
    assert '<li lang="cy">Nid ydym wedi eich gweld ers dydd Llun 6 Hydref.' in welsh
    # Emails stay as the student got them.
    page = plain(re.sub(r"<details>.*?</details>", "", welsh, flags=re.DOTALL))
    assert "We have not seen you" not in page
    assert "Saesneg yw iaith ein cofnodion" not in welsh, "nothing of it is in English"
    assert "aelod o staff (cynghorydd)" in welsh
    assert "a colleague" not in page


def test_what_was_noticed_in_other_words_stays_english_and_is_marked(office: Office) -> None:
    much_is_written(office)
    own = "Your school would like to hear from you."
    with office.services.store.database.write() as connection:
        connection.execute(flags.update().values(reason_student=own))
    here = visitor(office)
    english, welsh = here.get("/me?lang=en").text, here.get("/me?lang=cy").text
    assert f'<span lang="en-GB">{own}' in welsh
    assert f'<li lang="en-GB">{own}' in welsh
    assert welsh.count("Saesneg yw iaith ein cofnodion") == 2
    assert "Our records are in English" not in english


def test_what_became_of_a_report_that_something_is_wrong_is_there(office: Office) -> None:
    browser = visitor(office)
    page = browser.get("/me").text
    csrf = re.findall(r'name="csrf" value="([^"]+)"', page)[0]
    form = {"do": "wrong", "key": "a" * 32, "csrf": csrf, "words": "I was on placement"}
    assert browser.post("/me", form).status_code == 200
    told = plain(browser.get("/me").text)
    assert "“I was on placement” Your school has not answered this yet." in told
