"""What a package holds, however its modules are named and however deep they lie."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from functools import cache
from types import ModuleType
from typing import Any

import bot
import integrations
import store
import worker

PRODUCT = (bot, integrations, store, worker)


@cache
def modules_of(package: ModuleType) -> tuple[ModuleType, ...]:
    """The package itself and all modules in it, imported; migration steps have no imports."""
    inside = pkgutil.walk_packages(package.__path__, f"{package.__name__}.", onerror=_refuse)
    names = [each.name for each in inside if "versions" not in each.name.split(".")]
    return (package, *(importlib.import_module(name) for name in names))


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
