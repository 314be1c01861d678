"""Search of a package for its modules, functions and classes, whatever their names and depth."""

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
    """Import and return the package and all modules in it.

    Modules that alembic runs are left out: they are scripts, and no module imports them.
    """
    inside = pkgutil.walk_packages(package.__path__, f"{package.__name__}.", onerror=_refuse)
    names = [each.name for each in inside if not each.name.startswith(_SCRIPTS)]
    return (package, *(importlib.import_module(name) for name in names))


def source_of(module: ModuleType) -> ast.Module:
    """Return the syntax tree of the module's file."""
    assert module.__file__
    return ast.parse(Path(module.__file__).read_text(encoding="utf-8"))


def functions_of(package: ModuleType) -> Iterator[Callable[..., Any]]:
    """Yield every function that a module of the package defines, except methods."""
    for module in modules_of(package):
        for each in vars(module).values():
            if inspect.isfunction(each) and each.__module__ == module.__name__:
                yield each


def classes_of(*packages: ModuleType) -> Iterator[type]:
    """Yield every class that a module of the packages defines."""
    for package in packages:
        for module in modules_of(package):
            for each in vars(module).values():
                if inspect.isclass(each) and each.__module__ == module.__name__:
                    yield each


def named(function: Callable[..., Any]) -> str:
    """Return a function's module and name, for the message of a test."""
    return f"{function.__module__}.{function.__qualname__}"


def _refuse(name: str) -> None:
    raise ImportError(f"{name} cannot be imported")
