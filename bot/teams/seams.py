"""Where other parts of Lantern take over from Teams."""

from __future__ import annotations

from dataclasses import dataclass

from bot.teams.extension import AddToCase, as_note
from bot.teams.students import Heard, nobody_listens


@dataclass(frozen=True, slots=True)
class Seams:
    """``add_to_case`` says which command keeps a message; ``heard`` takes up what students say."""

    add_to_case: AddToCase = as_note
    heard: Heard = nobody_listens
