"""The sandbox's workspace fulfils the ``Workspace`` protocol on both databases."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import sqlalchemy as sa

from integrations.chat.interface import DeliveryError, MessageRef, Workspace
from integrations.chat.sandbox import LANTERN, Message, SandboxWorkspace, sandbox_address
from store.db.database import Database
from store.tables import sandbox_messages

BIO = sandbox_address("bio")
CARD = {"html": "<p>Case BIO-0001</p>", "summary": "Case BIO-0001"}
CHANGED = {"html": "<p>Taken</p>", "summary": "Case BIO-0001 is taken"}


class Clock:
    """A clock that a test sets forward."""

    def __init__(self) -> None:
        self.now = dt.datetime(2025, 10, 6, 8, 0, tzinfo=dt.UTC)

    def __call__(self) -> dt.datetime:
        return self.now


@pytest.fixture
def database(fresh_database_url: str) -> Iterator[Database]:
    database = Database(fresh_database_url)
    with database.write() as connection:
        sandbox_messages.create(connection)
    yield database
    database.close()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def workspace(database: Database, clock: Clock) -> SandboxWorkspace:
    return SandboxWorkspace(database, clock)


def only(messages: list[Message]) -> Message:
    assert len(messages) == 1
    return messages[0]


def test_it_is_a_workspace(workspace: SandboxWorkspace) -> None:
    as_protocol: Workspace = workspace
    ref = as_protocol.post(BIO, CARD, key="case:1")
    message = only(workspace.messages("bio"))
    assert ref == MessageRef(BIO, str(message.id))
    assert (message.author, message.payload) == (LANTERN, CARD)
    assert message.posted_at == dt.datetime(2025, 10, 6, 8, 0, tzinfo=dt.UTC)


def test_posting_twice_with_one_key_leaves_one_message(
    workspace: SandboxWorkspace, clock: Clock
) -> None:
    first = workspace.post(BIO, CARD, key="case:1")
    clock.now += dt.timedelta(minutes=5)
    assert workspace.post(BIO, CHANGED, key="case:1") == first
    message = only(workspace.messages("bio"))
    assert message.payload == CHANGED
    assert message.changed_at - message.posted_at == dt.timedelta(minutes=5)


def test_every_write_raises_the_revision(workspace: SandboxWorkspace) -> None:
    seen = [workspace.revision()]
    ref = workspace.post(BIO, CARD, key="case:1")
    seen.append(workspace.revision())
    workspace.post(BIO, CARD, key="case:1")
    seen.append(workspace.revision())
    workspace.update(ref, CHANGED)
    seen.append(workspace.revision())
    workspace.say("bio", "alice", "Thanks")
    seen.append(workspace.revision())
    workspace.delete(ref)
    seen.append(workspace.revision())
    assert seen == [0, 1, 2, 3, 4, 5]


def test_only_what_is_new_since_a_revision(workspace: SandboxWorkspace) -> None:
    ref = workspace.post(BIO, CARD, key="case:1")
    workspace.post(BIO, CARD, key="case:2")
    seen = workspace.revision()
    workspace.update(ref, CHANGED)
    assert only(workspace.messages("bio", after=seen)).id == int(ref.message)


def test_a_deleted_message_leaves_nothing_of_its_content(
    workspace: SandboxWorkspace, database: Database
) -> None:
    ref = workspace.post(BIO, CARD, key="case:1")
    workspace.delete(ref)
    workspace.delete(ref)
    assert workspace.messages("bio") == []
    with database.read() as connection:
        rows = connection.execute(sa.select(sa.cast(sandbox_messages.c.payload, sa.Text))).all()
    assert "BIO-0001" not in repr(rows)
    with pytest.raises(DeliveryError) as refused:
        workspace.update(ref, CHANGED)
    assert refused.value.permanent


def test_a_deleted_message_stands_while_it_has_replies(workspace: SandboxWorkspace) -> None:
    ref = workspace.post(BIO, CARD, key="case:1")
    workspace.say("bio", "bob", "She told me she is unwell", ref.message)
    workspace.delete(ref)
    root, reply = workspace.messages("bio")
    assert root.payload == {}
    assert reply.thread == root.id


def test_a_reply_to_a_reply_stays_in_the_thread(workspace: SandboxWorkspace) -> None:
    ref = workspace.post(BIO, CARD, key="case:1")
    reply = workspace.post(BIO, CARD, key="line:1", thread=ref.message)
    workspace.say("bio", "bob", "Me too", reply.message)
    assert [message.thread for message in workspace.messages("bio")] == [
        None,
        int(ref.message),
        int(ref.message),
    ]


@pytest.mark.parametrize("thread", ["999", "x", "-1", "1; DROP", "9" * 30])
def test_a_thread_that_is_not_there_is_refused(workspace: SandboxWorkspace, thread: str) -> None:
    with pytest.raises(DeliveryError) as refused:
        workspace.post(BIO, CARD, key="case:1", thread=thread)
    assert refused.value.permanent
    assert workspace.messages("bio") == []


def test_a_thread_belongs_to_its_channel(workspace: SandboxWorkspace) -> None:
    ref = workspace.post(BIO, CARD, key="case:1")
    with pytest.raises(DeliveryError):
        workspace.say("chem", "charlie", "What is this?", ref.message)
    with pytest.raises(DeliveryError):
        workspace.update(MessageRef(sandbox_address("chem"), ref.message), CHANGED)


def test_one_key_of_one_author_says_it_once(workspace: SandboxWorkspace) -> None:
    workspace.say("bio", "alice", "Hello", key="k")
    workspace.say("bio", "alice", "Hello", key="k")
    workspace.say("bio", "bob", "Hello", key="k")
    assert [message.author for message in workspace.messages("bio")] == ["alice", "bob"]


def test_a_person_cannot_overwrite_a_card_by_its_key(workspace: SandboxWorkspace) -> None:
    workspace.post(BIO, CARD, key="case:1")
    workspace.say("bio", "alice", "Mine now", key="case:1")
    assert [message.payload for message in workspace.messages("bio")] == [
        CARD,
        {"text": "Mine now"},
    ]


def test_the_past_is_read_in_pages(workspace: SandboxWorkspace) -> None:
    ids = [int(workspace.post(BIO, CARD, key=f"case:{n}").message) for n in range(5)]
    workspace.say("bio", "bob", "About the oldest", str(ids[0]))
    newest = workspace.messages("bio", limit=2)
    assert [message.id for message in newest] == ids[3:]
    older = workspace.messages("bio", before=newest[0].id, limit=3)
    assert [message.id for message in older][:3] == ids[:3]
    assert older[-1].thread == ids[0]


def test_writers_at_once_never_share_a_revision(workspace: SandboxWorkspace) -> None:
    def write(number: int) -> None:
        for turn in range(10):
            workspace.post(BIO, CARD, key=f"{number}:{turn}")

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(write, range(4)))
    revisions = [message.revision for message in workspace.messages("bio")]
    assert sorted(revisions) == list(range(1, 41))


def test_a_database_that_does_not_answer_is_worth_another_try(tmp_path: Path) -> None:
    (tmp_path / "lantern.db").mkdir()
    nowhere = Database(f"sqlite:///{tmp_path / 'lantern.db'}")
    with pytest.raises(DeliveryError) as failed:
        SandboxWorkspace(nowhere, Clock()).post(BIO, CARD, key="case:1")
    assert not failed.value.permanent
    assert not failed.value.unknown
    assert "BIO-0001" not in str(failed.value)
