"""A small backend for the sandbox's pages, with one case to take, discuss and write an email for.

Adviser Alice and colleague Bob share a channel; outsider Charlie is in another school. ``python -m
tests.bot.sandbox_fake PORT`` serves it for a look in a browser.
"""

from __future__ import annotations

import datetime as dt
import sys
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from zoneinfo import ZoneInfo

import uvicorn

from bot.cards.kit.model import (
    Actions,
    Button,
    ButtonStyle,
    Card,
    Chart,
    Dialog,
    Facts,
    Input,
    InputKind,
    Option,
    Select,
    Text,
    TextStyle,
)
from bot.interaction import Interaction, Reply
from bot.sandbox.app import standalone
from bot.sandbox.backend import (
    OutboxEntry,
    OutboxPage,
    SandboxChannel,
    SandboxPerson,
    StudentAnswer,
    StudentMail,
    StudentMailbox,
)
from bot.sandbox.lesson import STEPS, LessonView
from bot.sandbox.renderer import card_html
from integrations.chat.sandbox import DIRECT, SandboxWorkspace, sandbox_address
from store.db.database import Database
from store.queries.audit import AuditLine
from store.rules.errors import NotAllowed, NotPossibleNow
from store.rules.model import OutboxKind, OutboxState
from store.tables import sandbox_messages

MORNING = dt.datetime(2025, 11, 18, 8, 30, tzinfo=dt.UTC)
BIO = SandboxChannel("bio", "biology-engagement", "School of Biological Sciences")
CHEM = SandboxChannel("chem", "chemistry-engagement", "School of Chemistry")
TO_ALICE = SandboxChannel(f"{DIRECT}alice", "Messages from Lantern", "Direct messages")
ALICE = SandboxPerson("alice", "Alice Ahmed", "Adviser, Biology", (BIO,), TO_ALICE)
BOB = SandboxPerson("bob", "Bob Baker", "Engagement lead, Biology and Chemistry", (BIO, CHEM))
CHARLIE = SandboxPerson("charlie", "Charlie Clark", "Adviser, Chemistry", (CHEM,))
DORA = SandboxPerson("dora", "Dora Diaz", "No role yet", ())
LETTER = """Dear Robin,

We have not seen you in Genetics for a while, and I wanted to ask how you are. If something has
made this term difficult, tell me as much as you like.

With best wishes,
Alice Ahmed"""
WEEKS = (5, 4, 5, 3, 2, 1, 0, 0)


class FakeBackend:
    """Answer as ``Backend`` does, and record each call."""

    def __init__(self, url: str) -> None:
        database = Database(url)
        with database.write() as connection:
            sandbox_messages.create(connection)
        self.close = database.close
        self.workspace = SandboxWorkspace(database, lambda: MORNING)
        self.zone = ZoneInfo("Europe/London")
        self.asked: list[Interaction] = []
        self.answers: dict[str, StudentAnswer] = {}
        self.owner = "Nobody yet"
        self.trouble = ""
        self.overheard: list[tuple[str, str, str, str]] = []
        self.days: int | None = None
        self.shown_lesson: LessonView | None = None
        self.known = [ALICE, BOB, CHARLIE, DORA]
        self.post_case()

    def today(self) -> dt.date:
        return MORNING.date()

    def looks(self) -> AbstractContextManager[None]:
        """Do nothing: this backend needs no consistent snapshot while a page is read."""
        return nullcontext()

    def people(self) -> Sequence[SandboxPerson]:
        return self.known

    def commands(self, _user: str) -> Sequence[tuple[str, str, str]]:
        return [
            ("take", "Become the owner of a case.", "/lantern take BIO-7"),
            ("today", "See all open cases.", "/lantern today"),
            ("view", "Say what you think should happen.", "/lantern view BIO-7"),
        ]

    def own_cards(self, user: str, channel: str, messages: Sequence[int]) -> Mapping[int, Card]:
        """Return no cards of a person's own: everyone sees the card that was posted."""
        return {}

    def handle(self, interaction: Interaction) -> Reply:
        """Act once for each key, as the real backend does, and answer as each command would."""
        seen = any(earlier.key == interaction.key for earlier in self.asked)
        self.asked.append(interaction)
        if seen:
            return Reply()
        match interaction.action:
            case "take":
                self.owner = interaction.person.user.title()
                self.post_case()
                return Reply()
            case "view":
                return view(interaction.values)
            case "help":
                return Reply(card=HELP)
            case "explode":
                raise RuntimeError("Robin Casewell")
            case "close":
                raise NotAllowed("Only the engagement lead may close this case.")
        return Reply()

    def heard(self, user: str, channel: str, thread: str, message: str, text: str) -> None:
        self.overheard.append((user, channel, thread, text))

    def outbox(self, _user: str, page: int = 1) -> OutboxPage:
        mail, card = OutboxKind.MAIL, OutboxKind.CARD
        about = "BIO-0041, university email"
        entries = [
            OutboxEntry(3, mail, OutboxState.SENT, MORNING, about, ROBIN, SUBJECT, LETTER),
            OutboxEntry(2, card, OutboxState.SENT, MORNING, "Card of case BIO-0041"),
            OutboxEntry(1, OutboxKind.DIGEST, OutboxState.DUE, MORNING, "Digest of Biology"),
        ]
        return OutboxPage(entries, page, has_older=page == 1)

    def student_mail(self, _user: str) -> Sequence[StudentMailbox]:
        answers = tuple(self.answers.values())
        mail = StudentMail("out-12", "Biology engagement", SUBJECT, LETTER, MORNING, answers)
        other = StudentMail("out-13", "Chemistry engagement", SUBJECT, LETTER, MORNING)
        return [
            StudentMailbox("12", "Robin Casewell", (mail,)),
            StudentMailbox("13", "Sam Sample", (other,)),
        ]

    def audit(self, before: int | None, about: str = "") -> Sequence[AuditLine]:
        lines = [
            AuditLine(n, MORNING, "Alice Ahmed", "take", "BIO-0041", (("previous", None),))
            for n in range(130, 0, -1)
        ]
        shown = [line for line in lines if about in line.subject]
        return [line for line in shown if before is None or line.seq < before][:100]

    def audit_trouble(self) -> str:
        return self.trouble

    @property
    def can_forward(self) -> bool:
        return self.days is not None

    def forward(self) -> None:
        assert self.days is not None
        self.days += 1

    def lesson(self) -> LessonView | None:
        return self.shown_lesson

    def begin_lesson(self, user: str) -> None:
        self.shown_lesson = LessonView(user.title(), 0, 1, STEPS[0], recorded=False)

    def finish_lesson(self) -> None:
        raise NotPossibleNow("The lesson is not finished.")

    def answer(self, message: str, text: str, key: str) -> None:
        if message != "out-12":
            raise LookupError(message)
        self.answers.setdefault(key, StudentAnswer(text, MORNING))

    def post_case(self) -> None:
        """Post the case's current card; posting it again updates the message in place."""
        card = case_card(self.owner)
        payload = {"html": card_html(card), "summary": card.summary}
        self.workspace.post(sandbox_address("bio"), payload, key="case:41")


ROBIN = "robin.casewell@student.example.ac.uk"
SUBJECT = "How are things going?"

VIEW = Dialog(
    kind="view",
    title="Your view on BIO-0041",
    action="view",
    ids={"case": "41"},
    submit="Save",
    blocks=(
        Text("A colleague's view comes before any contact.", TextStyle.SUBTLE),
        Select("opinion", "What should happen", (Option("wait", "Wait"), Option("now", "Contact"))),
        Input("reason", "Why", InputKind.PARAGRAPH, hint="The student may read this."),
    ),
)

HELP = Card(
    kind="help",
    summary="What you can ask Lantern",
    blocks=(
        Text("What you can ask Lantern", TextStyle.HEADING),
        Facts((("/lantern today", "This morning's cases"), ("/lantern mine", "Your own cases"))),
    ),
)


def view(values: Mapping[str, str] | None) -> Reply:
    """Return the dialog again if its values are wrong; otherwise record the view."""
    if values is None:
        return Reply(dialog=VIEW)
    if len(values["reason"].split()) < 3:
        return Reply(errors={"reason": "Please give a reason in a few words."})
    return Reply()


def case_card(owner: str) -> Card:
    """Return the card of the only case."""
    ids = {"case": "41"}
    weeks = tuple((f"Week {n}", days) for n, days in enumerate(WEEKS, 1))
    return Card(
        kind="case",
        summary=f"Case BIO-0041: no activity for 12 days, owner {owner}",
        blocks=(
            Text("BIO-0041 · no activity for 12 days", TextStyle.HEADING),
            Text("Nothing was seen in the online learning space since 6 November."),
            Facts((("Programme", "BSc Biology, year 2"), ("Owner", owner), ("Views", "None yet"))),
            Chart("Active days a week", weeks, 7, "Five days a week in October, none lately."),
            Actions(
                (
                    Button("Take", "take", ids, ButtonStyle.PRIMARY),
                    Button("Add view", "view", ids, opens_dialog=True),
                    Button("Close", "close", ids, confirm="Close BIO-0041 now?"),
                ),
                more=(Button("Help", "help"),),
            ),
        ),
    )


def main() -> None:
    """Serve the fake with a few messages, for a look in a browser."""
    with tempfile.TemporaryDirectory() as folder:
        backend = FakeBackend(f"sqlite:///{Path(folder) / 'sandbox.db'}")
        backend.workspace.say("bio", "bob", "She told me she is moving house this week.", "1")
        backend.workspace.say("bio", "alice", "Thank you, that helps. I will write to her.")
        port = int(sys.argv[1])
        uvicorn.run(standalone(backend), host="127.0.0.1", port=port, log_config=None)
        backend.close()


if __name__ == "__main__":
    main()
