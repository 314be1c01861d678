"""The sandbox against hostile texts, forms, sites and names."""

from __future__ import annotations

import pytest

from bot.sandbox.forms import MAX_BODY
from tests.bot.sandbox_fake import FakeBackend
from tests.bot.sandbox_visit import HERE, KEY, TAKE, backend, visitor
from tests.bot.visitor import ORIGIN, Visitor

__all__ = ["backend", "visitor"]

SCRIPT = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)></form>"


def test_what_people_write_stays_text(visitor: Visitor) -> None:
    visitor.post("/sandbox/say", {**HERE, "text": SCRIPT})
    visitor.post("/sandbox/say", {**HERE, "key": KEY[::-1], "text": SCRIPT, "thread": "1"})
    visitor.post(
        "/sandbox/student/answer", {"message": "out-12", "as": "alice", "key": KEY, "text": SCRIPT}
    )
    for path in ("/sandbox/c/bio", "/sandbox/student"):
        page = visitor.get(path).text
        assert "<script>alert" not in page
        assert "<img src=x" not in page
        assert "&lt;script&gt;" in page


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "localhost@evil", ""])
def test_another_name_for_this_machine_is_refused(visitor: Visitor, host: str) -> None:
    assert visitor.get("/sandbox/c/bio", {"Host": host}).status_code == 400


@pytest.mark.parametrize("host", ["127.0.0.1:1234", "localhost", "localhost:80", "[::1]:8000"])
def test_loopback_by_any_of_its_names(visitor: Visitor, host: str) -> None:
    assert visitor.get("/sandbox/c/bio", {"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
        {"Sec-Fetch-Site": "cross-site", "Origin": ORIGIN},
    ],
)
def test_a_post_from_another_site_is_refused(
    visitor: Visitor, backend: FakeBackend, headers: dict[str, str]
) -> None:
    assert visitor.post("/sandbox/act", TAKE, headers).status_code == 403
    assert visitor.post("/sandbox/person", {"user": "bob"}, headers).status_code == 403
    assert backend.asked == []


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Origin": ORIGIN}, 303),
        ({}, 303),  # a program on this machine
        ({"Origin": "http://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "http://127.0.0.1:9"}, 403),
    ],
)
def test_an_older_browser_is_known_by_its_origin(
    visitor: Visitor, headers: dict[str, str], status: int
) -> None:
    assert visitor.post("/sandbox/act", TAKE, headers).status_code == status


@pytest.mark.parametrize("path", ["/sandbox/c/bio", "/sandbox/static/sandbox.js", "/nothing"])
def test_every_answer_carries_the_safety_headers(visitor: Visitor, path: str) -> None:
    headers = visitor.get(path).headers
    assert "default-src 'none'" in headers["content-security-policy"]
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["x-frame-options"] == "DENY"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["x-content-type-options"] == "nosniff"


def test_nothing_in_a_page_needs_more_than_the_policy_allows(visitor: Visitor) -> None:
    for path in ("/sandbox/c/bio", "/sandbox/outbox", "/sandbox/student"):
        page = visitor.get(path).text
        assert " style=" not in page
        assert " onclick=" not in page
        assert "<style" not in page


def test_a_form_too_large_is_refused(visitor: Visitor, backend: FakeBackend) -> None:
    large = visitor.post("/sandbox/say", {**HERE, "text": "x" * MAX_BODY})
    assert large.status_code == 413
    long = visitor.post("/sandbox/say", {**HERE, "text": "x" * 4001})
    assert long.status_code == 413
    assert "4000 characters at most" in long.text
    assert len(backend.workspace.messages("bio")) == 1
