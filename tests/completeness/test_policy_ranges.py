"""The range in a refusal is the range that is accepted, for every figure of a policy."""

from __future__ import annotations

import datetime as dt
import re

import pytest

from store.policies.document import PolicyProblems, parse_to_publish
from store.policies.new_document import Value, new_document
from store.rules.errors import InvalidInput
from store.rules.flag_rules import RULES
from store.rules.flag_rules.base import Limits, limits_of
from store.rules.policies.draft import drafted, figures_of
from store.rules.policies.policy import SchoolPolicy
from tests.completeness.test_policy_keys import KEYS, OFF

KNOWN: dict[str, Value] = {
    "school": "GLAS",
    "approval.approved_by": "Edgar Ember, engagement lead",
    "approval.effective": dt.date(2026, 9, 1),
    "approval.published": ("student handbook", "welcome email"),
    "outreach.mailbox": "languages@glass.example",
}
_PARTS = OFF.sub("", new_document(KNOWN)).split("\n\n")
WHOLE = re.sub(
    r'"FILL IN[^"]*"',
    '"example"',
    "\n\n".join(part for part in _PARTS if not re.search(r"\[\[(letters|words|overrides)", part)),
)
FIGURES = {
    path: found[1]
    for path, (_, hint) in KEYS.items()
    if (found := getattr(hint, "__metadata__", None) and (hint.__origin__, hint.__metadata__[0]))
    and isinstance(found[1], Limits)
    and found[0] in (int, float)
}


def _refusal(path: tuple[str, ...], value: float) -> str:
    """Return the refusal of this figure in a new version; '' if it is accepted."""
    *above, key = path
    table = rf"^\[+{re.escape('.'.join(above))}\]+$"
    heading = re.search(table, WHOLE, re.MULTILINE) if above else None
    start = heading.end() if heading else 0
    line, now = rf"(?m)^{key} = .*$", f"{key} = {value:g}"
    head, (changed, times) = WHOLE[:start], re.subn(line, now, WHOLE[start:], count=1)
    assert times, path
    try:
        parse_to_publish(head + changed, "x")
    except PolicyProblems as refused:
        return " ".join(refused.problems)
    return ""


def test_the_document_itself_is_accepted() -> None:
    assert len(FIGURES) > 40
    assert not _refusal(("views_needed",), 1)


@pytest.mark.parametrize("path", FIGURES, ids=".".join)
def test_each_end_of_the_range_that_is_named_is_accepted(path: tuple[str, ...]) -> None:
    """``clear_after_days = 1`` was answered "2 to 60", and then 2 was refused."""
    limits = FIGURES[path]
    for beyond in (limits.least - 1, limits.most + 1):
        said = _refusal(path, beyond)
        named = re.search(r"number from (\S+) to ([\d.]+)(?:, and (\w.*? \w+))?", said)
        assert named, said
        for end in named.group(1, 2):
            refused = _refusal(path, float(end.rstrip(".")))
            # The first sentence also gave the limit that depends on another setting.
            assert not refused or (named[3] and named[3].split()[-1] in refused), (said, refused)


def test_a_simulation_names_the_same_ranges() -> None:
    policy = parse_to_publish(WHOLE, "x")
    kinds = {rule.NAME: limits_of(rule) for rule in RULES} | {"": limits_of(SchoolPolicy)}
    for figure in figures_of(policy):
        rule, _, key = figure.key.rpartition(".")
        kind, limits = kinds[rule][key]
        with pytest.raises(InvalidInput, match=re.escape(limits.named(kind))):
            drafted(policy, {figure.key: str(limits.least_now - 1)})
