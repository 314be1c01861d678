"""Read a school's policy document: TOML in, ``SchoolPolicy`` or a list of problems out.

The document mirrors the records of ``store.rules``: ``[rules.inactivity]`` switches that rule on,
``days = 14`` below it sets a threshold. Every problem is one sentence that names the file, the
line, the key, what is wrong and what is allowed.
"""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Iterable
from dataclasses import fields
from difflib import get_close_matches
from typing import Annotated, Any, get_type_hints

import pydantic
from pydantic_core import ErrorDetails

from store.policies.line_numbers import line_number
from store.policies.new_document import TO_FILL_IN, Value, new_document, to_fill_in
from store.policies.problems import key_of, problems_in, rests_on
from store.policies.schema import NOT_ALLOWED, Table, record_table, shape_of
from store.rules.errors import InvalidInput
from store.rules.flag_rules import RULES
from store.rules.flag_rules.base import Rule
from store.rules.model import MarkerFamily
from store.rules.policies.overrides import Override, RuleChange
from store.rules.policies.policy import Marker, SchoolPolicy
from store.rules.text.formatting import listed


class PolicyProblems(InvalidInput):
    """The document is not a valid policy. ``problems`` has one sentence for each problem."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


def parse(text: str, file_name: str, school_name: str = "") -> SchoolPolicy:
    """Parse a policy document and check it as a whole.

    ``school_name`` is the school's name in the roster, if known: letters are checked with it.

    Raises:
        PolicyProblems: with all problems, each beginning with the file name.
    """
    return _parse(text, file_name, school_name, is_new=False)


def _parse(text: str, file_name: str, school_name: str, *, is_new: bool) -> SchoolPolicy:
    """Parse and check a document; ``is_new`` also checks the routes by which students are told."""
    unfilled = _unfilled(text)
    try:
        policy = load(text, file_name)
    except PolicyProblems as found:
        values = [each for each in found.problems if f'"{TO_FILL_IN}' not in each]
        rest = _beside(text, unfilled, school_name, is_new=is_new)
        raise PolicyProblems(
            [*_placed(text, file_name, unfilled), *values, *_placed(text, file_name, rest)]
        ) from None
    if unfilled:
        rest = _beside(text, unfilled, school_name, is_new=is_new)
        raise PolicyProblems([*_placed(text, file_name, unfilled), *_placed(text, file_name, rest)])
    if problems := problems_in(policy, school_name, is_new=is_new):
        raise _refused(text, file_name, problems)
    return policy


def _beside(text: str, unfilled: Iterable[str], school_name: str, *, is_new: bool) -> list[str]:
    """Return the problems in the valid parts of a document that has invalid values elsewhere.

    Parts with invalid values are replaced by the defaults for this check.
    """
    try:
        given = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return []
    broken = {key_of(each) for each in unfilled} | _broken(given)
    usual = tomllib.loads(default_document("X", "x@example.ac.uk", dt.date(2026, 1, 1), _USUAL))
    whole = {key: each for key, each in given.items() if key not in broken}
    whole |= {key: usual[key] for key in usual if key in broken or key in _NEEDED - given.keys()}
    try:
        policy: SchoolPolicy = _Document.model_validate(whole).record()
    except pydantic.ValidationError:
        return []
    found = problems_in(policy, school_name, is_new=is_new)
    return [each for each in found if not rests_on(each, broken)]


def _broken(given: dict[str, Any]) -> set[str]:
    try:
        _Document.model_validate(given)
    except pydantic.ValidationError as error:
        return {str(each["loc"][0]) for each in error.errors(include_url=False) if each["loc"]}
    return set()


_NEEDED = frozenset({"school", "approval"})
_USUAL = tuple(Marker(family, ("example",)) for family in MarkerFamily)


def load(text: str, file_name: str) -> SchoolPolicy:
    """Parse a published policy document, without checking it as a whole again.

    Newer checks apply only to the next version. Raises ``PolicyProblems``.
    """
    try:
        policy: SchoolPolicy = _Document.model_validate(tomllib.loads(text)).record()
    except tomllib.TOMLDecodeError as error:
        problems = [f"this is not valid TOML: {error}"]
    except pydantic.ValidationError as error:
        problems = [_sentence(each) for each in error.errors(include_url=False)]
    else:
        return policy
    raise _refused(text, file_name, problems)


def _unfilled(text: str) -> list[str]:
    """Return the problems of all values that only the school can fill in."""
    try:
        return list(to_fill_in(tomllib.loads(text)))
    except tomllib.TOMLDecodeError:
        return []  # ``load`` says what is wrong with it


def _refused(text: str, file_name: str, problems: Iterable[str]) -> PolicyProblems:
    return PolicyProblems(_placed(text, file_name, problems))


def _placed(text: str, file_name: str, problems: Iterable[str]) -> list[str]:
    return [f"{_place(text, file_name, problem)}: {problem}" for problem in problems]


def parse_to_publish(text: str, file_name: str) -> SchoolPolicy:
    """Parse and check a document that is to be published as a new version.

    Unlike ``parse``, this also checks that students are told of it by routes that Lantern knows.

    Raises:
        PolicyProblems: with all problems, each beginning with the file name.
    """
    return _parse(text, file_name, "", is_new=True)


def _place(text: str, file_name: str, problem: str) -> str:
    """Return the file, and the line of the key with which a problem begins."""
    line = line_number(text, problem)
    return file_name if line is None else f"{file_name}, line {line}"


def default_document(
    school: str, mailbox: str, effective: dt.date, markers: Iterable[Marker]
) -> str:
    """Return a starting policy: the initial rules, at their default thresholds."""
    known: dict[str, Value] = {
        "school": school,
        "approval.approved_by": "Example: replace before use",
        "approval.effective": effective,
        "approval.published": ("student handbook", "module pages"),
        "outreach.mailbox": mailbox,
    }
    return new_document(known, markers)


def _switched_on(rules: pydantic.BaseModel) -> tuple[Rule, ...]:
    return tuple(rule for _, rule in rules if rule is not None)


def _thresholds(rule: type[Any]) -> type[Table]:
    """Return the rule's table with every threshold optional and without defaults."""
    hints = get_type_hints(rule, include_extras=True)
    given = {each.name: (shape_of(hints[each.name]) | None, None) for each in fields(rule)}
    made: type[Table] = pydantic.create_model(rule.__name__, __base__=Table, **given)  # type: ignore[call-overload]
    return made


def _changed(rules: pydantic.BaseModel) -> tuple[RuleChange, ...]:
    return tuple(
        RuleChange(name, tuple(sorted(table.model_dump(exclude_unset=True).items())))
        for name, table in rules
        if table is not None
    )


_changes: dict[str, Any] = {rule.NAME: (_thresholds(rule) | None, None) for rule in RULES}
_Changes = pydantic.create_model("Changes", __base__=Table, **_changes)
_Override = record_table(Override, rules=Annotated[_Changes, pydantic.AfterValidator(_changed)])
_overrides = Annotated[
    list[Annotated[_Override, pydantic.AfterValidator(Table.record)]],  # type: ignore[valid-type]
    pydantic.AfterValidator(tuple),
]
_rule_tables: dict[str, Any] = {rule.NAME: (shape_of(rule) | None, None) for rule in RULES}
_Rules = pydantic.create_model("Rules", __base__=Table, **_rule_tables)
_Document = record_table(
    SchoolPolicy,
    rules=Annotated[_Rules, pydantic.AfterValidator(_switched_on)],
    overrides=_overrides,
)


def _sentence(error: ErrorDetails) -> str:
    """Return one of pydantic's errors as a sentence that a colleague can act on."""
    path, kind = _path(error["loc"]), error["type"]
    if kind == "missing":
        return f"{path} is missing; it has to be given"
    if kind == "extra_forbidden":
        return f"{path} is not a setting; {_nearest(error['loc'])}"
    if kind == "value_error":
        return f"{path}.{error['ctx']['error']}"
    allowed = error["msg"] if kind == NOT_ALLOWED else _CONTAINERS[kind]
    return f"{path} is {_shown(error['input'])}; allowed is {allowed}"


_CONTAINERS = {
    "model_type": "a table of settings",
    "list_type": "a list in square brackets",
}


def _nearest(loc: tuple[str | int, ...]) -> str:
    *above, key = loc
    keys = _Document.keys_at(above)
    near = get_close_matches(str(key), keys, n=1)
    return f"did you mean {near[0]}?" if near else f"allowed here is {listed(sorted(keys))}"


def _path(loc: tuple[str | int, ...]) -> str:
    """Return a path such as ``calendar.terms[2].first``; list entries count from 1."""
    keys = "".join(f"[{key + 1}]" if isinstance(key, int) else f".{key}" for key in loc)
    return keys.removeprefix(".")


def _shown(value: object) -> str:
    """Return a value roughly as written in the document."""
    match value:
        case bool():
            return str(value).lower()
        case str():
            return f'"{value}"' if len(value) <= 60 else f'"{value[:60]}…"'
        case list():
            return "a list"
        case dict():
            return "a table"
    return str(value)
