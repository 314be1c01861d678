"""Makes one function fail for one item, to test what happens to the others."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest


class Fault:
    """Makes one function fail for the first item that it is called with."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.is_on = True
        self._patch = monkeypatch
        self._first: object = None

    def is_instead(self, place: ModuleType | type, name: str, does: Callable[..., object]) -> None:
        """Have ``does`` called in place of a function."""
        self._patch.setattr(place, name, does)

    def at(self, place: ModuleType | object, name: str, thing: Callable[..., object]) -> None:
        """Make this function fail. ``thing`` returns which item a call is about."""
        real = getattr(place, name)

        def faulty(*args: Any, **kwargs: Any) -> Any:
            this = thing(*args, **kwargs)
            self._first = self._first or this
            if self.is_on and this == self._first:
                raise ValueError("Dana Dvorak, dana@students.example.ac.uk")
            return real(*args, **kwargs)

        self._patch.setattr(place, name, faulty)
