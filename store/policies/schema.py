"""Derive the tables of a document from frozen records: each field is a key, checked by its type.

A table may hold the record's fields: numbers and texts within their ``Limits``, words of an
enumeration, dates, times, lists and tables of these. A new field of a rule or a policy can
therefore be set in a school's document at once.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import MISSING, Field, fields, is_dataclass
from enum import StrEnum
from types import UnionType
from typing import Annotated, Any, ClassVar, get_args, get_origin, get_type_hints

import pydantic
from pydantic_core import PydanticCustomError

from store.rules.flag_rules.base import Limits

NOT_ALLOWED = "not_allowed"
"""The type of errors whose message is what is allowed."""


class Table(pydantic.BaseModel):
    """The pydantic model of one table of the document. ``record`` builds its frozen record."""

    model_config = pydantic.ConfigDict(extra="forbid", strict=True)
    RECORD: ClassVar[type[Any]]

    def record(self) -> Any:
        """Build the frozen record. Raises ``ValueError`` where its values contradict each other."""
        return self.RECORD(**{name: getattr(self, name) for name in type(self).model_fields})

    @classmethod
    def keys_at(cls, path: Sequence[str | int]) -> list[str]:
        """Return the keys allowed in the table at this path below this one."""
        table = cls
        for key in path:
            if isinstance(key, str):
                table = _table_in(table.model_fields[key].annotation) or table
        return list(table.model_fields)


def record_table(record: type[Any], **instead: Any) -> type[Table]:
    """Return the table model for a record. ``instead`` has types for special fields."""
    hints = get_type_hints(record, include_extras=True)
    shapes = {
        each.name: (instead.get(each.name) or _shape_of_field(each, hints), _default(each))
        for each in fields(record)
        if each.init
    }
    made: type[Table] = pydantic.create_model(record.__name__, __base__=Table, **shapes)  # type: ignore[call-overload]
    made.RECORD = record
    return made


def shape_of(hint: Any) -> Any:
    """Return the pydantic type for a document's value of this Python type."""
    origin, inner = get_origin(hint), get_args(hint)
    if origin is UnionType:
        return shape_of(inner[0]) | None
    if origin is Annotated:
        return _text(inner[1]) if inner[0] is str else _number(inner[0], inner[1])
    if origin in (tuple, frozenset):
        return Annotated[list[shape_of(inner[0])], pydantic.AfterValidator(origin)]  # type: ignore[misc]
    if is_dataclass(hint) and isinstance(hint, type):
        return Annotated[record_table(hint), pydantic.AfterValidator(Table.record)]
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return _one_of(hint)
    return _PLAIN[hint]


def _shape_of_field(each: Field[Any], hints: Mapping[str, Any]) -> Any:
    """Return the type of a field; a text whose default is '' may also be given as ''."""
    hint = hints[each.name]
    return _TEXT_OR_NONE if hint is str and each.default == "" else shape_of(hint)


def _or_say(allowed: str) -> pydantic.WrapValidator:
    """Replace any error about the value by one that says what is allowed."""

    def check(value: Any, handler: Callable[[Any], Any]) -> Any:
        try:
            return handler(value)
        except (ValueError, TypeError):
            raise PydanticCustomError(NOT_ALLOWED, "{allowed}", {"allowed": allowed}) from None

    return pydantic.WrapValidator(check)


def _number(kind: type[int | float], limits: Limits) -> Any:
    return Annotated[
        kind,
        pydantic.Field(ge=limits.least, le=limits.most),
        _or_say(limits.named(kind)),
    ]


def _text(limits: Limits) -> Any:
    return Annotated[
        str,
        pydantic.StringConstraints(
            strip_whitespace=True, min_length=int(limits.least), max_length=int(limits.most)
        ),
        _or_say(f"text in quotes, of {limits.least} to {limits.most} characters"),
    ]


def _one_of(words: type[StrEnum]) -> Any:
    def word(value: Any) -> StrEnum:
        # From Python 3.13 on the class itself no longer looks like a function of one value.
        return words(value)

    return Annotated[
        words,
        pydantic.BeforeValidator(word),
        _or_say("one of " + ", ".join(word.value for word in words)),
    ]


def _clock(value: Any) -> dt.time:
    if isinstance(value, dt.time):
        return value
    if not re.fullmatch("[0-9]{2}:[0-9]{2}", value):
        raise ValueError
    return dt.time.fromisoformat(value)


def _plain_text(least: int) -> Any:
    return Annotated[
        str,
        pydantic.StringConstraints(strip_whitespace=True, min_length=least, max_length=300),
        _or_say('text in quotes, as in "LANG"'),
    ]


_TEXT_OR_NONE = _plain_text(least=0)
_PLAIN: dict[Any, Any] = {
    bool: Annotated[bool, _or_say("true or false")],
    str: _plain_text(least=1),
    dt.date: Annotated[dt.date, _or_say("a date, as in 2026-09-01")],
    dt.time: Annotated[
        dt.time, pydantic.BeforeValidator(_clock), _or_say('a time in quotes, as in "08:30"')
    ],
}


def _default(each: Field[Any]) -> Any:
    if each.default is not MISSING:
        return each.default
    if each.default_factory is not MISSING:
        return pydantic.Field(default_factory=each.default_factory)
    return ...


def _table_in(shape: Any) -> type[Table] | None:
    """Return the table model in a field, by itself or in a list; None for none."""
    if isinstance(shape, type) and issubclass(shape, Table):
        return shape
    return next(filter(None, map(_table_in, get_args(shape))), None)
