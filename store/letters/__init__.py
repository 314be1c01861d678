"""Lantern's mails to a student: one template for each mail rung, rendered to plain text.

A template is text with ``{{ placeholders }}``, ``{% if %}`` and ``{% for %}``, and nothing else;
its first line is the subject. One line is one paragraph, which every mail client wraps to its own
width. Words that threaten or label are refused when a template is loaded, and so is any
placeholder that its rung may not use.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from functools import cache
from importlib import resources

from jinja2 import StrictUndefined, Template, TemplateSyntaxError, meta, nodes
from jinja2.sandbox import SandboxedEnvironment

from store.rules.errors import CaseworkError, InvalidInput
from store.rules.model import Rung
from store.rules.wording import check_discreet, check_supportive
from store.rules.words import listed


@dataclass(frozen=True, slots=True)
class Placeholders:
    """All that a mail may say about anybody; nothing else can get into one."""

    given_name: str
    """What the student likes to be called."""
    writer: str
    school: str
    mailbox: str
    """Where an answer arrives."""
    writer_role: str = ""
    reasons: tuple[str, ...] = ()
    """What was seen: the flags' sentences for students."""
    sources: str = ""
    """Where that comes from and how fresh it is, as a sentence."""
    signposts: tuple[str, ...] = ()
    """Services that help, each with where to find it."""


_SUBJECT = "Subject:"
_ALL = frozenset(field.name for field in fields(Placeholders))

ALLOWED: dict[Rung, frozenset[str]] = {
    Rung.UNIVERSITY_EMAIL: _ALL,
    # Others may read a personal mailbox: that mail must not disclose the concern (§15). A role
    # such as "student support officer" would.
    Rung.PERSONAL_EMAIL: frozenset({"given_name", "writer", "school", "mailbox"}),
}

# A loop over a list is all the computing a letter needs; filters, calls, arithmetic and includes
# could do harm, or run for ever.
_NODES = (nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.If, nodes.For)


def render(rung: Rung, placeholders: Placeholders) -> tuple[str, str]:
    """Subject and body of the mail of this rung. Only mail rungs have one.

    Nothing in the placeholders is taken for template code, and none can begin a new line.
    """
    return fill(_packaged(rung), placeholders)


def fill(template: Template, placeholders: Placeholders) -> tuple[str, str]:
    """Subject and body of a loaded template."""
    values = {name: _tidy(getattr(placeholders, name)) for name in _ALL}
    subject, _, body = template.render(values).strip().partition("\n")
    return subject.removeprefix(_SUBJECT).strip(), re.sub(r"\n{3,}", "\n\n", body).strip()


def load(source: str, rung: Rung, name: str) -> Template:
    """A template made ready, if it may be used for this rung.

    Raises:
        InvalidInput: it is no template, uses what it may not, or its words are not supportive.
    """
    environment = SandboxedEnvironment(
        undefined=StrictUndefined, autoescape=False, trim_blocks=True, lstrip_blocks=True
    )
    environment.globals.clear()
    try:
        tree = environment.parse(source)
    except TemplateSyntaxError as error:
        raise InvalidInput(f"{name}, line {error.lineno}: {error.message}") from None
    for node in tree.find_all(nodes.Node):
        if not isinstance(node, _NODES):
            raise InvalidInput(
                f"{name}, line {node.lineno}: a mail template may hold text, "
                "{{ placeholder }}, {% if placeholder %} and {% for each in placeholder %}, "
                "and nothing else."
            )
    if unknown := sorted(meta.find_undeclared_variables(tree) - ALLOWED[rung]):
        raise InvalidInput(
            f"{name}: {listed(unknown)} cannot be used in a {rung.label}; "
            f"allowed is {listed(sorted(ALLOWED[rung]))}."
        )
    _check_words(source, rung, name)
    return environment.from_string(source)


def _check_words(source: str, rung: Rung, name: str) -> None:
    if not source.startswith(_SUBJECT):
        raise InvalidInput(f"{name}: the first line gives the subject, as in “{_SUBJECT} Hello”.")
    # What stands between the braces is code, and never reaches a student.
    words = re.sub(r"(?s){{.*?}}|{%.*?%}|{#.*?#}", lambda code: _lines_of(code.group()), source)
    try:
        check_supportive(words)
        if rung is Rung.PERSONAL_EMAIL:
            check_discreet(words)
    except CaseworkError as error:
        raise InvalidInput(f"{name}: {error.sentence}") from None


def _lines_of(text: str) -> str:
    return "\n" * text.count("\n")


@cache
def _packaged(rung: Rung) -> Template:
    name = f"{rung}.txt.j2"
    source = resources.files(__name__).joinpath(name).read_text(encoding="utf-8")
    return load(source, rung, name)


def _tidy(value: str | tuple[str, ...]) -> str | tuple[str, ...]:
    """The value on one line, so that data cannot pass for another paragraph or a subject."""
    if isinstance(value, tuple):
        return tuple(" ".join(each.split()) for each in value)
    return " ".join(value.split())
