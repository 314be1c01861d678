"""Lantern's emails to a student: one template for each kind and language, rendered to plain text.

A school may replace any of them in its policy. One line is one paragraph, which every mail client
wraps to its own width. A template with words that threaten or label, or with a placeholder that its
kind may not use, is refused when loaded.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import chain

from jinja2 import Template

from store.letters.placeholders import EXAMPLE, Placeholders
from store.letters.template_check import Source
from store.rules.errors import InvalidInput
from store.rules.letters.letter import Language, LetterKind, SchoolLetter
from store.rules.letters.requirements import duties_not_met, hard_to_read

__all__ = [
    "Placeholders",
    "Words",
    "choice_named",
    "letters_of",
    "load",
    "own",
    "packaged",
    "problems_of",
    "words_for",
]

_SUBJECT = "Subject:"


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one letter, ready to be filled in."""

    language: Language
    subject: Template
    text: Template
    is_own: bool = False
    """Whether the words are the school's own, not Lantern's."""

    def fill(self, placeholders: Placeholders) -> tuple[str, str]:
        """Return subject and body with the placeholders filled in.

        Placeholders are never interpreted as template code, and cannot begin a new line.
        """
        values = placeholders.values()
        body = self.text.render(values).strip()
        return self.subject.render(values).strip(), re.sub(r"\n{3,}", "\n\n", body)


def letters_of(
    kind: LetterKind, language: Language, letters: Iterable[SchoolLetter]
) -> tuple[SchoolLetter, ...]:
    """Return the school's letters of this kind and language, the one that is suggested first."""
    return tuple(each for each in letters if (each.kind, each.language) == (kind, language))


def choice_named(
    kind: LetterKind, language: Language, letters: Iterable[SchoolLetter], name: str
) -> int:
    """Return the number of the school's letter with this name; "" is the one that is suggested.

    Raises ``InvalidInput`` where there is none.
    """
    names = [each.name.casefold() for each in letters_of(kind, language, letters)]
    if not name:
        return 0
    if name.casefold() not in names:
        raise InvalidInput(f"The school has no {kind.label} in {language} with the name “{name}”.")
    return names.index(name.casefold())


def words_for(
    kind: LetterKind, language: Language, letters: Iterable[SchoolLetter] = (), choice: int = 0
) -> Words:
    """Return the school's own letter of this kind and language if it has one, else Lantern's.

    ``choice`` is the number of one of ``letters_of``. Raises ``InvalidInput`` where it is gone.
    """
    found = letters_of(kind, language, letters)
    if not 0 <= choice <= max(0, len(found) - 1):
        raise InvalidInput("Your school no longer has this letter. Open the draft again.")
    return own(found[choice]) if found else packaged(kind, language)


@cache
def packaged(kind: LetterKind, language: Language) -> Words:
    """Return Lantern's own letter of this kind, in this language."""
    name = f"{kind}.txt.j2"
    file = resources.files(__name__).joinpath(language, name)
    return load_template(file.read_text(encoding="utf-8"), kind, name, language)


@cache
def own(letter: SchoolLetter) -> Words:
    """Return a school's words. They were checked when the policy was published."""
    subject, text = _parts(letter, "letter")
    return Words(letter.language, subject.template(), text.template(), is_own=True)


def load_template(
    source: str, kind: LetterKind, name: str, language: Language = Language.ENGLISH
) -> Words:
    """Compile a letter's template; the first line is the subject.

    Raises:
        InvalidInput: its syntax, a placeholder or its wording is not allowed.
    """
    if not source.startswith(_SUBJECT):
        raise InvalidInput(f"{name}: the first line gives the subject, as in “{_SUBJECT} Hello”.")
    first, _, rest = source.partition("\n")
    subject = Source(first.removeprefix(_SUBJECT), kind, name)
    text = Source(rest, kind, name, before=1)
    if found := [*subject.problems(), *text.problems()]:
        raise InvalidInput("\n".join(found))
    return Words(language, subject.template(), text.template())


def letter_problems(letters: Iterable[SchoolLetter]) -> Iterator[str]:
    """Yield one sentence for each thing that is wrong with a school's letters, with its line."""
    seen = set()
    for number, letter in enumerate(letters, 1):
        path = f"letters[{number}]"
        named = (letter.kind, letter.language, letter.name.casefold())
        if named in seen:
            called = f" with the name “{letter.name}”" if letter.name else " without a name"
            yield (
                f"{path} is the second {letter.kind.label} in {letter.language}{called}; "
                "give each a name of its own"
            )
        seen.add(named)
        parts = _parts(letter, path)
        found = list(chain.from_iterable(part.problems() for part in parts))
        yield from found
        if not found:
            yield from (f"{path}.text: {each}" for each in _unfit(letter, parts))


def _unfit(letter: SchoolLetter, parts: tuple[Source, Source]) -> Iterator[str]:
    used = set().union(*(part.placeholders() for part in parts))
    _, body = own(letter).fill(EXAMPLE)
    yield from duties_not_met(letter.kind, letter.language, body, used)
    yield from hard_to_read(letter.language, body)


def _parts(letter: SchoolLetter, path: str) -> tuple[Source, Source]:
    return (
        Source(letter.subject, letter.kind, f"{path}.subject"),
        Source(letter.text, letter.kind, f"{path}.text"),
    )
