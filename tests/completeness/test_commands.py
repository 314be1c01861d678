"""Every command is in its table once, for the chat and for the command line."""

from __future__ import annotations

import ast
import inspect
from collections import Counter
from collections.abc import Iterator

import pytest
import typer
from typer.main import get_command_name

import worker
from bot import commands
from bot.commands.dispatcher import MODULES
from bot.commands.table import COMMANDS, Call, CommandTable
from bot.interaction import Reply
from tests.completeness.walking import functions_of, modules_of, named, source_of
from worker.cli.main import app

IN_CHAT = 68
ON_THE_COMMAND_LINE = 72


def _is_registration(decorator: ast.expr) -> bool:
    return (
        isinstance(decorator, ast.Call)
        and isinstance(decorator.func, ast.Attribute)
        and isinstance(decorator.func.value, ast.Name)
        and (decorator.func.value.id, decorator.func.attr) == ("COMMANDS", "add")
    )


def _written() -> Iterator[str]:
    """Yield the command names in the source, whether or not a module imports it."""
    for module in modules_of(commands):
        for node in ast.walk(source_of(module)):
            if isinstance(node, ast.FunctionDef):
                for decorator in filter(_is_registration, node.decorator_list):
                    assert isinstance(decorator, ast.Call)
                    name = decorator.args[0]
                    assert isinstance(name, ast.Constant)
                    yield str(name.value)


def test_every_command_that_is_written_is_in_the_table_once() -> None:
    written = Counter(_written())
    assert written == Counter(row.name for row in COMMANDS.rows())
    assert set(written.values()) == {1}
    assert len(written) == IN_CHAT


def test_what_answers_the_chat_imports_every_module_with_commands_itself() -> None:
    """Otherwise a command exists only if another module happens to import it."""
    ours = [each.__name__ for each in MODULES]
    assert {row.run.__module__ for row in COMMANDS.rows()} == set(ours)
    assert len(set(ours)) == len(ours)


def test_every_public_function_that_takes_a_call_alone_is_a_command() -> None:
    runs = {row.run for row in COMMANDS.rows()}
    forgotten = [
        named(each)
        for each in functions_of(commands)
        if not each.__name__.startswith("_")
        and inspect.signature(each).return_annotation == "Reply"
        and [p.annotation for p in inspect.signature(each).parameters.values()] == ["Call"]
        and each not in runs
    ]
    assert forgotten == []
    assert len(runs) == IN_CHAT, "no function stands behind two names"


def test_a_second_command_of_a_name_is_refused() -> None:
    table = CommandTable()
    table.add("take", "Look after a case.", "take LANG-12")(_first)
    for name in ("take", "Take"):
        with pytest.raises(ValueError, match=name):
            table.add(name, "Another.", "take")(_second)
    assert [row.run for row in table.rows()] == [_first]


def _first(_call: Call) -> Reply:
    return Reply()


def _second(_call: Call) -> Reply:
    return Reply()


def _typers() -> list[typer.Typer]:
    found = [
        each
        for module in modules_of(worker)
        for each in vars(module).values()
        if isinstance(each, typer.Typer)
    ]
    return list({id(each): each for each in found}.values())


def _lines(group: typer.Typer, before: str = "lantern") -> Iterator[str]:
    for command in group.registered_commands:
        assert command.callback
        yield f"{before} {command.name or get_command_name(command.callback.__name__)}"
    for each in group.registered_groups:
        assert each.typer_instance
        yield from _lines(each.typer_instance, f"{before} {each.name}")


def _reached(group: typer.Typer) -> Iterator[int]:
    yield id(group)
    for each in group.registered_groups:
        assert each.typer_instance
        yield from _reached(each.typer_instance)


def test_every_command_of_the_command_line_is_reached_by_one_name_alone() -> None:
    """Of two commands with one name, typer uses the second and reports nothing."""
    assert Counter(_reached(app)) == Counter(map(id, _typers()))
    lines = Counter(_lines(app))
    assert [line for line, times in lines.items() if times > 1] == []
    assert len(lines) == ON_THE_COMMAND_LINE, sorted(lines)
