"""Every error of the product is known, and is shown as a sentence on each way out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any, NoReturn

import pytest

from bot.app import create_app
from bot.cards.kit.reply_cards import notice
from bot.commands.dispatcher import Dispatcher
from bot.commands.table import COMMANDS
from bot.error_boundary import guarded
from bot.interaction import Interaction, Person, Reply
from bot.sandbox.page_frame import Pages
from bot.student import pages as student_pages
from integrations.chat.interface import DeliveryError
from integrations.directory.errors import DirectoryError
from integrations.mail.interface import MailError
from integrations.settings import WrongSetting
from store.actions.request import AlreadyDone
from store.actions.schools.channels import SANDBOX_TENANT
from store.rules.errors import CaseworkError
from store.rules.model import Platform
from tests.bot.visitor import Visitor
from tests.completeness.walking import PRODUCT, classes_of
from tests.worker.office import Office, office_in
from worker.cli import main as cli

SENTENCE = "The lamp is out: light it and try again"
ALL = [each for each in classes_of(*PRODUCT) if issubclass(each, Exception)]
KNOWN = [each for each in ALL if issubclass(each, CaseworkError)]
OUTSIDE = [each for each in ALL if issubclass(each, (DeliveryError, DirectoryError, MailError))]
OTHERS = {
    # Turned into an answer by the module that calls the function that raises it.
    *("ChangedStatement", "LinkBroken", "NoRoom", "NoSuchThread", "PostedAlready", "Refused"),
    *("RefusedRequest", "SealBroken", "SignInRefused", "SorryError", "Unanswered", "Unreadable"),
    *("_TooLarge",),
    # A base class that is never raised itself, and an error that the roster's import handles.
    *("ServiceError", "UnusableNumber"),
    # Returned to Teams as a status.
    *("Foreign", "Unauthentic", "UntrustedKey"),
    # A job has timed out, or a person stopped a command: no handler may catch it.
    "QueryInterrupted",
    # Jobs and the demo end with them.
    *("CheckFailed", "JobFailed", "NotThere", "StoryError", "_LeaseLost"),
    # A setting that cannot be used, reported by the command line.
    "UnusableFile",
    # A mistake of our own, to which a reference is the right answer.
    "CardTooLargeError",
}
every_known = pytest.mark.parametrize("kind", KNOWN, ids=[each.__name__ for each in KNOWN])


def raising(kind: type[Exception]) -> Callable[..., NoReturn]:
    """Return a function that raises an error of this class, built without its constructor."""
    error = kind.__new__(kind, SENTENCE)
    for name, value in {"sentence": SENTENCE, "permanent": True, "field": None}.items():
        setattr(error, name, value)

    def fail(*_: Any, **__: Any) -> NoReturn:
        raise error

    return fail


def said_to_a_colleague(kind: type[Exception]) -> Reply:
    """Return the sentence alone; for an action that was already done, return nothing."""
    return Reply() if kind is AlreadyDone else Reply(card=notice(SENTENCE))


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    with office_in(tmp_path_factory.mktemp("errors")) as made:
        yield made


def test_each_error_is_of_a_kind_that_the_edges_know() -> None:
    """A new kind of error must be added to one of these lists, which decide how it is shown."""
    others = {each.__name__ for each in ALL if each not in (*KNOWN, *OUTSIDE, WrongSetting)}
    assert others == OTHERS
    assert (len(KNOWN), len(OUTSIDE), len(ALL)) == (14, 8, 49)


@every_known
def test_in_the_chat_it_is_its_sentence(
    monkeypatch: pytest.MonkeyPatch, office: Office, kind: type[Exception]
) -> None:
    row = COMMANDS.find("me")
    assert row
    monkeypatch.setitem(COMMANDS._rows, row.name, replace(row, run=raising(kind)))
    who = Person(Platform.SANDBOX, SANDBOX_TENANT, "alice")
    asked = Interaction(who, "me", "lang", "key", {}, None, "")
    assert Dispatcher(office.services.store).handle(asked) == said_to_a_colleague(kind)


@every_known
def test_at_the_last_line_before_a_platform_it_is_its_sentence(kind: type[Exception]) -> None:
    assert guarded("click", raising(kind)) == said_to_a_colleague(kind)


@pytest.mark.parametrize("kind", [*KNOWN, *OUTSIDE, WrongSetting], ids=lambda each: each.__name__)
def test_on_the_command_line_it_is_its_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], kind: type[Exception]
) -> None:
    monkeypatch.setattr(cli, "app", raising(kind))
    monkeypatch.setattr(cli, "catch_what_nothing_caught", lambda: None)
    with pytest.raises(SystemExit) as ended:
        cli.main()
    said = capsys.readouterr()
    assert ended.value.code == 2
    assert SENTENCE in said.err
    assert "Unexpected" not in said.err


@every_known
def test_on_a_page_it_is_its_sentence(
    monkeypatch: pytest.MonkeyPatch, office: Office, kind: type[Exception]
) -> None:
    async def fail(*_: Any, **__: Any) -> NoReturn:
        raising(kind)()

    visitor = Visitor(create_app(office.services))
    monkeypatch.setattr(Pages, "person", fail)
    monkeypatch.setattr(student_pages, "visit_link", raising(kind))
    for path in ("/sandbox/outbox", "/student/a-link"):
        page = visitor.get(path)
        assert (page.status_code, SENTENCE in page.text) == (409, True), path
