"""A value with a label, which is how it reads in a sentence."""

from __future__ import annotations

import re
from enum import StrEnum

_BETWEEN_WORDS = re.compile(r"(?<!^re)-")


class Word(StrEnum):
    """A value with a label, which is how it reads in a sentence."""

    @property
    def label(self) -> str:
        """Return the value in words: ``in contact`` for ``in-contact``, but ``re-engaged``."""
        return _BETWEEN_WORDS.sub(" ", self.value)
