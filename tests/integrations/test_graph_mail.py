"""The mailer on Graph makes one draft, finds it again, and sends only that draft."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import pytest

from integrations.mail.interface import MailError
from tests.fakes.graph.faults import Fault
from tests.integrations.graph_post import BOX, MAIL, OUTSIDE, Post, post_in


@pytest.fixture
def post(tmp_path: Path) -> Iterator[Post]:
    with post_in(tmp_path) as made:
        yield made


def test_a_draft_holds_what_was_approved_and_its_key(post: Post) -> None:
    draft = post.mailer.draft(MAIL)

    message = post.graph.boxes.messages[draft.ref]
    assert list(message.properties.values()) == [MAIL.key]
    assert message.content["toRecipients"] == [{"emailAddress": {"address": MAIL.recipient}}]
    sender = {"emailAddress": {"name": "Alice Adviser", "address": BOX}}
    assert message.content["from"] == sender
    assert "<li>We can meet.</li>" in message.content["body"]["content"]
    assert draft.conversation == message.conversation
    assert not draft.is_sent
    assert draft.is_still(MAIL)


def test_a_draft_is_found_by_its_key_once_exchange_shows_it(post: Post) -> None:
    assert post.mailer.find(BOX, MAIL.key) is None
    draft = post.mailer.draft(MAIL)
    post.settles()

    assert post.mailer.find(BOX, MAIL.key) == draft
    assert post.mailer.find(BOX, "mail:1") is None
    assert post.mailer.find(BOX, "it's mine") is None
    assert post.mailer.find("math@example.ac.uk", MAIL.key) is None


def test_a_sent_draft_keeps_its_name_and_is_found_as_sent(post: Post) -> None:
    draft = post.mailer.draft(MAIL)
    post.mailer.send(BOX, draft.ref)
    post.settles()

    assert post.mailer.look(BOX, draft.ref) == replace(draft, is_sent=True)
    assert post.mailer.find(BOX, MAIL.key) == replace(draft, is_sent=True)
    (left,) = post.graph.boxes.left
    assert (left.mailbox, left.recipients, left.key) == (BOX, [MAIL.recipient], MAIL.key)


def test_of_two_drafts_with_one_key_all_choose_the_one_that_was_sent_else_the_older(
    post: Post,
) -> None:
    older = post.mailer.draft(MAIL)
    post.clock.forward(seconds=1)
    newer = post.mailer.draft(MAIL)
    post.settles()
    assert post.mailer.find(BOX, MAIL.key) == older

    post.mailer.send(BOX, newer.ref)
    post.settles()
    assert post.mailer.find(BOX, MAIL.key) == replace(newer, is_sent=True)


def test_what_cannot_be_seen_at_the_moment_is_unknown_and_not_gone(post: Post) -> None:
    """Between Drafts and Sent Items a message is in neither folder."""
    draft = post.mailer.draft(MAIL)
    post.mailer.send(BOX, draft.ref)
    post.graph.boxes.messages[draft.ref].in_limbo = True

    with pytest.raises(MailError, match="cannot be seen") as caught:
        post.mailer.look(BOX, draft.ref)

    assert caught.value.unknown
    post.settles()
    assert post.mailer.look(BOX, draft.ref).is_sent


@pytest.mark.parametrize(
    "change",
    [
        {"toRecipients": [{"emailAddress": {"address": "mallory@example.com"}}]},
        {"bccRecipients": [{"emailAddress": {"address": "mallory@example.com"}}]},
        {"subject": "Final warning"},
        {"body": {"contentType": "html", "content": "<p>You must come.</p>"}},
    ],
    ids=lambda change: next(iter(change)),
)
def test_a_draft_that_a_colleague_changed_in_the_mailbox_is_noticed(
    post: Post, change: dict[str, object]
) -> None:
    ref = post.mailer.draft(MAIL).ref
    assert post.mailer.look(BOX, ref).is_still(MAIL)

    post.graph.boxes.messages[ref].content.update(change)

    assert not post.mailer.look(BOX, ref).is_still(MAIL)


@pytest.mark.parametrize("fault", [Fault.LOST, Fault.AFTER, Fault.CUT, Fault.DOWN])
@pytest.mark.parametrize("step", ["draft", "send"])
def test_after_no_clear_answer_nothing_is_asked_again_here(
    post: Post, fault: Fault, step: str
) -> None:
    ref = post.mailer.draft(MAIL).ref
    post.graph.faults.planned.append((step, fault))
    before = post.graph.asked[step]

    with pytest.raises(MailError) as caught:
        post.mailer.draft(MAIL) if step == "draft" else post.mailer.send(BOX, ref)

    assert caught.value.unknown
    assert not caught.value.permanent
    assert post.graph.asked[step] == before + 1


@pytest.mark.parametrize("fault", [Fault.LOST, Fault.AFTER, Fault.CUT, Fault.DOWN])
def test_a_question_is_asked_again(post: Post, fault: Fault) -> None:
    ref = post.mailer.draft(MAIL).ref
    post.graph.faults.planned += [("look", fault), ("look", fault)]

    assert post.mailer.look(BOX, ref).ref == ref
    assert post.graph.asked["look"] == 3


def test_a_mailbox_that_is_not_ours_is_refused_and_may_be_ours_later(post: Post) -> None:
    with pytest.raises(MailError, match="may not use this mailbox") as caught:
        post.mailer.draft(replace(MAIL, mailbox=OUTSIDE))
    assert not caught.value.permanent, "an administrator may give the right back"
    assert caught.value.retry_after

    with pytest.raises(MailError) as caught:
        post.mailer.find("nobody@example.ac.uk", MAIL.key)
    assert caught.value.waits, "the mailbox may have been moved"


def test_a_mail_that_cannot_be_sent_is_refused_before_anybody_is_asked(post: Post) -> None:
    for wrong in ({"recipient": "dana@x, eve@x"}, {"mailbox": "a b@x"}, {"key": ""}):
        with pytest.raises(MailError) as caught:
            post.mailer.draft(replace(MAIL, **cast(dict[str, Any], wrong)))
        assert caught.value.permanent

    assert post.graph.asked == {}
