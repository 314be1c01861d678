"""Slack as a place: the real bolt application and a local fake of Slack."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.bot.places import Answer, answer_in_folder, labelled
from tests.bot.shown import in_slack, menu_options
from tests.bot.slack.campus import LANG, MATH, SlackCampus, slack_campus_in, user_id

Json = dict[str, Any]


class InSlack:
    """Implement ``Place`` in Slack."""

    def __init__(self, campus: SlackCampus) -> None:
        self._campus = campus
        self.office = campus.office

    def card(self, name: str) -> str:
        del name  # all members of a channel see the same message
        return _words(self._campus.card().body)

    def messages(self) -> int:
        return len(self._campus.slack.shown(LANG))

    def presses(self, name: str, button: str) -> Answer:
        buttons = dict(_buttons(self._campus.card().body["blocks"]))
        assert button in buttons, f"no button {button!r} among {list(buttons)}"
        with self._answered(name) as said:
            self._campus.clicks(name, buttons[button])
        return said[0]

    def sends(self, name: str, form: Any, answers: Mapping[str, str] | None = None) -> Answer:
        fields = {each["label"]["text"]: each for each in form["blocks"] if each["type"] == "input"}
        typed = {}
        for label, given in (answers or {}).items():
            block = labelled(fields, label)
            options = {each["text"]["text"]: each for each in block["element"].get("options", ())}
            typed[block["block_id"]] = options[given]["value"] if options else given
        said = self._campus.submits(name, form, **typed)
        if "errors" in said:
            return Answer(" ".join(said["errors"].values()), form)
        return Answer(_words(said["view"])) if said else Answer()

    def types(self, name: str, line: str) -> Answer:
        with self._answered(name) as said:
            self._campus.types(name, line, MATH if name == "charlie" else LANG)
        return said[0]

    def answers_the_mail(self, text: str) -> None:
        answer_in_folder(self.office, text)

    @contextmanager
    def _answered(self, name: str) -> Iterator[list[Answer]]:
        """Collect what only this person received meanwhile: a window, or words in the channel."""
        slack = self._campus.slack
        windows, whispers = len(slack.opened), len(slack.ephemerals)
        said: list[Answer] = []
        yield said
        if slack.opened[windows:]:
            window = self._campus.window()
            said.append(Answer(_words(window), window))
            return
        told = slack.ephemerals[whispers:]
        assert {user for _, user, _ in told} <= {user_id(name)}
        said.append(Answer(" ".join(_words(body) for _, _, body in told)))


def _words(payload: Json) -> str:
    return " ".join(in_slack(payload).texts)


def _buttons(blocks: list[Json]) -> Iterator[tuple[str, Json]]:
    """Yield each label with what Slack sends when it is pressed or chosen from a menu."""
    for block in blocks:
        for element in block.get("elements", ()) if block["type"] == "actions" else ():
            if element["type"] == "button":
                yield element["text"]["text"], element
            for option in menu_options(element):
                yield option["text"]["text"], {**element, "selected_option": option}


@contextmanager
def slack_in(home: Path) -> Iterator[InSlack]:
    """Start the invented schools on Slack."""
    with slack_campus_in(home) as campus:
        yield InSlack(campus)
