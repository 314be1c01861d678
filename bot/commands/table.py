"""The table of commands. Every button, dialog and typed line runs one row of it."""

from __future__ import annotations

import datetime as dt
import difflib
import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field

from bot.cards.cases.actions import IN_WINDOW
from bot.interaction import Interaction, Reply
from bot.posting.card_words import words_on_card
from integrations.activity.lookups import Lookups
from store.actions.cases import log_access as reading
from store.actions.request import Request
from store.actions.students.log_search import case_meant
from store.db.database import Connection
from store.db.unit_of_work import Store
from store.queries.cases.records import CaseView
from store.queries.students.references import case_id_of
from store.rules.access.permissions import Action, schools_where
from store.rules.cases.case import Actor, Case
from store.rules.cases.reference import as_reference
from store.rules.errors import InvalidInput, NotPossibleNow
from store.rules.students.digital_traces import Trace
from store.rules.text.formatting import listed


@dataclass(frozen=True, slots=True)
class Call:
    """One run of a command: who asked, for what, and the store."""

    store: Store
    actor: Actor
    interaction: Interaction
    command: Command
    lookups: Lookups | None = None

    def traces(
        self,
        student: int,
        sources: Collection[str],
        first: dt.date,
        last: dt.date,
        /,
        *,
        only_measured: bool = False,
    ) -> tuple[Trace, ...]:
        """Read what each source shows of a student in these days, as ``Look`` says."""
        look = self.available().look
        return look(student, sources, first, last, only_measured=only_measured)

    def available(self) -> Lookups:
        """Return the access to activity data. Raises ``NotPossibleNow`` where this process has
        none."""
        if self.lookups is None:
            raise NotPossibleNow("Activity data is not available from here.")
        return self.lookups

    @property
    def request(self) -> Request:
        """Return the ``Request`` to pass to a use case."""
        return Request(self.actor.id, self.interaction.key, self._words_shown)

    def _words_shown(self, connection: Connection, case: int) -> tuple[str, ...]:
        return words_on_card(connection, case, self.store.now(), self.store.limits)

    @property
    def was_typed(self) -> bool:
        """Return whether a line of text was typed, which needs an answer in words."""
        return not self.interaction.ids and self.interaction.values is None

    @property
    def wants_words(self) -> bool:
        """Return whether to confirm the result in words: not where the case's card shows it."""
        return self.was_typed or IN_WINDOW in self.interaction.ids

    @property
    def answers(self) -> dict[str, str] | None:
        """Return the values of a submitted dialog; None for a click or a typed command."""
        values = self.interaction.values
        return None if values is None else dict(values)

    def answer(self, field: str) -> str:
        """Return the value of this field; '' where it is empty."""
        return (self.answers or {}).get(field, "")

    def words(self) -> list[str]:
        """Split what was typed after the command's name; quoted parts stay together."""
        found = _WORD.finditer(self.interaction.text)
        return [each[2] if each[1] is None else each[1].strip() for each in found]

    def rest(self) -> str:
        """Return the text after the case, as it was typed; '' for a click."""
        first = _WORD.search(self.interaction.text) if self.was_typed else None
        return self.interaction.text[first.end() :].strip() if first else ""

    def case_id(self) -> int:
        """Find the case that a button names by id, or a typed command by its reference.

        Those who may find students can type a student's number or name instead.

        Raises ``InvalidInput`` where no case is named, or no case has that reference.
        """
        given = self.interaction.ids.get("case")
        if given is not None:
            return _number(given)
        words = self.words()
        if not words:
            raise InvalidInput(f"Which case? For example: {self.command.example}")
        self._check_names_one(words)
        with self.store.database.read() as connection:
            found = case_id_of(connection, words[0])
        if found is None:
            is_welfare = self.command.name == Action.EMERGENCY
            found = case_meant(self.store, self.actor.id, words[0], is_welfare=is_welfare)
        if found is None:
            raise InvalidInput(
                f"There is no case with that reference. For example: {self.command.example}"
            )
        return found

    def _check_names_one(self, words: Sequence[str]) -> None:
        """Refuse a line that names several cases and nothing else: each is done by itself (§7)."""
        # A day such as 2025-11-3 reads like a reference, but a school's code has a letter.
        named = [as_reference(word.strip(",;")) for word in words if not word[0].isdigit()]
        if len(words) > 1 and len(named) == len(words) and all(named):
            typed = [f"/lantern {self.command.name} {each}" for each in named]
            raise InvalidInput(
                "This command takes one case at a time, so nothing was done. Type: "
                f"{listed(typed)}."
            )

    def check(self, case: int, action: Action) -> Case:
        """Return the case if this person may do ``action`` on it; a refusal is recorded."""
        return reading.check_case(self.store, self.actor.id, case, action)

    def preview(self, case: int, action: Action) -> CaseView:
        """Return the case like ``check``, with everything that a dialog shows of it."""
        return reading.preview_case(self.store, self.actor.id, case, action)

    def seen_version(self) -> int | None:
        """Return the version of the case on the card that was clicked."""
        given = self.interaction.ids.get("version")
        return None if given is None else _number(given)

    def id(self, name: str) -> int:
        """Return an id other than the case's, which the button or dialog carried.

        Raises ``InvalidInput`` where there is none.
        """
        return _number(self.interaction.ids.get(name, ""))


Run = Callable[[Call], Reply]


@dataclass(frozen=True, slots=True)
class Command:
    """One command: its name, its help, an example to copy, and the function to run.

    ``needs``: help lists it for people who may do one of these in a school; for all people where
    it is empty. The command itself checks again what the person may do.
    """

    name: str
    help: str
    example: str
    run: Run
    needs: tuple[Action, ...]

    @property
    def takes_case(self) -> bool:
        """Return whether a typed line may begin with the reference of a case."""
        return self.name in _BY_CASE_TOO or _REFERENCE.search(self.example) is not None

    def is_for(self, actor: Actor) -> bool:
        """Return whether this person's roles allow the command."""
        return not self.needs or any(schools_where(actor, each) for each in self.needs)


@dataclass(slots=True)
class CommandTable:
    """All commands, in the order in which help lists them."""

    _rows: dict[str, Command] = field(default_factory=dict)

    def add(self, name: str, help_text: str, example: str, *needs: Action) -> Callable[[Run], Run]:
        """Register the decorated function as a command. ``ValueError`` where the name is taken."""

        def register(run: Run) -> Run:
            if name in self._rows:
                raise ValueError(f"there are two commands named {name!r}")
            if name != name.casefold():
                raise ValueError(f"{name!r} would never be found: write it in small letters")
            self._rows[name] = Command(name, help_text, f"/lantern {example}", run, needs)
            return run

        return register

    def find(self, name: str) -> Command | None:
        """Find the command of this name, in any case of letters."""
        return self._rows.get(name.casefold())

    def longest(self, words: Sequence[str]) -> Command | None:
        """Find the longest command at the start: ``draft welfare`` is draft-welfare."""
        for length in range(len(words), 0, -1):
            if found := self.find("-".join(words[:length])):
                return found
        return None

    def nearest(self, name: str, actor: Actor) -> Command | None:
        """Find the command most like a mistyped name, among those that this person may use."""
        names = [row.name for row in self.rows_for(actor)]
        close = difflib.get_close_matches(name.casefold(), names, n=1, cutoff=0.6)
        return self._rows[close[0]] if close else None

    def rows(self) -> tuple[Command, ...]:
        """Return every command in the order in which help lists it."""
        return tuple(self._rows.values())

    def rows_for(self, actor: Actor) -> tuple[Command, ...]:
        """List the commands that this person's roles allow, in order."""
        return tuple(row for row in self._rows.values() if row.is_for(actor))


COMMANDS = CommandTable()

_REFERENCE = re.compile(r" [A-Z]+-\d+")
_BY_CASE_TOO = frozenset({"find", "said"})
"""Actions whose commands take a case although their example shows none."""

# Only double quotes keep words together, curly ones too, as phones type them: an apostrophe is part
# of a word.
_WORD = re.compile(r'["“”]([^"“”]*)["“”](?!\S)|(\S+)')


def _number(text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 18:
        raise InvalidInput("This button is out of date. Use the newest card.")
    return int(text)
