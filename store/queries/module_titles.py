"""Name modules by title in texts for people, since most readers do not know the codes."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence

import sqlalchemy as sa

from store.db.batches import chunks
from store.tables import modules

_TITLES = sa.select(modules.c.code, modules.c.title).where(
    modules.c.code.in_(sa.bindparam("codes", expanding=True))
)


def module_titles(connection: sa.Connection, codes: Collection[str]) -> dict[str, str]:
    """Map each code to its module's title, or to itself where the roster has none.

    Where two of these modules share a title, the code is added to it.
    """
    found = dict.fromkeys(codes, "")
    for part in chunks(sorted(set(codes))):
        found |= dict(connection.execute(_TITLES, {"codes": part}).all())
    return names_of(found)


def names_of(titles: Mapping[str, str]) -> dict[str, str]:
    """Map each code to how its module is named, like ``module_titles``; ``titles`` may be ''."""
    found = {code: title.strip() for code, title in titles.items() if title.strip()}
    shared = {title for title, times in Counter(found.values()).items() if times > 1}
    return {
        code: f"{found[code]} ({code})" if found.get(code) in shared else found.get(code, code)
        for code in titles
    }


def by_title(connection: sa.Connection, said: Sequence[tuple[str | None, str]]) -> list[str]:
    """Return each sentence with its module's code replaced by the title.

    ``said`` are (code, sentence) in order; None for a sentence about no module in particular.
    """
    titles = module_titles(connection, {code for code, _ in said if code})
    return [titled(sentence, code, titles) for code, sentence in said]


def titled(sentence: str, code: str | None, titles: Mapping[str, str]) -> str:
    """Return the sentence with the module's code replaced by its name in ``titles``."""
    title = titles.get(code or "", "")
    if not code or title == code:
        return sentence
    return re.sub(rf"(?<!\w){re.escape(code)}(?!\w)", lambda _: title, sentence)
