"""The student's page: what a link shows, what a button does, and what hostile hands get."""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from html import unescape
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette

from bot.student.app import student_mount
from bot.student.form import MAX_BODY
from store.queries.students.messages import words_said
from store.rules.model import CaseStatus
from store.rules.students.links import LinkPurpose
from store.rules.students.messages import LONGEST
from store.signed_links import StudentLinks
from store.tables import preferences, sayings
from tests.bot.visitor import Visitor
from tests.world import SEAL, World, world_in

SERVER = "https://lantern.example.ac.uk"
ELSEWHERE = {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}


@dataclass
class Reader:
    """A student with a mail, and a browser that reaches the pages."""

    world: World
    visitor: Visitor
    case: int
    links: dict[LinkPurpose, str]
    """Purpose → path."""

    def reads(self, purpose: LinkPurpose) -> str:
        answer = self.visitor.get(self.links[purpose])
        assert answer.status_code == 200
        return answer.text

    def sends(self, purpose: LinkPurpose, do: str, page: str = "", **fields: str) -> httpx.Response:
        """Press a button of the page as it was read, or of this one."""
        page = page or self.reads(purpose)
        hidden = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]+)"', page)
        given = {} if do == "opt-out" else {"number": "1001"}
        return self.visitor.post(self.links[purpose], dict(hidden) | {"do": do} | given | fields)


@pytest.fixture
def reader(tmp_path: Path) -> Iterator[Reader]:
    with world_in(f"sqlite:///{tmp_path / 'lantern.db'}") as world:
        world.store.links = StudentLinks(SEAL.secrets_for("student links"), SERVER)
        case = world.open_case()
        world.approved_mail(case)
        mail = world.send()
        links = {}
        for path in re.findall(rf"{SERVER}(\S+)", mail.footer):
            purpose = world.store.links.read(path.rpartition("/")[2], world.clock()).purpose
            links[purpose] = path
        visitor = Visitor(Starlette(routes=[student_mount(world.store)]))
        yield Reader(world, visitor, case, links)


def personal(reader: Reader) -> Reader:
    """The same student, written to at home."""
    world = reader.world
    world.clock.forward(days=7)
    mail = world.write_draft(reader.case)
    world.approve(reader.case)
    mail = world.send("conversation-2")
    (path,) = re.findall(rf"{SERVER}(\S+)", mail.footer)
    reader.links = {LinkPurpose.DOOR: path}
    return reader


def test_whatever_follows_links_changes_nothing_and_sees_nothing_of_the_student(
    reader: Reader,
) -> None:
    before = reader.world.dump()
    for purpose in reader.links:
        page = reader.reads(purpose)
        for secret in ("Dana", "Dvorak", "1001", "6 October", "French", "R100", "dana@"):
            assert secret not in page
    assert reader.world.dump() == before


@pytest.mark.parametrize(
    ("purpose", "fields", "thanks"),
    [
        (LinkPurpose.FINE, {}, "knows now that you are fine"),
        (LinkPurpose.WRONG, {"words": "I was in hospital"}, "will look at it"),
        (LinkPurpose.CONTACT_BY, {"way": "phone", "words": "after five"}, "how to contact you"),
        (LinkPurpose.TALK, {"words": ""}, "will get in touch"),
    ],
)
def test_each_answer_reaches_the_case_once(
    reader: Reader, purpose: LinkPurpose, fields: dict[str, str], thanks: str
) -> None:
    page = reader.reads(purpose)
    for _ in range(2):
        answer = reader.sends(purpose, purpose.value, page, **fields)
        assert answer.status_code == 200
        assert thanks in answer.text
        assert "<textarea" not in answer.text
    assert [row["kind"] for row in reader.world.rows(sayings)] == [purpose.value]
    assert reader.world.case(reader.case).status is CaseStatus.RESPONDED


def test_a_student_sees_their_data_and_chooses_what_is_written(reader: Reader) -> None:
    seen = reader.sends(LinkPurpose.PAGE, "show").text
    for told in ("French for beginners", "We have not seen you since Monday 6 October.",
                 "Alice Adviser", "lang@example.ac.uk", "Student Complaints Procedure",
                 "they can be wrong"):  # fmt: skip
        assert told in seen
    for others in ("Bob", "told me she is fine", "No activity since"):
        assert others not in seen

    assert "Start emails again" in reader.sends(LinkPurpose.PAGE, "opt-out").text
    assert reader.world.rows(preferences)[0]["opted_out_at"]
    assert "Stop emails about engagement" in reader.sends(LinkPurpose.PAGE, "opt-in").text
    assert not reader.world.rows(preferences)[0]["opted_out_at"]


def test_what_cannot_be_kept_is_said_where_it_was_typed(reader: Reader) -> None:
    answer = reader.sends(LinkPurpose.PAGE, "wrong", words="  ")
    assert answer.status_code == 422
    assert answer.text.count("Please say in a few words what is wrong.") == 1
    assert 'aria-describedby="wrong-trouble"' in answer.text

    words = "<script>alert(1)</script>" + "x" * LONGEST
    answer = reader.sends(LinkPurpose.PAGE, "wrong", words=words)
    assert answer.status_code == 422
    assert words in unescape(answer.text)
    assert "<script>" not in answer.text
    assert "Please choose how" in reader.sends(LinkPurpose.CONTACT_BY, "contact-by").text
    assert reader.world.rows(sayings) == []


def test_hostile_words_are_only_ever_words(reader: Reader) -> None:
    words = "</textarea><script>alert('x')</script>{{ 7*7 }}\r\n“ok”\x00\u202e"
    reader.sends(LinkPurpose.WRONG, "wrong", words=words)
    seen = reader.sends(LinkPurpose.PAGE, "show").text
    assert "<script>" not in seen
    assert "{{ 7*7 }}" in seen
    assert "\x00" not in seen


def test_a_personal_mail_shows_nothing_before_the_number_was_given(reader: Reader) -> None:
    reader = personal(reader)
    door = reader.reads(LinkPurpose.DOOR)
    concern = r"fine|wrong|talk|engag|hold about|Languages|Dana"
    assert not re.search(concern, door)
    assert reader.sends(LinkPurpose.DOOR, "fine", door).status_code == 404
    assert reader.sends(LinkPurpose.DOOR, "show", door, number="").status_code == 422
    wrong = reader.sends(LinkPurpose.DOOR, "confirm", number="1002")
    assert wrong.status_code == 422
    assert not re.search(concern, wrong.text)

    inside = reader.sends(LinkPurpose.DOOR, "confirm", number="1001").text
    assert "I would like to talk" in inside
    assert "French" in reader.sends(LinkPurpose.DOOR, "show", inside).text
    reader.world.clock.forward(hours=3)
    late = reader.sends(LinkPurpose.DOOR, "show", inside)
    assert (late.status_code, "Your student number" in late.text) == (422, True)
    assert not re.search(concern, late.text)


@pytest.mark.parametrize("purpose", [LinkPurpose.FINE, LinkPurpose.TALK, LinkPurpose.PAGE])
def test_whoever_does_not_know_the_number_does_nothing_with_a_link(
    reader: Reader, purpose: LinkPurpose
) -> None:
    do = "show" if purpose is LinkPurpose.PAGE else purpose.value
    for number in ("", "1002"):
        answer = reader.sends(purpose, do, number=number)
        assert answer.status_code == 422
        assert f'id="{do}-trouble"' in answer.text
        assert "French" not in answer.text
    assert reader.world.rows(sayings) == []
    assert 'autocomplete="off"' not in reader.reads(purpose)


def test_a_link_for_one_answer_gives_it_once(reader: Reader) -> None:
    assert reader.sends(LinkPurpose.TALK, "talk", words="On Monday").status_code == 200
    again = reader.sends(LinkPurpose.TALK, "talk", words="Not I")
    assert again.status_code == 429
    assert "This link was used before, so nothing was saved." in again.text
    assert len(reader.world.rows(sayings)) == 1
    assert reader.sends(LinkPurpose.PAGE, "talk", words="On Tuesday").status_code == 200


def test_of_browsers_that_send_one_link_at_once_one_is_heard(reader: Reader) -> None:
    pages = [reader.reads(LinkPurpose.TALK) for _ in range(4)]
    with ThreadPoolExecutor(len(pages)) as browsers:
        answers = browsers.map(lambda page: reader.sends(LinkPurpose.TALK, "talk", page), pages)
        assert sorted(each.status_code for each in answers) == [200, 429, 429, 429]
    assert len(reader.world.rows(sayings)) == 1


@pytest.mark.parametrize(
    "number", [" 1001\n", "\u200b1001", "\u202a1001\u202c", "\uff11\uff10\uff10\uff11", "10-01."]
)
def test_a_number_is_taken_as_it_was_pasted(reader: Reader, number: str) -> None:
    assert reader.sends(LinkPurpose.PAGE, "show", number=number).status_code == 200


def test_a_link_that_a_student_quotes_is_not_shown_to_colleagues(reader: Reader) -> None:
    link = f"{SERVER}{reader.links[LinkPurpose.PAGE]}"
    reader.sends(LinkPurpose.WRONG, "wrong", words=f"At {link} it says French. I do German.")
    store = reader.world.store
    with store.database.read() as connection:
        (said,) = words_said(connection, store.seal, sayings.c.kind == "wrong")
    assert said.words == f"At {SERVER}/student/… it says French. I do German."


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS", "PUT", "DELETE"])
def test_a_filter_that_follows_links_in_any_way_changes_nothing(
    reader: Reader, method: str
) -> None:
    before = reader.world.dump()
    for purpose, path in reader.links.items():
        sent = f"{path}?do={purpose}&number=1001&words=x&key={'0' * 32}"
        assert reader.visitor.request(method, sent).status_code in (200, 405)
    assert reader.world.dump() == before


def test_stopping_emails_asks_for_nothing_also_at_home(reader: Reader) -> None:
    reader = personal(reader)
    answer = reader.sends(LinkPurpose.DOOR, "opt-out")
    assert answer.status_code == 200
    assert "We will not send you emails like this one any more." in answer.text
    assert "engag" not in answer.text
    assert reader.world.rows(preferences)[0]["opted_out_at"]


def test_after_five_wrong_numbers_no_other_is_looked_at(reader: Reader) -> None:
    reader = personal(reader)
    for number in range(5):
        assert reader.sends(LinkPurpose.DOOR, "confirm", number=f"9{number}").status_code == 422
    assert reader.sends(LinkPurpose.DOOR, "confirm", number="1001").status_code == 429


def test_links_that_do_not_work_all_say_the_same(reader: Reader) -> None:
    good = reader.links[LinkPurpose.FINE]
    broken = [f"{good[:60]}X{good[61:]}", f"{good}x", "/student/x", "/student/", "/student/a/b",
              "/student/%00", "/student/..%2f..%2fetc"]  # fmt: skip
    said = {reader.visitor.get(path).text for path in broken}
    said |= {reader.visitor.post(path, {"do": "fine", "key": "0" * 32}).text for path in broken[:3]}
    reader.world.clock.forward(days=31)
    said |= {reader.visitor.get(path).text for path in reader.links.values()}
    assert len(said) == 1
    assert "reply to the email" in said.pop()


def test_forms_of_other_sites_or_none_of_ours_do_nothing(reader: Reader) -> None:
    before = reader.world.dump()
    path, key = reader.links[LinkPurpose.PAGE], "0" * 32
    assert reader.visitor.post(path, {"do": "fine", "key": key}, ELSEWHERE).status_code == 403
    for form in (
        {"do": "fine"},
        {"do": "fine", "key": "x"},
        {"do": "everything", "key": key},
        {"do": "", "key": key},
        {"do": "contact-by", "key": key, "way": "pigeon"},
    ):
        assert reader.visitor.post(path, form).status_code == 400
    large = {"do": "wrong", "key": key, "words": "x" * MAX_BODY}
    assert reader.visitor.post(path, large).status_code == 413
    # A link for one answer gives no other.
    fine = reader.links[LinkPurpose.FINE]
    assert reader.visitor.post(fine, {"do": "opt-out", "key": key}).status_code == 404
    assert reader.visitor.post(fine, {"do": "show", "key": key}).status_code == 404
    assert reader.world.dump() == before


def test_nothing_is_stored_framed_or_told_to_others(reader: Reader) -> None:
    answers = [
        reader.visitor.get(reader.links[LinkPurpose.PAGE]),
        reader.visitor.get("/student/x"),
        reader.visitor.post("/student/x", {}, ELSEWHERE),
        reader.sends(LinkPurpose.PAGE, "show"),
    ]
    for answer in answers:
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["referrer-policy"] == "no-referrer"
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "script" not in policy
        assert not answer.cookies
    assert reader.visitor.get("/student/static/student.css").status_code == 200
    assert reader.visitor.get("/student/static/..%2fpages.py").status_code == 404


def test_a_fault_of_ours_tells_no_link_and_no_name(
    reader: Reader, caplog: pytest.LogCaptureFixture
) -> None:
    path = reader.links[LinkPurpose.PAGE]
    reader.world.store.database.close()
    with reader.world.store.database.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE outreach RENAME COLUMN status TO gone")
    answer = reader.visitor.get(path)
    assert answer.status_code == 500
    assert "nothing was saved" in answer.text
    assert answer.headers["cache-control"] == "no-store"
    assert path.rpartition("/")[2] not in caplog.text
