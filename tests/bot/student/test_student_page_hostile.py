"""The student's page against link scanners, forms of other sites and hostile requests."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from bot.student.form import MAX_BODY
from store.rules.students.links import LinkPurpose
from store.tables import sayings
from tests.bot.student.reader import ELSEWHERE, Reader, personal, reader

__all__ = ["reader"]


def test_whatever_follows_links_changes_nothing_and_sees_nothing_of_the_student(
    reader: Reader,
) -> None:
    before = reader.world.dump()
    for purpose in reader.links:
        page = reader.reads(purpose)
        for secret in ("Dana", "Dvorak", "1001", "6 October", "French", "R100", "dana@"):
            assert secret not in page
    assert reader.world.dump() == before


def test_hostile_words_are_only_ever_words(reader: Reader) -> None:
    words = "</textarea><script>alert('x')</script>{{ 7*7 }}\r\n“ok”\x00\u202e"
    reader.sends(LinkPurpose.WRONG, "wrong", words=words)
    seen = reader.sends(LinkPurpose.PAGE, "show").text
    assert "<script>" not in seen
    assert "{{ 7*7 }}" in seen
    assert "\x00" not in seen


def test_of_browsers_that_send_one_link_at_once_one_is_heard(reader: Reader) -> None:
    pages = [reader.reads(LinkPurpose.TALK) for _ in range(4)]
    with ThreadPoolExecutor(len(pages)) as browsers:
        answers = browsers.map(lambda page: reader.sends(LinkPurpose.TALK, "talk", page), pages)
        assert sorted(each.status_code for each in answers) == [200, 429, 429, 429]
    assert len(reader.world.rows(sayings)) == 1


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS", "PUT", "DELETE"])
def test_a_filter_that_follows_links_in_any_way_changes_nothing(
    reader: Reader, method: str
) -> None:
    before = reader.world.dump()
    for purpose, path in reader.links.items():
        sent = f"{path}?do={purpose}&number=1001&words=x&key={'0' * 32}"
        assert reader.visitor.request(method, sent).status_code in (200, 405)
    assert reader.world.dump() == before


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
    # A link for one answer does not give another.
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
