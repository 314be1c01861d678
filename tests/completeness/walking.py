"""What a package holds, however its modules are named and however deep they lie."""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import bot
import integrations
import store
import worker
from store import migrations

PRODUCT = (bot, integrations, store, worker)
_SCRIPTS = f"{migrations.__name__}."


@cache
def modules_of(package: ModuleType) -> tuple[ModuleType, ...]:
    """The package itself and all modules in it, imported.

    What alembic runs is left out: its modules are scripts, and nothing imports them.
    """
    inside = pkgutil.walk_packages(package.__path__, f"{package.__name__}.", onerror=_refuse)
    names = [each.name for each in inside if not each.name.startswith(_SCRIPTS)]
    return (package, *(importlib.import_module(name) for name in names))


def source_of(module: ModuleType) -> ast.Module:
    """What stands in the module's file."""
    assert module.__file__
    return ast.parse(Path(module.__file__).read_text(encoding="utf-8"))


def functions_of(package: ModuleType) -> Iterator[Callable[..., Any]]:
    """Every function that a module of the package defines, methods aside."""
    for module in modules_of(package):
        for each in vars(module).values():
            if inspect.isfunction(each) and each.__module__ == module.__name__:
                yield each


def classes_of(*packages: ModuleType) -> Iterator[type]:
    """Every class that a module of the packages defines."""
    for package in packages:
        for module in modules_of(package):
            for each in vars(module).values():
                if inspect.isclass(each) and each.__module__ == module.__name__:
                    yield each


def named(function: Callable[..., Any]) -> str:
    """Where it stands, for the message of a test."""
    return f"{function.__module__}.{function.__qualname__}"


def _refuse(name: str) -> None:
    raise ImportError(f"{name} cannot be imported")
