"""Check the source of a letter's template, with a sentence for each problem.

A template is text with ``{{ placeholders }}``, ``{% if %}`` and ``{% for %}``, and nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from jinja2 import StrictUndefined, Template, TemplateSyntaxError, meta, nodes
from jinja2.sandbox import SandboxedEnvironment

from store.letters.placeholders import ALLOWED
from store.rules.letters.letter import DISCREET, LetterKind
from store.rules.letters.personal_address import what_tells
from store.rules.text.formatting import listed
from store.rules.text.tone.check import (
    indiscreet,
    labelling_words,
    places,
    promises_of_today,
    unsupportive,
)

# A letter needs no more logic than a loop over a list; filters, calls, arithmetic and includes
# could do harm, or run for ever.
_NODES = (nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.If, nodes.For)

_ENVIRONMENT = SandboxedEnvironment(
    undefined=StrictUndefined, autoescape=False, trim_blocks=True, lstrip_blocks=True
)
_ENVIRONMENT.globals.clear()


@dataclass(frozen=True, slots=True)
class Source:
    """One part of a letter's source: subject or text. ``where`` begins each problem's sentence.

    ``before`` counts the lines above it in its file, so that line numbers are those of the file.
    """

    text: str
    kind: LetterKind
    where: str
    before: int = 0

    def problems(self) -> Iterator[str]:
        """Yield each problem that prevents using the source, with its line."""
        try:
            tree = _ENVIRONMENT.parse(self.text)
        except TemplateSyntaxError as error:
            yield f"{self._line(error.lineno)}: {error.message}"
            return
        strange = [node for node in tree.find_all(nodes.Node) if not isinstance(node, _NODES)]
        if strange:
            yield (
                f"{self._line(strange[0].lineno)}: an email template may hold text, "
                "{{ placeholder }}, {% if placeholder %} and {% for each in placeholder %}, "
                "and nothing else."
            )
        elif unknown := sorted(meta.find_undeclared_variables(tree) - ALLOWED[self.kind]):
            yield (
                f"{self.where}: {listed(unknown)} cannot be used in a {self.kind.label}; "
                f"allowed is {listed(sorted(ALLOWED[self.kind]))}."
            )
        yield from self._words()

    def placeholders(self) -> set[str]:
        """List the placeholders that a template uses. It must have passed the check."""
        return set(meta.find_undeclared_variables(_ENVIRONMENT.parse(self.text)))

    def template(self) -> Template:
        """Return the compiled template. The source must have no problems."""
        return _ENVIRONMENT.from_string(self.text)

    def _words(self) -> Iterator[str]:
        # The text between braces is code, and never reaches a student.
        words = re.sub(
            r"(?s){{(?:(?!{{).)*?}}|{%(?:(?!{%).)*?%}|{#(?:(?!{#).)*?#}", _blank, self.text
        )
        if found := labelling_words(words):
            yield f"{self.where}: {unsupportive(found, self.before)}"
        if found := promises_of_today(words):
            yield (
                f"{self.where}: A letter may be sent on a later day than it was written; leave "
                "this "
                f"out: {places(found, self.before)}."
            )
        if self.kind in DISCREET and (found := what_tells(words)):
            yield f"{self.where}: {indiscreet(found, self.before)}"

    def _line(self, number: int) -> str:
        return f"{self.where}, line {number + self.before}"


def _blank(code: re.Match[str]) -> str:
    """Return as many empty lines as the code had."""
    return "\n" * code.group().count("\n")
