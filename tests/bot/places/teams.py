"""Teams as a place: the real SDK behind the real endpoint, and a local Teams that signs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.bot.adaptive_cards import task_problems
from tests.bot.places import Answer, answer_in_folder, labelled
from tests.bot.shown import in_teams
from tests.bot.teams.campus import LANG, MATH, Campus, campus_in
from tests.bot.teams.cards import actions, fields
from tests.fakes.teams.service import Message

Json = dict[str, Any]


class InTeams:
    """Implement ``Place`` in Teams."""

    def __init__(self, campus: Campus) -> None:
        self._campus = campus
        self.office = campus.office

    def card(self, name: str) -> str:
        """Return the card that Teams fetches anew when a person looks at it."""
        shown = self._cards()[-1]
        refresh = shown.card["refresh"]["action"]
        answer = self._campus.invokes(name, "adaptiveCard/action", {"action": refresh})
        content = answer["value"] if answer["type"].endswith("card.adaptive") else shown.card
        return _words({**shown.activity, "attachments": [{"content": content}]})

    def messages(self) -> int:
        return len(self._cards())

    def _cards(self) -> list[Message]:
        """Return the messages in the channel itself, without the lines in their threads."""
        return [each for each in self._campus.teams.shown(LANG) if each.root is None]

    def presses(self, name: str, button: str) -> Answer:
        # A question and a fold send nothing; the button behind the question does.
        acting = [each for each in actions(self._campus.card()) if "data" in each]
        buttons = {each["title"]: each["data"] for each in acting}
        assert button in buttons, f"no button {button!r} among {list(buttons)}"
        data = buttons[button]
        if "dialog_id" in data:
            return _window(self._campus.opens(name, data))
        said = self._campus.clicks(name, data)["value"]
        return Answer(said if isinstance(said, str) else "")

    def sends(self, name: str, form: Any, answers: Mapping[str, str] | None = None) -> Answer:
        asked = {each["label"]: each for each in fields(form["task"]["value"]["card"]["content"])}
        typed = {}
        for label, given in (answers or {}).items():
            field = labelled(asked, label)
            options = {each["title"]: each["value"] for each in field.get("choices", ())}
            typed[field["id"].removeprefix("field.")] = options[given] if options else given
        said = self._campus.submits(name, form, **typed)
        return _window(said) if said else Answer()

    def types(self, name: str, line: str) -> Answer:
        came = self._campus.says(name, line, MATH if name == "charlie" else LANG)
        return Answer(" ".join(_words(each.activity) for each in came))

    def answers_the_mail(self, text: str) -> None:
        answer_in_folder(self.office, text)


def _window(answer: Json) -> Answer:
    if answer["task"]["type"] == "message":
        return Answer(answer["task"]["value"])
    assert task_problems(answer) == []
    return Answer(_words(answer), answer)


def _words(payload: Json) -> str:
    shown = in_teams(payload)
    return " ".join([*shown.texts, *(f"{name} {value}" for name, value in shown.facts)])


@contextmanager
def teams_in(home: Path) -> Iterator[InTeams]:
    """Start the invented schools on Teams."""
    with campus_in(home) as campus:
        yield InTeams(campus)
