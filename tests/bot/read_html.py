"""A reader of the sandbox's HTML: what a person sees and what its forms send; see ``shown``."""

from __future__ import annotations

from html.parser import HTMLParser

from bot.sandbox import action_values as clicks
from tests.bot.shown import Field, Shown, flat, target


def in_sandbox(fragment: str) -> Shown:
    """Read a card's or a dialog's HTML."""
    reader = HtmlReader()
    reader.feed(fragment)
    reader.close()
    return reader.shown


class HtmlReader(HTMLParser):
    """Read a fragment, and record all tags and attribute names for tests of safety."""

    def __init__(self) -> None:
        super().__init__()
        self.shown = Shown()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self._form: dict[str, str] = {}
        self._is_dialog = False
        self._term = ""
        self._open: list[str] = []
        self._field: dict[str, str | None] = {}
        self._options: list[str] = []
        self._text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        self.tags.add(tag)
        self.attributes |= values.keys()
        self.shown.say(*(values[k] or "" for k in ("aria-label", "data-confirm") if k in values))
        if tag == "form":
            self._form, self._is_dialog = {}, values["action"] == "/sandbox/submit"
        elif tag == "input" and values["type"] == "hidden":
            self._form[values["name"] or ""] = values["value"] or ""
        elif tag in {"input", "textarea", "select"}:
            self._field, self._options = {**values, "tag": tag}, []
            if tag == "input":
                self._end_field()
        elif tag == "option":
            self._option(values)
        if tag not in {"input", "hr"}:
            self._open.append(tag)
        if before := flat(self._text):
            self.shown.say(before)
        self._text = ""

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= dict(attrs).keys()

    def _option(self, values: dict[str, str | None]) -> None:
        self._options.append(values["value"] or "")
        if "selected" in values:
            self._field["value"] = values["value"] or ""

    def handle_data(self, data: str) -> None:
        self._text += data

    def handle_endtag(self, tag: str) -> None:
        text, self._text = flat(self._text), ""
        assert self._open.pop() == tag, f"</{tag}> closes nothing"
        if tag == "dt":
            self._term = text
        elif tag == "dd":
            self.shown.facts.append((self._term, text))
        elif tag == "textarea":
            self._field["value"] = text
        if text:
            self.shown.say(text)
        if tag in {"textarea", "select"}:
            self._end_field()
        if tag == "form" and not self._is_dialog and "field" not in self._form:
            self.shown.targets.add(target(clicks.clicked(self._form)))

    def _end_field(self) -> None:
        found = self._field
        name = found["name"] or ""
        options = [value for value in self._options if value]
        if not self._is_dialog:
            for value in options:
                click = clicks.clicked({**self._form, name: value})
                self.shown.targets.add(target(click))
            self._form["field"] = "this form answers a question"
            return
        longest = int(found["maxlength"] or 0) if "maxlength" in found else None
        value = flat(found.get("value") or "")
        shown = Field(name.removeprefix("field."), "required" in found, longest, value, (*options,))
        self.shown.fields.append(shown)
