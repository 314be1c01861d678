"""Collect all problems of a policy whose single values are valid."""

from __future__ import annotations

import re
from collections.abc import Collection

from store import letters
from store.letters.checks import problems_as_sent
from store.letters.policy_texts import unfit_texts
from store.rules.policies.checks import problems_of
from store.rules.policies.clearing_checks import weak_clearing
from store.rules.policies.policy import SchoolPolicy
from store.rules.policies.publication import publication_problems

_IN_LETTERS = frozenset({"letters", "outreach", "urgent", "services", "calendar"})
"""The parts of a document that appear in letters."""


def problems_in(policy: SchoolPolicy, school_name: str, *, is_new: bool) -> list[str]:
    """Return all problems of a policy whose single values are valid, each once.

    Letters are checked as filled in only if their templates and the values in them are right.
    """
    found = [*problems_of(policy), *letters.letter_problems(policy.letters)]
    in_letters = {key_of(each) for each in found} & _IN_LETTERS
    school = [school_name] if school_name else []
    as_sent = () if in_letters else problems_as_sent(policy, *school)
    unfit = (problem for _, problem in unfit_texts(policy, *school)) if in_letters else ()
    told = publication_problems(policy) if is_new else ()
    weak = (
        () if {key_of(each) for each in found} & {"rules", "overrides"} else weak_clearing(policy)
    )
    return list(dict.fromkeys((*found, *weak, *unfit, *as_sent, *told)))


def key_of(problem: str) -> str:
    """Return the top-level key with which a problem begins; '' for none."""
    found = re.match(r"[a-z_]+(?=[.\[ ])", problem)
    return found[0] if found else ""


def rests_on(problem: str, broken: Collection[str]) -> bool:
    """Return whether a problem may disappear once the invalid parts in ``broken`` are corrected."""
    key = key_of(problem)
    if key in ("letters", "the"):  # a problem of a letter once filled in
        return not _IN_LETTERS.isdisjoint(broken)
    # Rules depend on the families of the markers.
    return key in broken or (key in ("rules", "overrides") and "markers" in broken)
